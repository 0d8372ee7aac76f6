"""The rows of a table of keys. They are drawn here: fifty of them cost a template more than the rest of the page."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.key_cards import KeyCard
from shop.templatetags.parts import badge

register = template.Library()

_ROW = (
    '<tr id="{}"><th scope="row">{}<br><span class="small">{}</span></th>'
    '<td>{}</td><td>{}</td><td class="end">{}</td></tr>'
)
_KEY = '<span class="mono">{}</span>'
_NO_KEY = SafeString('<span class="quiet">Not shown yet</span>')
_SHOW = '<a class="link" href="{}">Show<span class="hide"> this key</span></a>'
_COPY = '<button class="link" type="button" data-copy="{}" data-script>Copy<span class="hide"> this key</span></button>'


@register.simple_tag
def key_rows(cards: Iterable[KeyCard]) -> SafeString:
    """A row for each card: product, key, state, and what can be done with it."""
    return format_html_join("\n", _ROW, (_cells(card) for card in cards))


def _cells(card: KeyCard) -> tuple[str, ...]:
    key = card["key"]
    shown = format_html(_KEY, key) if key else _NO_KEY
    return card["id"], card["title"], card["words"], shown, badge(*card["badge"]), _action(card)


def _action(card: KeyCard) -> str:
    if card["open_url"]:
        return format_html(_SHOW, card["open_url"])
    return format_html(_COPY, card["key"]) if card["state"] == "open" else ""
