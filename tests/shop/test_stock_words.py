from collections.abc import Iterable
from types import SimpleNamespace

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from privacy import page_version
from shop import stock, stock_words
from shop.models import Edition
from tests.shop import goods


@pytest.mark.parametrize(
    ("left", "word"), [(None, ""), (11, ""), (10, "Few left"), (1, "Few left"), (0, "Sold out"), (-1, "Sold out")]
)
def test_the_word_for_what_is_left(left: int | None, word: str) -> None:
    assert stock_words.word(Edition(low_pool_at=10), left) == word


@pytest.mark.django_db
def test_only_pools_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    made, pool = goods.edition(), goods.edition(key_source="pool")
    asked: list[int] = []

    def count(ids: Iterable[int]) -> dict[int, int]:
        asked.extend(ids)
        return dict.fromkeys(asked, 0)

    monkeypatch.setattr(stock, "_stock", [SimpleNamespace(left=count)])
    assert stock_words.of([made, pool]) == {made.pk: "", pool.pk: "Sold out"}
    assert asked == [pool.pk]


@pytest.mark.django_db
def test_pages_are_made_anew_only_when_the_word_changes(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    edition = goods.edition(key_source="pool", low_pool_at=2)
    left = {edition.pk: 0}
    monkeypatch.setattr(stock, "_stock", [SimpleNamespace(left=lambda _ids: left)])

    def renewed_with(number: int) -> bool:
        left[edition.pk] = number
        before = page_version.current()
        with django_capture_on_commit_callbacks(execute=True):
            stock_words.changed([edition.pk])
        return page_version.current() != before

    assert [renewed_with(number) for number in (5, 4, 2, 1, 0, 0, 3)] == [True, False, True, False, True, False, True]
