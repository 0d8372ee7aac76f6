"""What buyers, banks and Stripe itself do, on demand of a test (`POST /_sandbox/act`)."""

from collections.abc import Callable
from typing import Any

from sandbox.control import ControlError
from sandbox.objects import Document
from sandbox.provider import Provider
from sandbox.stripe import disputes, payments, refunds, sessions
from sandbox.stripe.charges import SCORES, Payer
from sandbox.stripe.errors import StripeError
from sandbox.stripe.intents import paid_charge

Act = Callable[..., Document]


def _spoken(act: Act) -> Act:
    """Turns an error of the interface into a sentence."""

    def wrapped(**fields: Any) -> Document:
        try:
            return act(**fields)
        except StripeError as error:
            raise ControlError(str(error)) from error

    return wrapped


def acts(sandbox: Provider) -> dict[str, Act]:
    """By name, each with keyword arguments as README.md lists them."""

    def pay(identifier: str, *, outcome: str = "paid", **payer: Any) -> Document:
        who = Payer(**payer)
        if who.risk not in SCORES:
            raise ControlError(f"risk is one of {', '.join(SCORES)}, not {who.risk!r}.")
        if outcome == "paid":
            return payments.pay(sandbox, identifier, who)
        if outcome == "declined":
            return payments.decline(sandbox, identifier, who)
        if outcome == "processing":
            return payments.pay_later(sandbox, identifier, who)
        raise ControlError(f"outcome is paid, declined or processing, not {outcome!r}.")

    def refund(identifier: str, *, amount: int | None = None) -> Document:
        charge = paid_charge(sandbox, identifier)
        return refunds.refund(sandbox, charge, amount, None, {})

    def open_dispute(identifier: str, *, reason: str = "fraudulent") -> Document:
        return disputes.open_dispute(sandbox, paid_charge(sandbox, identifier), reason)

    named: dict[str, Act] = {
        "pay": pay,
        "complete": lambda identifier: payments.finish(sandbox, identifier, arrived=True),
        "deny": lambda identifier: payments.finish(sandbox, identifier, arrived=False),
        "expire": lambda identifier: sessions.expire(sandbox, identifier),
        "refund": refund,
        "complete_refund": lambda identifier: refunds.complete(sandbox, identifier),
        "fail_refund": lambda identifier: refunds.fail(sandbox, identifier),
        "open_dispute": open_dispute,
        "win_dispute": lambda identifier: disputes.close(sandbox, identifier, won=True),
        "lose_dispute": lambda identifier: disputes.close(sandbox, identifier, won=False),
        "warn_of_fraud": lambda identifier: disputes.warn_of_fraud(sandbox, paid_charge(sandbox, identifier)),
    }
    return {name: _spoken(act) for name, act in named.items()}
