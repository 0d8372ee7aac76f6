"""What refunds and disputes do to keys. The caller has locked the orders of the units; repeating a verb is quiet."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.licenses.issuing import issue
from accounts.models import License, LicenseKey, Suspension
from privacy import clock
from shop import stock_words
from shop.models import Order, OrderUnit

Units = Iterable[OrderUnit]
State = LicenseKey.State
IN_HAND = (State.ASSIGNED, State.SUSPENDED)


@transaction.atomic
def suspend(units: Units, *, reason: str, about: str) -> None:
    """The keys of `units` can't be used until this reason is lifted. `about` names the refund or dispute, by id."""
    keys = _locked(units, IN_HAND)
    Suspension.objects.bulk_create(
        [Suspension(license_key=key, reason=reason, about=about) for key in keys], ignore_conflicts=True
    )
    LicenseKey.objects.filter(pk__in=_ids(keys), state=State.ASSIGNED).update(state=State.SUSPENDED)


@transaction.atomic
def lift(units: Units, *, reason: str, about: str) -> None:
    """Ends this reason; a key on which no other one rests can be used again.

    It ends on revoked keys as well: should one be assigned again, this reason must not come back with it.
    """
    keys = _locked(units, [State.SUSPENDED, State.REVOKED])
    _end(keys, reason=reason, about=about)
    suspended = LicenseKey.objects.filter(~_rests_on(), pk__in=_ids(keys), state=State.SUSPENDED)
    suspended.update(state=State.ASSIGNED)


@transaction.atomic
def revoke(units: Units, *, reason: str, about: str) -> None:
    """The right to use is given back for good.

    A key that was opened, or that was generated, is revoked. A sealed key of a pool goes back to stock, and its
    license, under which nobody saw a key, is deleted.
    """
    keys = _locked(units, IN_HAND)
    back = [key for key in keys if not key.is_generated and key.opened_at is None]
    gone = [key for key in keys if key.is_generated or key.opened_at is not None]
    _end(gone, reason=reason, about=about)
    LicenseKey.objects.filter(pk__in=_ids(gone)).update(state=State.REVOKED)
    if back:
        _end(back)
        licenses = [key.license_id for key in back if key.license_id is not None]
        LicenseKey.objects.filter(pk__in=_ids(back)).update(
            state=State.AVAILABLE, unit=None, license=None, assigned_at=None
        )
        License.objects.filter(pk__in=licenses).delete()
        stock_words.changed({key.edition_id for key in back})


@transaction.atomic
def assign_again(units: Units, *, reason: str, about: str) -> None:
    """Undoes `revoke`: a refund failed late, or a dispute was won late. Moves the refunded units as well.

    A revoked key works again, unless another reason still rests on it. Where the key went back to stock, the unit takes
    another one or is back-ordered.
    """
    units = list(units)
    keys = _locked(units, [State.REVOKED])
    _end(keys, reason=reason, about=about)
    LicenseKey.objects.filter(pk__in=_ids(keys)).update(state=State.ASSIGNED)
    LicenseKey.objects.filter(_rests_on(), pk__in=_ids(keys)).update(state=State.SUSPENDED)
    refunded = OrderUnit.objects.filter(pk__in=_ids(units), state=OrderUnit.State.REFUNDED)
    refunded.filter(pk__in=[key.unit_id for key in keys]).update(state=OrderUnit.State.FULFILLED)
    without_key = list(refunded.select_for_update())
    refunded.filter(pk__in=_ids(without_key)).update(state=OrderUnit.State.ORDERED)
    for order in Order.objects.filter(lines__units__in=_ids(without_key)).distinct().order_by("pk"):
        issue(order)


def resize(unit: OrderUnit) -> None:
    """The license of a unit has as many seats as the unit: some were refunded, or came back. Its key stays the same."""
    License.objects.filter(unit=unit).update(seats=unit.seats)


def _locked(units: Units, states: Sequence[str]) -> list[LicenseKey]:
    """The keys of `units` in one of `states`, locked by ascending id, so that two callers can't wait in a circle."""
    own = LicenseKey.objects.filter(unit__in=_ids(units), state__in=states)
    return list(own.order_by("pk").select_for_update(of=("self",)))


def _ids(rows: Iterable[OrderUnit] | Iterable[LicenseKey]) -> list[int]:
    return [row.pk for row in rows]


def _end(keys: Sequence[LicenseKey], **which: str) -> None:
    Suspension.objects.filter(license_key__in=_ids(keys), ended_at__isnull=True, **which).update(ended_at=clock.now())


def _rests_on() -> Exists:
    """Whether an open suspension rests on the key."""
    return Exists(Suspension.objects.filter(license_key=OuterRef("pk"), ended_at__isnull=True))
