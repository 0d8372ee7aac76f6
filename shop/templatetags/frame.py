"""The frame of every page: head, header and footer, which are the same for everybody in a country.

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

#: On what depends what they say to everybody.
SHARED = [template.Variable(each) for each in ("store_name", "place")]

Parts = dict[str, SafeString]
_kept: dict[str, dict[tuple[str, ...], Parts]] = {}


@register.simple_tag(takes_context=True)
def frame(context: template.Context, name: str) -> SafeString:
    """Renders a part of the frame, or gives what was rendered before."""
    known = context.render_context
    if "frame" not in known:
        known["frame"] = _parts(context)
    parts: Parts | None = known["frame"]
    if parts is None:
        return _rendered(context, name)
    if name not in parts:
        parts[name] = _rendered(context, name)
    return parts[name]


def _parts(context: template.Context) -> Parts | None:
    """The parts that are kept for a page like this, found once a page; None where nothing may be kept.

    The version is read before anything is rendered, as for pages that are kept whole.
    """
    version = None if any(context.get(each) for each in OWN) else page_version.current()
    if version is None:
        return None
    if version not in _kept:
        _kept.clear()
    key = tuple(str(each.resolve(context)) for each in SHARED)
    return _kept.setdefault(version, {}).setdefault(key, {})


def _rendered(context: template.Context, name: str) -> SafeString:
    return get_template(name).template.render(context)  # type: ignore[attr-defined]  # Django's own engine
