"""Samples of the mails about cases."""

from django.conf import settings

from accounts.cases.endings import CLOSED_MAIL
from accounts.cases.messages import ANSWER_MAIL
from accounts.cases.receiving import PROOF_MAIL, RECEIVED_MAIL, WITHDRAWAL_MAIL
from accounts.cases.settling import REFUNDING_MAIL
from privacy.mail_samples import ADDRESS, NAME, PAGE, Make, sample
from privacy.mails import Mail
from shop.mail_samples import ORDER

NUMBER, DUE = "Q-000012", "28 December 2026"
SAID = "The report for the auditor stays empty. I would like my money back."


def _of(subject: str, template: str, **more: object) -> Make:
    return lambda language: Mail(
        to=ADDRESS,
        subject=subject,
        template=f"mails/{template}",
        context={
            "name": NAME,
            "number": NUMBER,
            "order_number": ORDER.number,
            "link": f"{PAGE}request/",
            "store": settings.STORE_NAME,
            **more,
        },
    )


sample(PROOF_MAIL)(
    _of(
        "Please confirm your withdrawal",
        "case_proof",
        name="",
        kind="withdrawal",
        is_withdrawal=True,
        taken="Gridtrace Professional: 1 of 3 licenses",
        received="28 November 2026, 10:15:02 UTC",
        until="5 December 2026",
    )
)
sample(RECEIVED_MAIL)(
    _of(f"{NUMBER}: we have your refund request", "case_received", kind="refund request", said=SAID, due=DUE, late="")
)
sample(WITHDRAWAL_MAIL)(
    _of(
        f"{NUMBER}: we have your withdrawal",
        "withdrawal_received",
        said="I withdraw from my order.",
        received="28 November 2026, 10:15:02 UTC",
        amount="€149.00",
        needs_person=False,
        due=DUE,
    )
)
sample(REFUNDING_MAIL)(
    _of(
        f"{NUMBER}: €149.00 go back",
        "case_update",
        said="We agree to your request: €149.00 go back the way you paid.",
        note="We write again when the money has left. Keys that go back stop working.",
    )
)
sample(ANSWER_MAIL)(
    _of(f"{NUMBER}: our answer", "case_answer", answer="Thank you for writing. The next version fills that report.")
)
sample(CLOSED_MAIL)(
    _of(
        f"{NUMBER} is closed",
        "case_update",
        said="We have answered, and closed your request.",
        note="Should something be left, answer this mail within 14 days: it opens again.",
    )
)
