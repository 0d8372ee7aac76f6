"""Samples of the mails about money."""

from payments.dispute_mails import SUBJECTS
from privacy.mail_samples import ADDRESS, NAME, PAGE, Make, sample
from privacy.mails import Mail
from shop.mail_samples import ORDER
from shop.receipt_page import Link

CREDIT_NOTE = Link("Credit note", "C-2026-000001", f"{PAGE}order/receipts/C-2026-000001/")


@sample("payment_instructions")
def _instructions(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject=f"How to pay your order {ORDER.number}",
        template="mails/payment_instructions",
        context={
            "order": ORDER,
            "name": NAME,
            "instructions": [
                ("Amount", "€149.00"),
                ("Reference", ORDER.number),
                ("IBAN", "DE02 1203 0000 0000 2020 51"),
            ],
            "until": "5 December 2026",
            "order_url": f"{PAGE}order/",
        },
    )


@sample("refund_made")
def _refund(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject=f"Your refund for order {ORDER.number}",
        template="mails/refund_made",
        context={
            "order": ORDER,
            "name": NAME,
            "amount": "€149.00",
            "is_paypal": False,
            "is_late": False,
            "is_by_hand": False,
            "has_units": True,
            "left": [],
            "is_tax": False,
            "is_vat_confirmed": False,
            "order_url": f"{PAGE}order/",
            "documents": [CREDIT_NOTE],
        },
    )


@sample("refund_failed")
def _refund_failed(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject=f"Your refund for order {ORDER.number} didn’t arrive",
        template="mails/refund_failed",
        context={
            "order": ORDER,
            "name": NAME,
            "amount": "€149.00",
            "is_by_hand": False,
            "order_url": f"{PAGE}order/",
            "documents": [Link("Reversal", "X-2026-000001", f"{PAGE}order/receipts/X-2026-000001/")],
        },
    )


def _of_review(kind: str, subject: str, **more: str) -> Make:
    return lambda language: Mail(
        to=ADDRESS,
        subject=subject.format(ORDER.number),
        template=f"mails/{kind}",
        context={"order": ORDER, "name": NAME, "total": "€149.00", "order_url": f"{PAGE}order/", **more},
    )


sample("order_held")(_of_review("order_held", "Your order {} is being checked"))
sample("order_refused")(_of_review("order_refused", "Your order {} was not accepted"))
sample("order_let_in")(_of_review("order_let_in", "Your order {} can be placed again", until="5 December 2026"))


def _of_dispute(kind: str) -> Make:
    return lambda language: Mail(
        to=ADDRESS,
        subject=SUBJECTS[kind].format(ORDER.number),
        template=f"mails/{kind}",
        context={
            "order": ORDER,
            "name": NAME,
            "amount": "€149.00",
            "is_paypal": False,
            "order_url": f"{PAGE}order/",
            "documents": [CREDIT_NOTE] if kind == "dispute_lost" else [],
        },
    )


for _kind in SUBJECTS:
    sample(_kind)(_of_dispute(_kind))
