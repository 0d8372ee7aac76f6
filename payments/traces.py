"""To which attempt an object of a provider belongs: by the provider's ids, or by what we wrote into it.

Another shop may use the same account and write the same order numbers: a label counts only where nothing speaks
against it.
"""

from collections.abc import Iterable

from django.conf import settings

from payments import providers, settlement
from payments.models import Attempt, Reference
from payments.providers.base import NotFound, Trace


def of_event(provider: str, kind: str, object_id: str) -> Attempt | None:
    """The attempt that an event is about, also where the event is faster than our own commit. Raises ProviderError."""
    found = known([object_id], provider=provider)
    return found or _traced(providers.get(provider).trace(kind, object_id), provider)


def of_payment(provider: str, payment: tuple[str, str]) -> Attempt | None:
    """The attempt of a payment, by the kind and value of its id. Raises ProviderError.

    Its money may have been taken without our knowledge, as where a refund or a dispute is faster than the payment's own
    event: then it is settled first.
    """
    kind, value = payment
    if not value:
        return None  # it is about no payment that could be looked at
    found = known([value], provider=provider)
    if found is None:
        try:
            found = _traced(providers.get(provider).trace_payment(kind, value), provider)
        except NotFound:
            return None
    if found is not None and found.state != Attempt.State.CAPTURED:
        settlement.look(found)
        found.refresh_from_db()
    return found


def known(values: Iterable[str], *, provider: str) -> Attempt | None:
    """The provider's attempt that one of these ids belongs to, with its order."""
    referred = Reference.objects.filter(value__in=list(values), attempt__provider=provider).values("attempt")
    return Attempt.objects.select_related("order").filter(pk__in=referred).first()


def is_ours(installation: str) -> bool:
    """Whether what an object bears is this installation's mark; what bears none may be."""
    return installation in {"", settings.INSTALLATION}


def _traced(trace: Trace | None, provider: str) -> Attempt | None:
    if trace is None or not is_ours(trace.installation):
        return None
    return known(trace.references.values(), provider=provider) or _labeled(trace, provider)


def _labeled(trace: Trace, provider: str) -> Attempt | None:
    attempt = Attempt.objects.labeled(trace.label, provider=provider)
    if attempt is None or (trace.amount, trace.currency) != (attempt.amount, attempt.currency):
        return None
    if any(attempt.reference(kind) not in {"", value} for kind, value in trace.references.items()):
        return None  # ours is another one
    if trace.references:
        settlement.save_references(attempt, trace.references)
        del attempt.reference_values
    return attempt
