"""Words that managers give to mails: a subject and an introduction, in a language that can do one thing.

`{{ name }}` stands for a value of the mail, and nothing else is understood: no tags, filters, attributes or calls.
Nothing is compiled or evaluated; the values are put in by one substitution, after which the text is never read again,
and templates escape it like any other. What a kind of mail has for values are the texts of its sample
(`privacy.mail_samples`), without links and codes: those stand in the mail's own part and open something.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings

from privacy import clock
from privacy.models import MailWording

if TYPE_CHECKING:
    from privacy.mails import Mail

log = structlog.get_logger(__name__)
LONGEST_SUBJECT, LONGEST_INTRO = 150, 2000
#: Of a subject with its values in it, which a customer may have written.
LONGEST_FILLED = 250
_NAME = re.compile(r"\{\{ *([a-z][a-z0-9_]*) *\}\}")
#: What reads like code in a template language of this world, wherever it came from.
_CODE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|\$\{|<%|%>|<\?")
#: Signs that aren't seen and move or hide others: controls, marks of direction, spaces without width, tags.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    r"\U000e0000-\U000e007f]"
)
#: Values that open something, by their names; an address of a page counts as well, and whatever holds one of ours.
_SECRET = re.compile(r"(?:^|_)(?:url|link|code|token|key|keys|password|instructions)(?:_|$)")


class WrongWording(Exception):
    """A subject or introduction that can't be used; the text is a sentence for whoever wrote it."""


def values_of(mail: "Mail") -> dict[str, str]:
    """The values that a mail offers to its subject and introduction, by name."""
    found = {name: str(value) for name, value in mail.context.items() if _is_offered(name, value)}
    for name, row in mail.context.items():
        number = getattr(row, "number", None)
        if isinstance(number, str):
            found[f"{name}_number"] = number
    return found | {"store_name": settings.STORE_NAME, "support_email": settings.SUPPORT_EMAIL}


def _is_offered(name: str, value: object) -> bool:
    is_plain = isinstance(value, (str, int)) and not isinstance(value, bool)
    opens = bool(_SECRET.search(name)) or "://" in str(value)[:9] or settings.SITE_URL in str(value)
    return is_plain and name != "language" and not opens


def check(text: str, values: Mapping[str, str], *, is_line: bool) -> None:
    """Raises WrongWording where `text` holds anything but words and `{{ name }}` of these values.

    `is_line`: it is a subject, one line that isn't only blanks.
    """
    longest = LONGEST_SUBJECT if is_line else LONGEST_INTRO
    if len(text) > longest:
        raise WrongWording(f"Write at most {longest:,} characters.")
    if _CONTROLS.search(text) or (is_line and re.search(r"[\r\n]", text)):
        raise WrongWording("Write one line without invisible signs." if is_line else "Leave invisible signs out.")
    unknown = [name for name in _NAME.findall(text) if name not in values]
    if unknown:
        raise WrongWording(f"This mail has no {{{{ {unknown[0]} }}}}. It has {_listed(values)}.")
    if found := _CODE.search(_NAME.sub("", text)):
        raise WrongWording(
            f"“{found[0]}” isn’t understood here: a value stands as {{{{ name }}}}, and nothing else is carried out. "
            f"This mail has {_listed(values)}."
        )


def _listed(values: Mapping[str, str]) -> str:
    return ", ".join(f"{{{{ {name} }}}}" for name in sorted(values))


def filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with the values in their places. Raises WrongWording for what `check` refuses, line ends apart."""
    check(text, values, is_line=False)
    return _NAME.sub(lambda found: values[found[1]], text)


def of(kind: str, language: str) -> MailWording | None:
    """What managers wrote over this kind in this language, if they did."""
    return MailWording.objects.filter(kind=kind, language=language).first()


def language_of(mail: "Mail") -> str:
    """The language of a mail: English, unless it says otherwise."""
    return str(mail.context.get("language") or "en")


def applied(kind: str, mail: "Mail") -> "Mail":
    """The mail with the managers' words. Words that no longer fit are left out: it goes with the built-in ones."""
    written = of(kind, language_of(mail))
    if written is None:
        return mail
    try:
        return worded(mail, subject=written.subject, intro=written.intro)
    except WrongWording:
        log.warning("wording of a mail doesn't fit", kind=kind)
        return mail


def worded(mail: "Mail", *, subject: str, intro: str) -> "Mail":
    """The mail with these words; empty ones leave the built-in. Raises WrongWording."""
    values = values_of(mail)
    context: dict[str, Any] = dict(mail.context)
    if intro.strip():
        context["intro"] = filled(intro.strip(), values)
    line = one_line(filled(subject, values))[:LONGEST_FILLED] if subject.strip() else mail.subject
    return replace(mail, subject=line, context=context)


def one_line(text: str) -> str:
    """A text as a header may have it: one line, without signs that move or hide others."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def write(kind: str, language: str, *, subject: str, intro: str) -> None:
    """Keeps words for a kind, which the caller has checked; empty ones both give the built-in back."""
    if not subject and not intro:
        MailWording.objects.filter(kind=kind, language=language).delete()
        return
    MailWording.objects.update_or_create(
        kind=kind, language=language, defaults={"subject": subject, "intro": intro, "changed_at": clock.now()}
    )
