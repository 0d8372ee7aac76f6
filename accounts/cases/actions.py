"""What can be done for a case that is no matter of accounts. Giving money back is registered by `payments`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from shop.models import Order

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class Offer(NamedTuple):
    """What of an order can be given back: a line by its id, in words, with the amount, gross, in words."""

    line_id: int
    words: str
    amount: str


class Asked(NamedTuple):
    """A refund that was asked for: what it is called, and its amount, gross, in words with the currency."""

    about: str
    amount: str


class Refunds(Protocol):
    """Gives money back. Every method that asks for some is called under the order's lock."""

    #: Who may, among the staff.
    permission: str

    def offers(self, order: Order) -> list[Offer]:
        """The lines of which something is left to give back."""

    def ask(
        self,
        order: Order,
        *,
        units: Sequence[int] = (),
        seats: Mapping[int, int] | None = None,
        lines: Sequence[int] = (),
        by: "AbstractBaseUser | None",
        reason: str,
    ) -> Asked:
        """Asks to give these units, so many seats of these, and what is left of these lines, back. Raises `CannotDo`.

        How it ended is told to `cases.refund_ended`, in the transaction in which that is known.
        """


_refunds: list[Refunds] = []


def register_refunds(refunds: Refunds) -> None:
    """Says who gives money back."""
    _refunds[:] = [refunds]


def refunds() -> Refunds:
    """Who gives money back. Raises RuntimeError where nobody was registered: then the shop isn't put together."""
    if not _refunds:
        raise RuntimeError("Nobody gives money back: `payments` registers itself when the apps are loaded.")
    return _refunds[0]
