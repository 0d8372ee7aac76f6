"""What a deletion does with orders, and with what people wrote about products.

Most of an order's party goes at once, some of it on the order's own date.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Lower

from privacy import inventory, unchangeable
from privacy.erasure import derived, erasers, mentions, outbox
from privacy.erasure.cases import Case
from privacy.erasure.erasers import Eraser, Judged
from privacy.erasure.verdicts import DELETED, Deed, Verdict
from privacy.models import LegalHold
from privacy.people import rows_of
from privacy.purposes import TAX_RECORDS
from privacy.residue import identifiers
from shop import unsettled
from shop.models import Order, OrderParty, Post, PostAuthor
from shop.posts import invitations, moderation, writing

#: What a receipt of a consumer doesn't need; a company's shows address, VAT number and order number.
OF_RECEIPT = ("street", "postal_code", "city", "region", "vat_number", "purchase_order")
NARROWED = ("user", "delivery_email", "browser_family")
KEPT = Verdict(Deed.RESTRICTED, "narrowed and restricted", f"{TAX_RECORDS.words} ({TAX_RECORDS.basis})")

# An invoice names its buyer, and the trigger `shop_orderparty_invoiced` sees to that.
unchangeable.declare(
    OrderParty,
    ("name", "company", "vat_number", "street", "postal_code", "city", "region", "purchase_order"),
    ground=f"{TAX_RECORDS.words} ({TAX_RECORDS.basis})",
    until="expires_at",
    which=lambda rows: rows.filter(order__documents__is_invoice=True),
)
#: Of an open account; whose, is asked beside it.
_IS_OTHERS = Q(user__isnull=False, user__closed_at__isnull=True)


@erasers.of(OrderParty)
class OrderParties(Eraser):
    """The person of an order that was never captured goes at once, with all that leads there.

    Of one that was, name, e-mail address and company stay restricted until the order's own date, and with a company's
    order what its receipt needs. While money or keys are under way nothing is narrowed yet.
    """

    position = 70

    def rows(self, case: Case) -> QuerySet[Any]:
        """The person's own, and orders of other accounts that name the person's address: those are looked at only."""
        named = OrderParty.objects.annotate(_address=Lower("email")).filter(_address__in=case.person.addresses)
        own = super().rows(case).order_by().values("pk")
        return OrderParty.objects.filter(pk__in=own.union(named.order_by().values("pk")))

    def came_since(self, case: Case, moment: datetime) -> bool:
        return super().rows(case).filter(order__placed_at__gt=moment).exists()

    def lock(self, keys: Sequence[Any]) -> list[Any]:
        """The orders first, as everybody who changes an order does."""
        orders = Order.objects.filter(party__in=keys).order_by("pk")
        list(orders.select_for_update(of=("self",)).values_list("pk"))
        return super().lock(keys)

    def judge(self, keys: Sequence[Any], case: Case) -> Judged:
        captured = Q(order__captured_at__isnull=False) | Q(order__paid_at__isnull=False)
        rows = list(
            OrderParty.objects.filter(pk__in=keys)
            .annotate(is_paid=Q(captured), is_others=_IS_OTHERS & ~Q(user__in=case.person.users))
            .values_list("pk", "order", "expires_at", "is_paid", "is_others")
        )
        under_way = unsettled.reasons([order for _, order, *_ in rows])
        verdicts: dict[Any, Verdict] = {}
        for key, order, ends, is_paid, is_others in rows:
            if is_others:
                verdicts[key] = Verdict(Deed.REFUSED, "kept", "it is the order of another account", ends)
            elif order in under_way:
                verdicts[key] = Verdict(
                    Deed.RESTRICTED, "kept as it is, and narrowed then", under_way[order], ends, is_whole=True
                )
            elif is_paid and (ends is None or ends > case.at):
                verdicts[key] = Verdict(Deed.RESTRICTED, KEPT.how, KEPT.ground, ends)
            else:
                verdicts[key] = DELETED
        return verdicts

    def carry_out(self, judged: Judged, case: Case) -> int:
        gone, narrowed, whole = _sorted({key: each for key, each in judged.items() if each.deed is not Deed.REFUSED})
        _scrub_ended_holds([*gone, *narrowed])
        count = derived.delete(OrderParty, gone)
        if narrowed:
            derived.clear_companions(OrderParty, narrowed)
            consumers = OrderParty.objects.filter(pk__in=narrowed, order__is_business=False)
            changed = set(narrowed) - set(
                OrderParty.objects.filter(pk__in=narrowed, restricted_at__isnull=False).values_list("pk", flat=True)
            )
            derived.clear(OrderParty, narrowed, NARROWED)
            derived.clear(OrderParty, list(consumers.values_list("pk", flat=True)), OF_RECEIPT)
            count += len(changed)
        if whole:
            OrderParty.objects.filter(pk__in=whole, user__isnull=False).update(user=None)
        derived.restrict(OrderParty, [*narrowed, *whole])
        return count


def _sorted(judged: Judged) -> tuple[list[Any], list[Any], list[Any]]:
    gone = [key for key, verdict in judged.items() if verdict == DELETED]
    whole = [key for key, verdict in judged.items() if verdict.is_whole]
    return gone, [key for key in judged if key not in {*gone, *whole}], whole


def _scrub_ended_holds(keys: Sequence[Any]) -> None:
    """The reasons of holds on these rows that have ended: staff may have written a name."""
    holds = LegalHold.objects.filter(model=OrderParty._meta.label, object_id__in=[str(key) for key in keys])
    for hold in holds:
        values = OrderParty.objects.filter(pk=hold.object_id).values_list("name", "email", "company", "street")
        own = frozenset(value for row in values for value in row if value)
        scrubbed = inventory.scrub_text(hold.reason, own)
        if scrubbed != hold.reason:
            LegalHold.objects.filter(pk=hold.pk).update(reason=scrubbed)


def orders_of(case: Case) -> list[int]:
    """The ids of the person's orders."""
    own = rows_of(OrderParty, case.person).order_by().values_list("order", flat=True)
    kept = case.kept.get(OrderParty._meta.label)
    return list({*own, *OrderParty.objects.filter(pk__in=kept).values_list("order", flat=True)} if kept else own)


