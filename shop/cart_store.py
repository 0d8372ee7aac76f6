"""Where the lines of a cart are kept: a signed cookie for a visitor, rows for an account.

A kept line is an edition's id, a quantity, and the price that was shown when it was added; in the cookie it reads
`12-3-149.5-EUR`, lines joined by `_`: signs that a cookie carries as they are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from shop import cookies
from shop.models import CartLine

MOST_LINES, MOST_OF_ONE = 50, 999
LARGEST_COOKIE = 4000
LARGEST_ID = 2**31


@dataclass(frozen=True)
class Kept:
    """How many of an edition, and the catalog price seen when it was added, with its currency."""

    quantity: int
    price_seen: Decimal
    currency: str = ""

    def __post_init__(self) -> None:
        """A line that was kept before there were currencies is in the shop's own."""
        if not self.currency:
            object.__setattr__(self, "currency", settings.STORE_CURRENCY)


Lines = dict[int, Kept]


def read_cookie(request: HttpRequest) -> Lines:
    """The lines of the visitor's cookie. A tampered, oversized or outdated one is an empty cart, not an error."""
    if len(request.COOKIES.get(cookies.CART.name, "")) > LARGEST_COOKIE:
        return {}
    value = cookies.CART.read(request)
    if not value:
        return {}
    try:
        return dict(_line(row) for row in value.split("_")[:MOST_LINES])
    except (ValueError, InvalidOperation):
        return {}


def _line(row: str) -> tuple[int, Kept]:
    first, second, price, *rest = row.split("-")
    currency = rest[0] if rest else settings.STORE_CURRENCY
    if len(rest) > 1 or currency not in settings.STORE_CURRENCIES:
        raise ValueError("no currency of this shop")
    edition_id, quantity = int(first), int(second)
    if not (0 < edition_id < LARGEST_ID and 0 < quantity <= MOST_OF_ONE):
        raise ValueError("no currency of this shop")
    return edition_id, Kept(quantity, Decimal(price), currency)


def write_cookie(response: HttpResponseBase, lines: Lines) -> None:
    """Has the browser keep the lines; an empty cart removes the cookie."""
    if not lines:
        cookies.CART.remove(response)
        return
    rows = (
        f"{edition_id}-{kept.quantity}-{kept.price_seen.normalize():f}-{kept.currency}"
        for edition_id, kept in lines.items()
    )
    cookies.CART.write(response, "_".join(rows))


def read_rows(user: AbstractBaseUser) -> Lines:
    """The lines of an account, in the order in which they were added."""
    rows = CartLine.objects.filter(user_id=user.pk).values_list("edition_id", "quantity", "price_seen", "currency")
    return {edition_id: Kept(quantity, price, currency) for edition_id, quantity, price, currency in rows}


def write_rows(user: AbstractBaseUser, before: Mapping[int, Kept], after: Lines) -> None:
    """Applies a change to an account's rows: the step from `before`, as it was read, to `after`.

    Two tabs may change one cart at once: each step is added to what is there, under a lock of the account's row.
    """
    with transaction.atomic():
        list(get_user_model().objects.select_for_update().filter(pk=user.pk).values_list("pk"))
        rows = read_rows(user)
        gone = before.keys() - after.keys()
        if gone:
            CartLine.objects.filter(user_id=user.pk, edition_id__in=gone).delete()
        changed = ((edition_id, kept) for edition_id, kept in after.items() if before.get(edition_id) != kept)
        _put(user, ((edition_id, _moved(rows, before, edition_id, kept)) for edition_id, kept in changed))


def _moved(rows: Mapping[int, Kept], before: Mapping[int, Kept], edition_id: int, kept: Kept) -> Kept:
    there, seen = rows.get(edition_id), before.get(edition_id)
    step = kept.quantity - (seen.quantity if seen else 0)
    quantity = (there.quantity if there else 0) + step
    return Kept(max(1, min(quantity, MOST_OF_ONE)), kept.price_seen, kept.currency)


def _put(user: AbstractBaseUser, lines: Iterable[tuple[int, Kept]]) -> None:
    CartLine.objects.bulk_create(
        [
            CartLine(
                user_id=user.pk,
                edition_id=edition_id,
                quantity=kept.quantity,
                price_seen=kept.price_seen,
                currency=kept.currency,
            )
            for edition_id, kept in lines
        ],
        update_conflicts=True,
        unique_fields=["user", "edition"],
        update_fields=["quantity", "price_seen", "currency"],
    )


def merge_cookie(request: HttpRequest, user: AbstractBaseUser, known: Iterable[int]) -> None:
    """Adds the visitor's lines to the account's when he signs in: every line of both, the larger number of each.

    The larger, not the sum: the same cookie may arrive twice, and nobody wants double. `known` are the editions that
    exist.
    """
    cookie = read_cookie(request)
    with transaction.atomic():
        rows = read_rows(user)
        wanted = {edition_id: kept for edition_id, kept in cookie.items() if edition_id in set(known)}
        _put(
            user,
            (
                (edition_id, kept)
                for edition_id, kept in wanted.items()
                if edition_id not in rows or rows[edition_id].quantity < kept.quantity
            ),
        )
