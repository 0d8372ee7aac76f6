"""`{% url %}`: what Django's own gives, for fixed addresses and for all others."""

import pytest
from django.template import Context, Template
from django.template.defaulttags import URLNode
from django.urls import NoReverseMatch, set_script_prefix

from shop.templatetags.addresses import FixedAddress


def shown(text: str, **context: object) -> str:
    return Template(text).render(Context(context))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{% url 'cart' %}", FixedAddress),
        ("{% url 'cart' as here %}{{ here }}", FixedAddress),
        ("{% url name %}", URLNode),
        ("{% url 'page' 'terms' %}", URLNode),
        ("{% url 'page' slug='terms' %}", URLNode),
        ("{% url 'admin:index' %}", URLNode),
    ],
)
def test_only_a_name_alone_is_looked_up_once(text: str, kind: type) -> None:
    assert type(Template(text).nodelist[0]) is kind


def test_addresses_are_django_s() -> None:
    assert (
        shown("{% url 'cart' %} {% url name %} {% url 'page' 'terms' %}", name="cart") == "/cart/ /cart/ /pages/terms/"
    )
    assert shown("{% url 'cart' as here %}{{ here }}") == "/cart/"


def test_an_unknown_name_is_an_error_each_time() -> None:
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            shown("{% url 'no-such-page' %}")


def test_a_shop_below_another_path_has_its_own() -> None:
    assert shown("{% url 'cart' %}") == "/cart/"
    set_script_prefix("/shop/")
    try:
        assert shown("{% url 'cart' %}") == "/shop/cart/"
    finally:
        set_script_prefix("/")
    assert shown("{% url 'cart' %}") == "/cart/"
