"""Samples of the mails about orders, reviews and comments."""

from privacy.mail_samples import ADDRESS, NAME, PAGE, sample
from privacy.mails import Mail
from shop.models import Order
from shop.posts import invitations, moderation

ORDER = Order(number="AO-1024")


@sample("order_cancelled")
def _cancelled(language: str) -> Mail:
    return _of_cancelled(was_paid=False)


@sample("order_cancelled_paid")
def _cancelled_paid(language: str) -> Mail:
    return _of_cancelled(was_paid=True)


def _of_cancelled(*, was_paid: bool) -> Mail:
    return Mail(
        to=ADDRESS,
        subject=f"Your order {ORDER.number} is cancelled",
        template="mails/order_cancelled",
        context={"order": ORDER, "name": NAME, "was_paid": was_paid},
    )


@sample("vat_number_invalid")
def _vat_number_invalid(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject=f"The VAT number of your order {ORDER.number}",
        template="mails/vat_number_invalid",
        context={
            "order": ORDER,
            "name": NAME,
            "vat_number": "FR40303265045",
            "tax": "€24.83",
            "order_url": f"{PAGE}order/",
        },
    )


@sample("order_links")
def _order_links(language: str) -> Mail:
    orders = [
        {"number": ORDER.number, "day": "28 November 2026", "url": f"{PAGE}order/"},
        {"number": "AO-1007", "day": "3 May 2026", "url": f"{PAGE}earlier-order/"},
    ]
    return Mail(ADDRESS, "The links of your orders", "mails/order_links", {"orders": orders})


@sample(invitations.MAIL)
def _review_invitation(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject="How does Gridtrace work for you?",
        template="mails/review_invitation",
        context={
            "name": NAME,
            "products": [("Gridtrace", f"{PAGE}review/")],
            "refusal": f"{PAGE}no-invitations/",
        },
        unsubscribe=f"{PAGE}no-invitations/",
    )


_POST: dict[str, object] = {"kind": "review", "product": "Gridtrace", "shown_as": "Ada L.", "address": f"{PAGE}posts/"}


@sample(moderation.REFUSED_MAIL)
def _post_refused(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject="Your review about Gridtrace isn’t shown",
        template="mails/post_refused",
        context={**_POST, "why": "it is about somebody else’s product"},
    )


@sample(moderation.ANSWERED_MAIL)
def _post_answered(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject="We answered your review about Gridtrace",
        template="mails/post_answered",
        context={**_POST, "text": "Thank you. The next version will do that."},
    )
