"""Answers that fit many cases: a few names in braces stand for what the case has."""

import re

from accounts.models import Case, CaseParty

_NAMED = re.compile(r"\{([^{}]*)\}")
NAMES = ("name", "number", "order")


def unknown(text: str) -> list[str]:
    """The names in braces that stand for nothing."""
    return sorted({name for name in _NAMED.findall(text) if name not in NAMES})


def filled(text: str, case: Case, party: CaseParty) -> str:
    """The answer for this case. Only the names are replaced: nothing that is written in it is run."""
    order = case.order.number if case.order else party.stated_order
    values = {"name": party.name or "there", "number": case.number, "order": order or "your order"}
    return _NAMED.sub(lambda found: values.get(found[1], found[0]), text)