def reasons_of(case: Case) -> dict[int, str]:
    """Those of the person's orders of which something is under way, with the reason."""
    return unsettled.reasons(case.once(orders_of))


# --- Reviews and comments ---------------------------------------------------------------------------------------------

UNNAMED = Verdict(Deed.ERASED, "kept without your name, as you chose")


@erasers.of(Post)
class Posts(Eraser):
    """What the person wrote goes, or stays without a name, as each author row says; others' comments stay.

    Words that stay lose every address and name of the person that stands in them.
    """

    position = 45

    def judge(self, keys: Sequence[Any], case: Case) -> Judged:
        wishes = dict(PostAuthor.objects.filter(post__in=keys).values_list("post", "wish"))
        return {key: UNNAMED if wishes.get(key) == PostAuthor.Wish.UNLINK else DELETED for key in keys}

    def carry_out(self, judged: Judged, case: Case) -> int:
        stay = [key for key, verdict in judged.items() if verdict == UNNAMED]
        own = frozenset(one.value for one in identifiers.of(case.person))
        cleaner = mentions.Cleaner.of(case.person)
        for post in Post.objects.filter(pk__in=stay):
            title, text = (inventory.scrub_text(cleaner.text(words), own) for words in (post.title, post.text))
            Post.objects.filter(pk=post.pk).update(title=title, text=text or mentions.DASH)
        writing.part(list(judged))
        return len(judged)

    def companions(self, judged: Judged) -> Iterator[tuple[type[Model], Mapping[Any, Verdict]]]:
        authors = PostAuthor.objects.filter(post__in=list(judged)).values_list("pk", flat=True)
        yield PostAuthor, dict.fromkeys(authors, DELETED)


# --- Mails that wait --------------------------------------------------------------------------------------------------


@outbox.about(
    "order_confirmation",
    "license_keys",
    "keys_opened",
    "order_cancelled",
    "order_cancelled_paid",
    "vat_number_invalid",
    invitations.MAIL,
)
def settled_orders(case: Case) -> Iterable[int]:
    """The person's orders of which nothing is under way: what is still to be told of the others is told."""
    under_way: Mapping[int, str] = case.once(reasons_of)
    return [order for order in case.once(orders_of) if order not in under_way]


@outbox.about("order_links")
def parties(case: Case) -> Iterable[int]:
    """The person's parties."""
    return rows_of(OrderParty, case.person).order_by().values_list("pk", flat=True)


@outbox.about(moderation.REFUSED_MAIL)
def posts(case: Case) -> Iterable[int]:
    """What the person wrote."""
    return rows_of(Post, case.person).order_by().values_list("pk", flat=True)


@outbox.about(moderation.ANSWERED_MAIL)
def answers(case: Case) -> Iterable[int]:
    """What the shop answered to the person."""
    own = rows_of(Post, case.person).order_by().values("pk")
    return Post.objects.filter(by_shop=True, parent__in=own).values_list("pk", flat=True)
