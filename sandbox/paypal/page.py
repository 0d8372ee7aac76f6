"""The page on which a buyer approves an order: pay, decline, pay slowly, cancel or walk away."""

from html import escape
from urllib.parse import urlencode

from sandbox.objects import Document
from sandbox.pages import button, choice_field, closed, country_field, facts, form, page, text_field
from sandbox.paypal import orders
from sandbox.paypal.orders import Payer
from sandbox.provider import Provider
from sandbox.server import Request, Response, redirect

# What a button means for the later capture.
OUTCOMES = {"pay": "paid", "pay-and-close": "paid", "decline": "declined", "pending": "pending"}


def _order(sandbox: Provider, request: Request) -> Document | None:
    return sandbox.objects.find("order", dict(request.query).get("token", ""))


def _unavailable(order: Document | None) -> Response:
    if order is None:
        return page("No such order", "<p>Go back to the shop and start again.</p>", status=404)
    return page("This order is already paid", "<p>You can go back to the shop.</p>")


def approve_page(sandbox: Provider, request: Request) -> Response:
    order = _order(sandbox, request)
    if order is None or order["status"] not in orders.APPROVABLE:
        return _unavailable(order)
    unit = order["purchase_units"][0]
    total = f"{unit['amount']['value']} {unit['amount']['currency_code']}"
    rows = facts(
        (
            ("total", "Total", total),
            ("reference", "Reference", unit.get("custom_id", "")),
            ("description", "For", unit.get("description", "")),
        )
    )
    lines = "".join(f"<li>{escape(item['quantity'])} × {escape(item['name'])}</li>" for item in unit.get("items", []))
    # A buyer who was declined comes back to the same page with the same account.
    before = Payer(**order.get("_payer", {}))
    controls = [
        text_field("email", "PayPal account (e-mail)", before.email, autocomplete="email"),
        country_field(before.country),
        text_field("name", "Name", before.name, autocomplete="name"),
        choice_field("protection", "Seller protection", before.protection, orders.PROTECTIONS),
        button("pay", f"Pay {total}", main=True),
        button("decline", "Pay with a card that is declined"),
        button("pending", "Pay by a slow method"),
        button("pay-and-close", "Pay and close the window"),
    ]
    if "cancel_url" in order["_context"]:
        controls.append(button("cancel", "Cancel"))
    return page(
        "Pay with PayPal",
        f"{rows}<ul>{lines}</ul>{form(''.join(controls), _address('/checkoutnow', token=order['id']))}",
    )


def _address(address: str, **query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def approve_post(sandbox: Provider, request: Request) -> Response:
    """Does what the pressed button says, then leads back to the shop."""
    order = _order(sandbox, request)
    if order is None or order["status"] not in orders.APPROVABLE:
        return _unavailable(order)
    sent = request.form()
    do, context = sent.get("do", ""), order["_context"]
    if do == "cancel" and "cancel_url" in context:
        return redirect(_address(context["cancel_url"], token=order["id"]))
    if do not in OUTCOMES:
        return page("Press one of the buttons", "<p>Go back and try again.</p>", status=400)
    default = Payer()
    payer = Payer(
        country=sent.get("country") or default.country,
        name=sent.get("name") or default.name,
        email=sent.get("email") or default.email,
        protection=sent["protection"] if sent.get("protection") in orders.PROTECTIONS else default.protection,
    )
    approved = orders.approve(sandbox, order["id"], payer, OUTCOMES[do])
    sandbox.objects.save({**approved, "_payer": vars(payer)})
    if do == "pay-and-close" or "return_url" not in context:
        return closed()
    return redirect(_address(context["return_url"], token=order["id"], PayerID=approved["payer"]["payer_id"]))
