"""The hosted Checkout page: the buyer pays, is declined, authenticates, cancels or walks away."""

from collections.abc import Mapping
from html import escape

from sandbox.money import to_text
from sandbox.objects import Document
from sandbox.pages import button, choice_field, closed, country_field, facts, form, page, text_field
from sandbox.provider import Provider
from sandbox.server import Request, Response, redirect
from sandbox.stripe import payments
from sandbox.stripe.charges import SCORES, Payer
from sandbox.stripe.intents import open_session
from sandbox.stripe.payments import NOT_AUTHENTICATED

PREFIX = "/c/pay/"
AS_BILLED = "the billing country"
AUTHENTICATION = "/3ds"


def _session(sandbox: Provider, request: Request) -> Document | None:
    identifier = request.path.removeprefix(PREFIX).removesuffix(AUTHENTICATION)
    return sandbox.objects.find("checkout.session", identifier)


def _success_url(session: Document) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _unavailable(session: Document | None) -> Response:
    if session is None:
        return page("No such payment", "<p>Go back to the shop and start again.</p>", status=404)
    if session["status"] == "expired":
        return page("This payment has expired", "<p>Go back to the shop and start again.</p>", status=410)
    back = f'<p><a href="{escape(_success_url(session))}">Back to the shop</a></p>'
    return page("This payment is already done", back)


def checkout_page(sandbox: Provider, request: Request) -> Response:
    session = _session(sandbox, request)
    if session is None or session["status"] != "open":
        return _unavailable(session)
    return _bank_form(session) if request.path.endswith(AUTHENTICATION) else _form(session)


def _bank_form(session: Document) -> Response:
    buttons = button("approve", "Approve", main=True) + button("fail", "Fail")
    asked = "<p>Your bank asks whether it is you who pays.</p>"
    return page("Confirm with your bank", asked + form(buttons, f"{PREFIX}{session['id']}{AUTHENTICATION}"))


def _form(session: Document, payer: Payer | None = None, *, error: str = "") -> Response:
    payer = payer or Payer()
    total = f"{to_text(session['amount_total'], session['currency'])} {session['currency'].upper()}"
    rows = facts(
        (
            ("total", "Total", total),
            ("email", "E-mail", session["customer_email"] or ""),
            ("reference", "Reference", session["client_reference_id"] or ""),
        )
    )
    lines = "".join(f"<li>{line['quantity']} × {escape(line['description'])}</li>" for line in session["_line_items"])
    alarm = f'<p class="error" role="alert" data-testid="error">{escape(error)}</p>' if error else ""
    buttons = [
        button("pay", f"Pay {total}", main=True),
        button("decline", "Decline the card"),
        button("three-d-secure", "Pay with 3-D Secure"),
        button("pay-and-close", "Pay and close the window"),
    ]
    if session["payment_method_types"] != ["card"]:
        buttons.append(button("pay-later", "Pay by a slow method"))
    if session["cancel_url"]:
        buttons.append(button("cancel", "Cancel"))
    fields = (
        country_field(payer.country)
        + text_field("name", "Name on card", payer.name, autocomplete="cc-name")
        + country_field(
            payer.card.get("country", ""), name="card-country", label="Country of the card", blank=AS_BILLED
        )
        + text_field("fingerprint", "Fingerprint of the card", payer.card.get("fingerprint", ""), autocomplete="off")
        + choice_field("risk", "Risk that Stripe sees", payer.risk, SCORES)
    )
    return page(
        "Pay by card", f"{alarm}{rows}<ul>{lines}</ul>{form(fields + ''.join(buttons), PREFIX + session['id'])}"
    )


def checkout_post(sandbox: Provider, request: Request) -> Response:
    """Does what the pressed button says, once: whoever comes second is told that the payment is done."""
    with sandbox.database.transaction():
        session = _session(sandbox, request)
        if session is None or session["status"] != "open":
            return _unavailable(session)
        sent = request.form()
        payer = _payer(sent)
        if request.path.endswith(AUTHENTICATION):
            return _authenticated(sandbox, session, payer, sent.get("do", ""))
        return _pressed(sandbox, session, payer, sent.get("do", ""))


def _payer(sent: Mapping[str, str]) -> Payer:
    card = {"country": sent.get("card-country", ""), "fingerprint": sent.get("fingerprint", "")}
    risk = sent.get("risk", "")
    return Payer(
        country=sent.get("country", "DE"),
        name=sent.get("name") or "Sandbox Buyer",
        card={part: said for part, said in card.items() if said},
        risk=risk if risk in SCORES else "normal",
    )


def _authenticated(sandbox: Provider, session: Document, payer: Payer, do: str) -> Response:
    payer = Payer(**session.get("_payer", vars(payer)))
    if do == "approve":
        payments.pay(sandbox, session["id"], payer, authenticated=True)
        return redirect(_success_url(session))
    if do != "fail":
        return _bank_form(session)
    payments.decline(sandbox, session["id"], payer, NOT_AUTHENTICATED)
    error = "Your bank didn't confirm the payment. Try again."
    return _form(session, payer, error=error)


def _pressed(sandbox: Provider, session: Document, payer: Payer, do: str) -> Response:
    identifier = session["id"]
    if do == "cancel" and session["cancel_url"]:
        return redirect(session["cancel_url"])
    if do == "three-d-secure":
        payments.require_authentication(sandbox, identifier)
        waiting = open_session(sandbox, identifier)
        sandbox.objects.save({**waiting, "_payer": vars(payer)})
        return redirect(f"{PREFIX}{identifier}{AUTHENTICATION}")
    if do in {"pay", "pay-and-close"}:
        payments.pay(sandbox, identifier, payer)
        return closed() if do == "pay-and-close" else redirect(_success_url(session))
    if do == "pay-later":
        payments.pay_later(sandbox, identifier, payer)
        return redirect(_success_url(session))
    error = "Press one of the buttons."
    if do == "decline":
        payments.decline(sandbox, identifier, payer)
        error = "Your card was declined. Try another one."
    return _form(session, payer, error=error)
