"""`{% url %}` in every template: Django's own, with addresses that never change looked up once.

The header alone names a dozen; looking each up anew costs more than all else a page says. Loaded by the settings, in
place of Django's.
"""

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

register = template.Library()


class FixedAddress(template.Node):
    """An address that has a name and nothing else."""

    child_nodelists = ()

    def __init__(self, name: str, variable: str | None) -> None:
        self.name, self.variable = name, variable

    def render(self, context: template.Context) -> SafeString:
        address = _address(self.name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
        if self.variable is None:
            return address
        context[self.variable] = address
        return SafeString("")


@register.tag
def url(parser: Parser, token: Token) -> template.Node:
    """As Django's tag: https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#url."""
    made: URLNode = parse(parser, token)
    name: Any = made.view_name.var
    is_fixed = isinstance(name, str) and ":" not in name and not (made.args or made.kwargs or made.view_name.filters)
    return FixedAddress(name, made.asvar) if is_fixed else made


@lru_cache(maxsize=500)
def _address(name: str, urlconf: str, _prefix: str) -> SafeString:
    return conditional_escape(reverse(name, urlconf))
