"""Erasing at Stripe and PayPal: a step of a deletion each, which waits until nothing needs the payments any more."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, QuerySet

from payments import providers
from payments.models import Attempt, RedactionItem, Reference
from payments.providers.base import NotAllowed, NotFound, Redaction
from privacy import clock
from privacy.erasure import providers as steps
from privacy.erasure.cases import Case
from privacy.erasure.providers import ByHand, Done, Preview, Wait
from privacy.models import DeletionStep
from shop import unsettled
from shop.erasing import orders_of
from shop.models import OrderParty

#: After a payment that was never captured, its page at the provider lives so long at most.
OPEN_PAGES = timedelta(days=1)
SOON, LATER = timedelta(minutes=5), timedelta(days=1)
_MOMENTS = {"captured": Max("captured_at"), "made": Max("created_at")}
#: So many objects are asked for in one job.
MOST = 100


class AtProvider:
    """See `privacy.erasure.providers.ServiceProvider`."""

    def __init__(self, name: str, title: str, *, is_by_hand: bool) -> None:
        self.name, self.title, self._is_by_hand = name, title, is_by_hand

    def preview(self, case: Case) -> Preview | None:
        """What it has of the person's payments, and when none of them can be refunded or disputed any more."""
        of_attempts = {**_MOMENTS, "count": Count("pk")}
        found = self._attempts(case).aggregate(**of_attempts) if case.once(orders_of) else {}
        if not found.get("count"):
            return None
        return Preview(
            self.name, self.title, found["count"], self._is_by_hand, _not_before(found["captured"], found["made"])
        )

    def remember(self, case: Case, step: DeletionStep) -> int:
        """The ids go on living here: those with the order go when its person goes."""
        references = Reference.objects.filter(attempt__in=self._attempts(case))
        items = [
            RedactionItem(step=step, attempt_id=attempt, kind=kind, value=value)
            for attempt, kind, value in references.values_list("attempt", "kind", "value")
        ]
        RedactionItem.objects.bulk_create(items, ignore_conflicts=True)
        return len({item.attempt_id for item in items})

    def work(self, step: DeletionStep) -> Done | Wait | ByHand:
        """One look: asks for the redaction, or how far it is. Raises ProviderError."""
        items = list(_open(step).order_by("pk")[:MOST])
        if not items:
            return Done(step.count)
        orders = Attempt.objects.filter(pk__in={item.attempt_id for item in items}).values_list("order", flat=True)
        if unsettled.reasons(list(orders)):
            return Wait(clock.now() + LATER, "A refund or a dispute still needs the payments.")
        asked_from = _earliest(_open(step))
        if asked_from > clock.now():
            return Wait(asked_from, "A payment was captured since: it can still be refunded or disputed.")
        try:
            return self._followed(step, items[0].job) if items[0].job else self._asked(step, items)
        except (NotAllowed, NotFound):
            return ByHand("It can't be asked by a program.")

    def _asked(self, step: DeletionStep, items: Sequence[RedactionItem]) -> Wait:
        job = providers.get(self.name).redact(f"rd:{step.pk}:{items[0].pk}", _by_kind(items))
        _open(step).filter(pk__in=[item.pk for item in items]).update(job=job)
        return Wait(clock.now() + SOON, "It was asked to erase.")

    def _followed(self, step: DeletionStep, job: str) -> Done | Wait | ByHand:
        state = providers.get(self.name).redaction(job)
        if state is Redaction.REFUSED:
            return ByHand("It refused to erase.")
        if state is Redaction.GOES_ON:
            return Wait(clock.now() + SOON, "It is at it.")
        _forget(_open(step).filter(job=job))
        return Wait(clock.now(), "It erased a part.") if _open(step).exists() else Done(step.count)

    def guide(self, step: DeletionStep) -> Sequence[str]:
        """What to do, and the payments by the provider's own ids."""
        listed = [f"{item.kind}: {item.value}" for item in _open(step).order_by("attempt", "kind")]
        return [*providers.get(self.name).redaction_guide(), *listed]

    def finish(self, step: DeletionStep) -> None:
        """The ids go."""
        _forget(_open(step))

    def address(self, step: DeletionStep) -> str:
        """The address of an order of the step whose person is still kept, restricted; else nobody can be told."""
        parties = OrderParty.objects.filter(
            order__attempts__in=RedactionItem.objects.filter(step=step).values("attempt")
        )
        return parties.order_by("-pk").values_list("email", flat=True).first() or ""

    def _attempts(self, case: Case) -> QuerySet[Attempt]:
        orders = case.once(orders_of)
        known = Reference.objects.filter(attempt__order__in=orders).values("attempt")
        asked = RedactionItem.objects.filter(attempt__order__in=orders).values("attempt")  # for an earlier request
        return Attempt.objects.filter(pk__in=known, provider=self.name).exclude(pk__in=asked)


def _not_before(captured: datetime | None, made: datetime) -> datetime:
    of_captured = captured + timedelta(days=settings.PROVIDER_ERASURE_DAYS) if captured else made
    return max(of_captured, made + OPEN_PAGES)


def _earliest(items: QuerySet[RedactionItem]) -> datetime:
    """The same for what is still to be erased, as it stands now: a payment may have been captured since."""
    found = Attempt.objects.filter(pk__in=items.values("attempt")).aggregate(**_MOMENTS)
    return _not_before(found["captured"], found["made"])


def _open(step: DeletionStep) -> QuerySet[RedactionItem]:
    return RedactionItem.objects.filter(step=step, done_at__isnull=True)


def _forget(items: QuerySet[RedactionItem]) -> None:
    items.update(value="", job="", done_at=clock.now())


def _by_kind(items: Sequence[RedactionItem]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for item in items:
        found[item.kind].append(item.value)
    return found


def register() -> None:
    """Both are steps of deletions from now on."""
    steps.register(AtProvider("stripe", "Stripe", is_by_hand=False))
    steps.register(AtProvider("paypal", "PayPal", is_by_hand=True))
