"""What buyers and PayPal itself do, on demand of a test (`POST /_sandbox/act`)."""

from collections.abc import Callable
from typing import Any

from sandbox.control import ControlError
from sandbox.objects import Document
from sandbox.paypal import captures, disputes, orders, tokens
from sandbox.paypal.amounts import money
from sandbox.paypal.errors import PayPalError
from sandbox.provider import Provider

Act = Callable[..., Document]


def _spoken(act: Act) -> Act:
    """Turns an error of the interface into a sentence."""

    def wrapped(**fields: Any) -> Document:
        try:
            return act(**fields)
        except PayPalError as error:
            raise ControlError(f"PayPal refuses: {error} {error.detail.get('description', '')}".strip()) from error

    return wrapped


def _capture_by(sandbox: Provider, identifier: str) -> Document:
    """By its own id or that of its order."""
    made = sandbox.objects.of("capture", parent=identifier)
    return made[0] if made else captures.find_capture(sandbox, identifier)


def acts(sandbox: Provider) -> dict[str, Act]:
    """By name, each with keyword arguments as README.md lists them."""

    def approve(identifier: str, *, outcome: str = "paid", **payer: Any) -> Document:
        if outcome not in orders.OUTCOMES:
            raise ControlError(f"outcome is one of {', '.join(orders.OUTCOMES)}, not {outcome!r}.")
        who = orders.Payer(**payer)
        if who.protection not in orders.PROTECTIONS:
            raise ControlError(f"protection is one of {', '.join(orders.PROTECTIONS)}, not {who.protection!r}.")
        return orders.represented(sandbox, orders.approve(sandbox, identifier, who, outcome))

    def finish(identifier: str, *, arrived: bool) -> Document:
        made = captures.finish(sandbox, _capture_by(sandbox, identifier), arrived=arrived)
        return captures.shown_capture(sandbox, made)

    def refund(identifier: str, *, amount: int | None = None) -> Document:
        made = _capture_by(sandbox, identifier)
        body = {} if amount is None else {"amount": money(amount, made["amount"]["currency_code"])}
        return captures.shown_refund(sandbox, captures.refund(sandbox, made["id"], body))

    def finish_refund(identifier: str, *, arrived: bool) -> Document:
        return captures.shown_refund(sandbox, captures.finish_refund(sandbox, identifier, arrived=arrived))

    def open_dispute(identifier: str, *, reason: str = "UNAUTHORISED") -> Document:
        made = disputes.open_dispute(sandbox, _capture_by(sandbox, identifier), reason)
        return disputes.presented(made)

    def resolve(identifier: str, *, won: bool) -> Document:
        return disputes.presented(disputes.resolve(sandbox, identifier, won=won))

    named: dict[str, Act] = {
        "approve": approve,
        "complete": lambda identifier: finish(identifier, arrived=True),
        "deny": lambda identifier: finish(identifier, arrived=False),
        "refund": refund,
        "complete_refund": lambda identifier: finish_refund(identifier, arrived=True),
        "fail_refund": lambda identifier: finish_refund(identifier, arrived=False),
        "open_dispute": open_dispute,
        "win_dispute": lambda identifier: resolve(identifier, won=True),
        "lose_dispute": lambda identifier: resolve(identifier, won=False),
        "expire": lambda identifier: orders.expire(sandbox, identifier),
        "expire_tokens": lambda: {"expired": tokens.expire_all(sandbox)},
    }
    return {name: _spoken(act) for name, act in named.items()}
