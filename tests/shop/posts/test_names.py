"""Names that could be taken for the shop's, that claim an office, or that nobody can see."""

from typing import Any

import pytest

from shop.posts import names


@pytest.mark.parametrize(
    "name",
    ["AzureOps", "AzureOps support", "The azure ops team", "A z u r e O p s", "Azure-0ps", "AZURE\u00d6PS", "АzureОрs",
     "ａｚｕｒｅｏｐｓ", "Azure\u200bOps", "AzuréOps", "@zure0p$", "AzvreOps"],
)  # fmt: skip
def test_a_name_like_ours_is_known_however_it_is_spelled(name: str) -> None:
    assert names.is_like_ours(name)


@pytest.mark.parametrize("name", ["Azra", "Ops team", "Katja", "Zoë", "Ольга", "名無し", "Controller from Ghent"])
def test_other_names_are_free(name: str) -> None:
    assert not names.is_like_ours(name)
    assert not names.claims_office(name)


def test_of_a_shop_with_a_short_name_the_whole_is_compared(settings: Any) -> None:
    settings.STORE_NAME = "Go"
    assert names.is_like_ours("G0")
    assert not names.is_like_ours("Gordon")


@pytest.mark.parametrize("name", ["Support", "Customer service", "The SUPPORT team", "moderator", "Official answer"])
def test_a_name_that_claims_an_office_is_known(name: str) -> None:
    assert names.claims_office(name)


@pytest.mark.parametrize("text", ["", " ", "\u200b\u200d", "\u2060\ufeff", "\u3164", "\u2800 \u2800", "\U000e0041"])
def test_what_has_no_shape_is_not_seen(text: str) -> None:
    assert not names.is_visible(text)
    assert names.is_visible(f"{text}a")
    assert names.is_visible("👍")
