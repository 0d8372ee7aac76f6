"""Guest orders find the account of the person who confirmed their e-mail address (P6e)."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import License, User
from privacy.prepared_queries import PreparedQuery, Slot
from shop.models import Order, OrderEvent, OrderParty

_CONFIRMED = PreparedQuery(
    lambda: EmailAddress.objects.filter(email=Slot("email"), verified=True, user__is_active=True).order_by("pk")[:1]
)


def owner_of(party: OrderParty | None) -> int | None:
    """The id of the account that an order's licenses belong to.

    A guest who gives an address that an account has confirmed is that account's person: the order joins it here, while
    the caller holds the order's lock. An order that was restricted after a deletion request joins none.
    """
    if party is None or party.user_id is not None:
        return party.user_id if party else None
    if party.restricted_at is not None:
        return None
    confirmed = _CONFIRMED.first(email=party.email.lower())
    user_id = confirmed.user_id if confirmed else None
    if user_id is not None:
        OrderParty.objects.filter(pk=party.pk).update(user_id=user_id)
        OrderEvent.objects.create(order_id=party.order_id, kind=OrderEvent.Kind.JOINED_ACCOUNT)
    return user_id


def join_account(user: User, email: str) -> int:
    """Links the guest orders of `email`, and their licenses, to the account; returns how many orders.

    Orders of an account that was closed are found as well: its person may have come back. The caller knows that the
    account has confirmed this address. The address that keys are delivered to never links: it may be a colleague's.
    Orders are locked first and read again, as by everybody who changes an order's rows.
    """
    address = email.lower()
    nobodys = Q(user__isnull=True) | Q(user__closed_at__isnull=False)
    parties = OrderParty.objects.in_use().annotate(address=Lower("email")).filter(nobodys, address=address)
    if not (found := list(parties.values_list("order_id", flat=True))):
        return 0
    with transaction.atomic():
        list(Order.objects.select_for_update().filter(pk__in=found).order_by("pk").values_list("pk"))
        joined = list(parties.filter(order__in=found).values_list("order_id", flat=True))
        OrderParty.objects.filter(order__in=joined).update(user=user)
        License.objects.filter(unit__line__order__in=joined).update(user=user)
        OrderEvent.objects.bulk_create(
            OrderEvent(order_id=order_id, kind=OrderEvent.Kind.JOINED_ACCOUNT) for order_id in joined
        )
    return len(joined)
