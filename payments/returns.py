"""The buyer comes back from the provider's page: which attempt that is, and what became of it."""

from collections.abc import Mapping

import structlog
from django.utils.crypto import constant_time_compare

from payments import providers, settlement
from payments.models import Attempt, Reference
from payments.providers.base import ProviderError
from privacy import clock
from privacy.prepared_queries import PreparedQuery, Slot
from shop import orders
from shop.models import Order

log = structlog.get_logger(__name__)
_BY_REFERENCE = PreparedQuery(
    lambda: Reference.objects.select_related("attempt__order").filter(kind=Slot("kind"), value=Slot("value")).order_by()
)


def find(provider: str, token: str, query: Mapping[str, str]) -> tuple[Order | None, Attempt | None]:
    """The order of the link, and its attempt that the query names. `provider` is one that sends buyers back.

    No attempt where the query names none, or one of another order: then nothing of it is looked at.
    """
    name, kind = providers.get(provider).return_query or ("", "")
    value = query.get(name, "")
    if value.isascii() and value.isprintable():
        reference = _BY_REFERENCE.first(kind=str(kind), value=value[:255])
        if reference and constant_time_compare(orders.link_hash(token), reference.attempt.order.link_hash):
            reference.attempt.reference_values = {kind: value}
            return reference.attempt.order, reference.attempt
        if reference:
            log.warning("payment of another order on the return page", provider=provider, attempt=reference.attempt_id)
    return orders.find_by_token(token), None


def settle(attempt: Attempt) -> bool:
    """Applies what the provider says now. False while it can't be asked; then the reconciler does so at once."""
    if attempt.state == Attempt.State.CAPTURED:
        return True
    try:
        settlement.look(attempt)
    except ProviderError as error:
        log.warning("payment not looked at", attempt=attempt.pk, provider=attempt.provider, error=error.code)
        Attempt.objects.filter(pk=attempt.pk, next_look_at__isnull=False).update(next_look_at=clock.now())
        return False
    return True
