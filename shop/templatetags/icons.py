"""Line icons of 18 by 18, drawn for this shop. They stand beside a word and say nothing of their own."""

from functools import cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

PATHS = {
    "account": "M9 9a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 9zM3 16c.4-3 2.8-4.6 6-4.6s5.6 1.6 6 4.6",
    "cart": "M1.5 2.5h2l2 8.5h7.5l2-6h-10.5M6.5 15a.7.7 0 1 0 .01 0M12.5 15a.7.7 0 1 0 .01 0",
    "check": "M3 9.5l4 4 8-9",
    "close": "M4 4l10 10M14 4L4 14",
    "copy": "M6.5 6.5h9v9h-9zM11.5 6.5v-4h-9v9h4",
    "eye": "M1.5 9S4 4 9 4s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM9 11a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
    "info": "M9 16A7 7 0 1 0 9 2a7 7 0 0 0 0 14zM9 8.5V12.5M9 5.5v.1",
    "minus": "M3.5 9h11",
    "plus": "M3.5 9h11M9 3.5v11",
    "search": "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM12 12l4 4",
    "up": "M9 15.5V3M4 8l5-5 5 5",
    "warning": "M9 2.5L16.5 15.5H1.5zM9 7.5v4M9 13.400v.1",
}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """The icon of this name; a name that isn't drawn is an error of the template."""
    return format_html('<svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="{}"/></svg>', PATHS[name])
