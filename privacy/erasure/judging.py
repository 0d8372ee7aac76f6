"""Judging a person's rows: legal holds first, then the model's eraser. Planning looks, carrying out locks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from privacy.erasure.cases import Case
from privacy.erasure.erasers import Eraser, holdable
from privacy.erasure.verdicts import Deed, Verdict
from privacy.models import LegalHold


def judged(eraser: Eraser, keys: Sequence[Any], case: Case) -> Mapping[Any, Verdict]:
    """What becomes of each of these rows: one under a legal hold is kept whole until the hold ends."""
    if not keys:
        return {}
    held = held_until(eraser, keys, case.at)
    free = [key for key in keys if key not in held]
    kept = {key: Verdict(Deed.RESTRICTED, "kept whole", "legal hold", end, is_whole=True) for key, end in held.items()}
    return kept | dict(eraser.judge(free, case) if free else {})


def held_until(eraser: Eraser, keys: Sequence[Any], at: datetime) -> dict[Any, datetime | None]:
    """Those of the rows that are under a legal hold, with its end; None for one without an end."""
    if eraser.label not in holdable():
        return {}
    by_text = {str(key): key for key in keys}
    holds = LegalHold.objects.filter(Q(until__isnull=True) | Q(until__gt=at), lifted_at__isnull=True)
    found: dict[Any, datetime | None] = {}
    for object_id, until in holds.filter(model=eraser.label, object_id__in=list(by_text)).values_list(
        "object_id", "until"
    ):
        key = by_text[object_id]
        known = found.get(key, until)
        found[key] = None if known is None or until is None else max(known, until)
    return found
