"""Pages that a manager writes as plain text, every version kept, and how that text becomes HTML."""

import re
from itertools import groupby

from django.db import transaction
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from privacy.prepared_queries import PreparedQuery, Slot
from shop.models import Page, PageVersion

_CURRENT = PreparedQuery(
    lambda: PageVersion.objects.select_related("page").filter(page__slug=Slot("slug")).order_by("-number")[:1]
)
_LINK = re.compile(r"\[([^\]\n]+)\]\(((?:https://|mailto:|/(?![/\\]))[^\s()]*)\)")


def current(slug: str) -> PageVersion:
    """The text in force of a page, with its page. Raises PageVersion.DoesNotExist."""
    version = _CURRENT.first(slug=slug)
    if version is None:
        raise PageVersion.DoesNotExist(f"The page {slug} has no text.")
    return version


def publish(slug: str, title: str, body: str) -> PageVersion:
    """Puts a text in force: a new version where it differs from the last one, which is given back otherwise.

    A page that isn't there is made. The title belongs to the page and has no versions.
    """
    text = body.replace("\r\n", "\n").strip()
    with transaction.atomic():
        Page.objects.get_or_create(slug=slug, defaults={"title": title})
        page = Page.objects.select_for_update().get(slug=slug)
        if page.title != title:
            page.title = title
            page.save(update_fields=["title"])
        last = page.versions.first()
        if last is not None and last.body == text:
            return last
        return PageVersion.objects.create(page=page, number=last.number + 1 if last else 1, body=text)


def render(body: str) -> SafeString:
    """Plain text as HTML: paragraphs, `## headings`, lists of `- items`, `[links](https://...)`; all else is text."""
    lines = body.replace("\r\n", "\n").split("\n")
    parts = (part for kind, group in groupby(lines, _kind) for part in _KINDS[kind](list(group)))
    return format_html_join("\n", "{}", ((part,) for part in parts))


def _kind(line: str) -> str:
    if not line.strip():
        return "gap"
    return next((kind for kind in ("## ", "- ") if line.startswith(kind)), "words")


def _paragraph(lines: list[str]) -> list[SafeString]:
    return [format_html("<p>{}</p>", inline(" ".join(line.strip() for line in lines)))]


def _headings(lines: list[str]) -> list[SafeString]:
    return [format_html("<h2>{}</h2>", inline(line[3:].strip())) for line in lines]


def _list(lines: list[str]) -> list[SafeString]:
    items = format_html_join("", "<li>{}</li>", ((inline(line[2:].strip()),) for line in lines))
    return [format_html("<ul>{}</ul>", items)]


_KINDS = {"words": _paragraph, "## ": _headings, "- ": _list, "gap": lambda _lines: []}


def inline(text: str) -> SafeString:
    """`text` escaped, with its links. Only https, mailto and addresses of this shop become links."""
    parts, end = [], 0
    for link in _LINK.finditer(text):
        parts += [escape(text[end : link.start()]), format_html('<a href="{}">{}</a>', link[2], link[1])]
        end = link.end()
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308  (every part was escaped above)
