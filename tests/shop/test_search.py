import pytest
from django.core.paginator import EmptyPage

from shop import search
from shop.demo.load import load
from shop.models import Product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalog() -> None:
    load()


def found(query: str) -> list[str]:
    result = search.find(query, 1, "EUR")
    assert result is not None
    return [product.slug for product in result.page]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("gridtrace", "gridtrace"),
        ("Gridtrase", "gridtrace"),
        ("pivotsmth", "pivotsmith"),
        ("plan", "planwright"),
        ("costlien", "costline"),
        ("vault register", "vault-register"),
        ("runbok", "runbook-desk"),
        ("compares workbooks", "sheetdiff"),
        ("compare two databases", "schemastep"),
    ],
)
def test_the_best_match_comes_first(query: str, best: str) -> None:
    assert found(query)[0] == best


def test_the_words_of_a_description_are_found() -> None:
    assert "gridtrace" in found('"hidden sheets"')


def test_a_word_can_be_left_out() -> None:
    assert "gridtrace" in found("workbook")
    assert "gridtrace" not in found("workbook -LAMBDA")


def test_withdrawn_products_are_not_found() -> None:
    Product.objects.filter(slug="gridtrace").update(is_published=False)
    assert "gridtrace" not in found("gridtrace")


def test_a_guess_says_so() -> None:
    assert [search.find(query, 1, "EUR").is_guess for query in ("gridtrase", "gridtrace")] == [True, False]  # type: ignore[union-attr]


@pytest.mark.parametrize("query", ["", "   ", "\x00", "\x00\t\n \x1f"])
def test_an_empty_query_is_no_search(query: str) -> None:
    assert search.find(query, 1, "EUR") is None


def test_control_characters_part_words() -> None:
    assert search.clean(" a\x00b \t\n c\x7f ") == "a b c"


def test_a_long_query_is_cut() -> None:
    result = search.find("excel " * 1000, 1, "EUR")
    assert result is not None
    assert (len(result.text), result.is_cut) == (search.LONGEST, True)


@pytest.mark.parametrize("query", ["'", "\\", "%", "a:b & !c | (", "'; DROP TABLE shop_product; --", "😀", "مرحبا"])
def test_signs_are_only_text(query: str) -> None:
    assert search.find(query, 1, "EUR") is not None


def test_a_page_that_is_not_there() -> None:
    with pytest.raises(EmptyPage):
        search.find("excel", 2, "EUR")
