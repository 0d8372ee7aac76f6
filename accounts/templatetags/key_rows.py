"""The rows of a table of keys. They are drawn here: fifty of them cost a template more than the rest of the page."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString

from accounts.key_cards import KeyCard
from shop.templatetags.parts import badge

register = template.Library()

_SEALED = '<span class="quiet">Not shown yet</span>'


@register.simple_tag
def key_rows(cards: Iterable[KeyCard]) -> SafeString:
    """A row for each card: product, key, state, and what can be done with it."""
    return SafeString("\n".join([_row(card) for card in cards]))


def _row(card: KeyCard) -> str:
    key = escape(card["key"])
    shown = f'<span class="mono">{key}</span>' if key else _SEALED
    return (
        f'<tr id="{card["id"]}"><th scope="row">{escape(card["title"])}<br>'
        f'<span class="small">{escape(card["words"])}</span></th>'
        f'<td>{shown}</td><td>{badge(*card["badge"])}</td><td class="end">{_action(card, key)}</td></tr>'
    )


def _action(card: KeyCard, key: str) -> str:
    hidden = '<span class="hide"> this key</span>'
    if card["open_url"]:
        return f'<a class="link" href="{escape(card["open_url"])}">Show{hidden}</a>'
    if card["state"] == "open":
        return f'<button class="link" type="button" data-copy="{key}" data-script>Copy{hidden}</button>'
    return ""
