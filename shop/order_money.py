"""What the shop asks about an order's money. `payments` answers; the shop knows no provider."""

from typing import TYPE_CHECKING, Protocol

from shop.models import Order

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class OrderMoney(Protocol):
    """The money of an order. Every function is called inside a transaction that holds the order's row lock."""

    def is_captured(self, order: Order) -> bool:
        """Whether an attempt of this order is captured and not fully given back."""

    def fulfil(self, order: Order) -> None:
        """Marks a captured order as paid and assigns its keys."""

    def give_back(self, order: Order, *, by: "AbstractBaseUser | None", reason: str) -> None:
        """Writes the refunds of everything captured and not yet given back; a worker submits them after the commit."""


_answers: list[OrderMoney] = []


def register(answers: OrderMoney) -> None:
    """Names who answers."""
    _answers[:] = [answers]


def of_orders() -> OrderMoney:
    """Who answers for the money of orders."""
    return _answers[0]
