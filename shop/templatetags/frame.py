"""The frame of every page: header and footer, which are the same for everybody in a country.

Pages of the catalog are kept whole (`config.page_cache`). All others are made for one visitor; of those the frame is
kept here, in this process, under the version of what everybody sees. While Redis is away nothing is kept.
"""

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString

from privacy import page_version

register = template.Library()
#: What a header marks or repeats: a page with one of these has a header of its own.
OWN = ("category", "product", "query")

#: What they say to everybody in a country.
SHARED = [template.Variable(each) for each in ("store_name", "currency", "country_name", "tax_note")]

Key = tuple[str, ...]
_kept: dict[str, dict[Key, SafeString]] = {}


@register.simple_tag(takes_context=True)
def frame(context: template.Context, name: str) -> SafeString:
    """Renders a part of the frame, or gives what was rendered before."""
    version = None if any(context.get(each) for each in OWN) else _version(context)
    if version is None:
        return _rendered(context, name)
    key = (name, *(str(each.resolve(context)) for each in SHARED))
    parts = _kept.get(version)
    if parts is None:
        _kept.clear()
        parts = _kept[version] = {}
    if key not in parts:
        parts[key] = _rendered(context, name)
    return parts[key]


def _version(context: template.Context) -> str | None:
    """The version in force, asked once a page. It is read before the part is rendered, as for pages that are kept."""
    known = context.render_context
    if "page_version" not in known:
        known["page_version"] = page_version.current()
    return known["page_version"]


def _rendered(context: template.Context, name: str) -> SafeString:
    return get_template(name).template.render(context)  # type: ignore[attr-defined]  # Django's own engine
