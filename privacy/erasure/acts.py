"""The deed on the rows of one model: lock, judge anew, write the journal, act. Planning and following up use it too."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from privacy import inventory
from privacy.erasure import ports
from privacy.erasure.cases import Case
from privacy.erasure.erasers import Eraser, holdable, is_special
from privacy.erasure.judging import judged
from privacy.erasure.verdicts import Deed, Verdict
from privacy.models import Remainder


def act(eraser: Eraser, case: Case, *, plan: str, keys: Sequence[Any] | None = None) -> int:
    """Erases, narrows or restricts the person's rows of one model, in the caller's transaction; how many changed.

    `keys`: only these rows. Holds, disputes and whatever else came since the plan are judged here, under the locks.
    """
    found = eraser.found(case) if keys is None else list(keys)
    verdicts = judged(eraser, eraser.lock(found), case) if found else {}
    if not verdicts:
        return 0
    destroyed = _destroyed(eraser, verdicts)
    if destroyed:
        ports.journal().write("erasure", person=case.person, rows={eraser.label: destroyed}, plan=plan)
    count = eraser.carry_out(verdicts, case)
    _remember(eraser, verdicts)
    return count


def _destroyed(eraser: Eraser, verdicts: Mapping[Any, Verdict]) -> list[Any]:
    """The rows that lose something by this: not those that are kept as they are, or were narrowed before."""
    touched = {key: each for key, each in verdicts.items() if each.deed is not Deed.REFUSED}
    changing = [key for key, verdict in touched.items() if not verdict.is_whole]
    kept = [key for key in changing if verdicts[key].deed is Deed.RESTRICTED]
    declaration = inventory.declaration_of(eraser.model)
    if not kept or declaration is None or not declaration.restricted:
        return changing
    marks = {f"{declaration.restricted}__isnull": False}
    before = set(QuerySet[Any](eraser.model).filter(pk__in=kept, **marks).values_list("pk", flat=True))
    if before:
        whole = Remainder.objects.filter(model=eraser.label, object_id__in=[str(key) for key in before])
        before -= {eraser.model._meta.pk.to_python(key) for key in whole.values_list("object_id", flat=True)}
    return [key for key in changing if key not in before]


def _remember(eraser: Eraser, verdicts: Mapping[Any, Verdict]) -> None:
    """Keeps in mind what stays whole for now, and forgets what no longer does."""
    if not is_special(eraser.model) and eraser.label not in holdable():
        return
    whole = {str(key): verdict for key, verdict in verdicts.items() if verdict.is_whole}
    rest = [str(key) for key in verdicts if str(key) not in whole]
    if whole:
        Remainder.objects.bulk_create(
            [
                Remainder(model=eraser.label, object_id=key, why=(verdict.ground or verdict.how)[:120])
                for key, verdict in whole.items()
            ],
            update_conflicts=True,
            unique_fields=["model", "object_id"],
            update_fields=["why", "looked_at"],
        )
    Remainder.objects.filter(model=eraser.label, object_id__in=rest).delete()
