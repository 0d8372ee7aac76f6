"""Who writes: an account, or a guest by the link of an order; what they bought, and what they wrote before."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from privacy import people
from shop.models import Order, OrderParty, OrderUnit, PostAuthor, Product


@dataclass(frozen=True)
class Writer:
    """One person who writes: an account by its id, or else a guest by the address of the order, in lower case."""

    user_id: int | None
    email: str = ""

    @property
    def is_guest(self) -> bool:
        return self.user_id is None

    @property
    def counted_as(self) -> str:
        """Under what deeds of this person are counted (`privacy.rate_limits`)."""
        return self.email if self.is_guest else f"account:{self.user_id}"


def of_account(user_id: int) -> Writer:
    """The person of an account."""
    return Writer(user_id)


def of_order(order: Order) -> Writer | None:
    """The person whose order this is; None where the order names nobody, or may no longer be used.

    A guest whose keys went to another address can't be told from who got them there: both have the link.
    """
    party: OrderParty | None = getattr(order, "party", None)
    if party is None or party.restricted_at is not None or (party.delivery_email and not party.user_id):
        return None
    return Writer(party.user_id) if party.user_id else Writer(None, party.email.lower())


def of_link(order: Order, reader_id: int | None) -> Writer | None:
    """The person who writes by the order's link; where keys went to another address, only the signed-in buyer."""
    writer = of_order(order)
    is_shared = writer is not None and bool(order.party.delivery_email)
    return None if is_shared and writer and writer.user_id != reader_id else writer


def written_by(writer: Writer) -> QuerySet[PostAuthor]:
    """What this person wrote, as a guest under a confirmed address of the account included."""
    if writer.user_id is not None:
        return people.rows_of(PostAuthor, people.of_account(writer.user_id))
    return PostAuthor.objects.filter(email__iexact=writer.email) if writer.email else PostAuthor.objects.none()


def orders_with(writer: Writer, product: Product) -> QuerySet[Order]:
    """This person's orders in which the product was delivered and not given back."""
    delivered = _delivered().filter(line__order=OuterRef("pk"), line__edition__product=product)
    return Order.objects.filter(Exists(delivered), **_of(writer))


def bought(writer: Writer, order: Order | None = None) -> QuerySet[Product]:
    """The products that were delivered to this person, or with this order of theirs, and that are still sold."""
    units = _delivered().filter(**{f"line__order__{name}": value for name, value in _of(writer).items()})
    if order is not None:
        units = units.filter(line__order=order)
    return Product.objects.published().filter(pk__in=units.values("line__edition__product"))


def reviewable(writer: Writer, order: Order) -> QuerySet[Product]:
    """What was delivered with this order, and what of it the person reviewed before it was given back."""
    written = written_by(writer).filter(is_review=True, product__in=order.lines.values("edition__product"))
    of_order = Q(pk__in=bought(writer, order).values("pk")) | Q(pk__in=written.values("product"))
    return Product.objects.published().filter(of_order)


def has_bought_anything(writer: Writer) -> bool:
    """Whether anything was ever delivered to this person."""
    return bought(writer).exists()


def _delivered() -> QuerySet[OrderUnit]:
    return OrderUnit.objects.filter(state=OrderUnit.State.FULFILLED)


def _of(writer: Writer) -> dict[str, object]:
    if writer.user_id is not None:
        return {"party__user": writer.user_id, "party__restricted_at__isnull": True}
    return {
        "party__email__iexact": writer.email,
        "party__user__isnull": True,
        "party__restricted_at__isnull": True,
    }


def is_by(writer: Writer) -> Q:
    """The author rows of this very account or address, for a lock."""
    if writer.user_id is not None:
        return Q(user=writer.user_id)
    return Q(email__iexact=writer.email)
