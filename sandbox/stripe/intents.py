"""Payment intents: https://docs.stripe.com/api/payment_intents."""

from sandbox.objects import Document
from sandbox.provider import Provider
from sandbox.stripe.answers import retrieve
from sandbox.stripe.errors import StripeError
from sandbox.stripe.identifiers import new


def open_session(sandbox: Provider, identifier: str) -> Document:
    """Raises StripeError when the session is complete or expired."""
    session = retrieve(sandbox, "checkout.session", identifier, param="session")
    if session["status"] != "open":
        raise StripeError(f"The session is {session['status']}, not open.")
    return session


def intent_of(sandbox: Provider, session: Document) -> Document:
    """The payment intent of a session; it begins to exist at the first attempt to pay."""
    if session["payment_intent"]:
        return retrieve(sandbox, "payment_intent", session["payment_intent"])
    data = session["_payment_intent_data"]
    identifier = new("pi")
    intent = sandbox.objects.add(
        "payment_intent",
        {
            "id": identifier,
            "object": "payment_intent",
            "amount": session["amount_total"],
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "application": None,
            "application_fee_amount": None,
            "automatic_payment_methods": None,
            "canceled_at": None,
            "cancellation_reason": None,
            "capture_method": "automatic_async",
            "client_secret": f"{identifier}_secret_{new('s')[2:]}",
            "confirmation_method": "automatic",
            "created": sandbox.clock.now(),
            "currency": session["currency"],
            "customer": None,
            "description": data.get("description"),
            "last_payment_error": None,
            "latest_charge": None,
            "livemode": False,
            "metadata": data.get("metadata", {}),
            "next_action": None,
            "on_behalf_of": None,
            "payment_method": None,
            "payment_method_options": {},
            "payment_method_types": session["payment_method_types"],
            "processing": None,
            "receipt_email": data.get("receipt_email"),
            "review": None,
            "setup_future_usage": None,
            "shipping": None,
            "statement_descriptor": data.get("statement_descriptor"),
            "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
            "status": "requires_payment_method",
            "transfer_data": None,
            "transfer_group": None,
            "_session": session["id"],
            "_reference": session["client_reference_id"],
        },
        parent=session["id"],
    )
    session["payment_intent"] = identifier
    sandbox.objects.save(session)
    return intent


def intent_by(sandbox: Provider, identifier: str) -> Document:
    """The payment intent of a `cs_…`, `ch_…` or its own id. Raises StripeError."""
    if identifier.startswith("cs_"):
        session = retrieve(sandbox, "checkout.session", identifier)
        if not session["payment_intent"]:
            raise StripeError("Nobody has tried to pay this session.")
        return retrieve(sandbox, "payment_intent", session["payment_intent"])
    if identifier.startswith("ch_"):
        return retrieve(sandbox, "payment_intent", retrieve(sandbox, "charge", identifier)["payment_intent"])
    return retrieve(sandbox, "payment_intent", identifier)


def paid_charge(sandbox: Provider, identifier: str) -> Document:
    """The succeeded charge of a session, an intent or its own id. Raises StripeError."""
    intent = intent_by(sandbox, identifier)
    if intent["status"] != "succeeded":
        raise StripeError(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    return retrieve(sandbox, "charge", intent["latest_charge"])
