"""Taking up what a deletion had to leave whole: when a hold has ended, a refund is through, keys are delivered."""

from datetime import timedelta

import structlog
from django.apps import apps
from django.db import transaction
from django.db.models import QuerySet

from privacy import alerts, clock
from privacy.erasure import acts, remembering
from privacy.erasure.cases import Case
from privacy.erasure.erasers import Eraser, for_model
from privacy.models import Remainder
from privacy.people import Person

log = structlog.get_logger(__name__)
#: How often each is asked about.
EVERY = timedelta(minutes=10)


def take_up(limit: int = 200) -> int:
    """Erases or narrows what nothing keeps whole any more; returns how many rows that were."""
    count = 0
    for pk in list(_due().values_list("pk", flat=True)[:limit]):
        try:
            count += _take_up(pk)
        except Exception as error:  # noqa: BLE001  (whatever is wrong with one row, the next is taken up)
            log.warning("remainder not taken up", key=pk, error=type(error).__name__)
            Remainder.objects.filter(pk=pk).update(looked_at=clock.now())
            alerts.raise_alert("erasure_remainder", str(pk), f"Row {pk} that a deletion left whole can't be erased.")
    return count


def _due() -> QuerySet[Remainder]:
    return Remainder.objects.filter(looked_at__lte=clock.now() - EVERY).order_by("looked_at", "id")


@transaction.atomic
def _take_up(pk: int) -> bool:
    remainder = Remainder.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if remainder is None:
        return False
    eraser = for_model(apps.get_model(remainder.model))
    key = eraser.model._meta.pk.to_python(remainder.object_id)
    if not eraser.lock([key]):
        remainder.delete()  # the sweep was there first
        return False
    acts.act(eraser, Case(_person(eraser, key)), plan="remainder", keys=[key])
    if Remainder.objects.filter(pk=pk).update(looked_at=clock.now()):
        return False  # it is kept whole still
    alerts.close_alert("erasure_remainder", str(pk))
    return True


def _person(eraser: Eraser, key: object) -> Person:
    """Whose row it is, as far as the row itself still says it, or its account does."""
    found = remembering.addresses_of(eraser.model, key)
    return Person(frozenset(), frozenset(address.lower() for address in found if address))
