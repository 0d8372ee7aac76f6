"""The promises of the shop, in its own words and in the order in which the policy says them (docs/privacy.md).

The ids and the facts are fixed. Whoever changes a word here changes the policy: `manage.py privacy publish`.
"""

from django.conf import settings

from accounts.cases import figures as case_figures
from privacy import deletion_figures, evidence, looks
from privacy.promises import Promise, Remark, Section, register, remark
from shop import named_orders


def _fraud() -> str:
    """Which decisions are made without a person (Art. 13(2)(f) and 22 GDPR): as `payments.fraud` makes them."""
    begins = (
        "We process payments and prevent fraud. Each order gets points for named signs: countries of connection, card "
        "and billing address that differ; a browser that your account never used; an e-mail address to be thrown away; "
        "many orders within 24 hours by one address, card or network, which we tell apart by keyed hashes alone; a "
        "large amount; what the payment provider says; an earlier dispute. From a limit on, the order waits until a "
        "person has looked at it."
    )
    if not settings.FRAUD_REFUSES_ALONE:
        return f"{begins} Only a person refuses an order; nothing is refused automatically."
    return (
        f"{begins} From a higher limit on, an order is refused automatically before you pay. Write to "
        "{{support_email}}, say how you see it, and a person decides anew."
    )


register(
    Promise(
        id="P1",
        section=Section.COLLECTING,
        words="We collect personal data during checkout. After that, only what you enter yourself, such as an address "
        "in your account, or what you write to us.",
        evidence=evidence.columns_declared,
    ),
    Promise(
        id="P2",
        section=Section.COLLECTING,
        words="While you browse, we track the products you viewed, for one thing: to show you your recently viewed "
        "products. We ask first. The list stays in a cookie in your browser; we keep no copy. [Change your "
        "answer](/cookies/) whenever you like. A browser that sends Global Privacy Control has said no, and we "
        "don’t ask it.",
        evidence=None,
    ),
    Promise(
        id="P3",
        section=Section.COLLECTING,
        words="We track your location, your IP address and your browser’s type, and use them for purposes such as "
        "estimating tax and delivery, and to prevent fraud. From the address we derive a country, from the "
        "browser’s description its family, such as Firefox. These two we keep; the address and the description we"
        " don’t.",
        evidence=evidence.ip_columns,
    ),
    Promise(
        id="P4",
        section=Section.COLLECTING,
        words="Cookies keep the contents of your cart while you browse. All of them are our own; nobody else sets one "
        "here.",
        evidence=evidence.cookies_set,
    ),
    Promise(
        id="P5",
        section=Section.COLLECTING,
        words="A purchase asks for your name, your billing address, your e-mail address and payment details. If you buy"
        " for a company, also for its name, its VAT number and your purchase-order number. If you wish, you name "
        "another e-mail address to deliver to. You type payment details at the payment provider, never here.",
        evidence=None,
    ),
    Promise(
        id="P6a",
        section=Section.USING,
        words="We write to you about your account and your order: the confirmation, the license keys, a refund, a "
        "deletion.",
        evidence=None,
    ),
    Promise(
        id="P6b",
        section=Section.USING,
        words="We answer your requests, refunds and complaints included. As a consumer you can [withdraw from a "
        "purchase](/requests/withdrawal/) within 14 days. Everything else you [ask here](/requests/).",
        evidence=case_figures.answered,
    ),
    Promise(
        id="P6c",
        section=Section.USING,
        words=_fraud,
        evidence=None,
    ),
    Promise(
        id="P6d",
        section=Section.USING,
        words="We meet legal duties, such as calculating taxes.",
        evidence=None,
    ),
    Promise(
        id="P6e",
        section=Section.USING,
        words="If you make an account, it stores your name, address and e-mail address, and the products and license "
        "keys you bought are linked to it.",
        evidence=None,
    ),
    Promise(
        id="P6f",
        section=Section.USING,
        words="Branding pages feature the logo of a customer company that agreed to it, for the products it named: "
        "[Trusted by](/trusted-by/). Whoever manages the logo can take that back; within a minute the logo is gone.",
        evidence=None,
    ),
    Promise(
        id="P7a",
        section=Section.KEEPING,
        words="We keep data as long as its purpose needs it and no longer, unless the law requires it.",
        evidence=None,
    ),
    Promise(
        id="P7b",
        section=Section.KEEPING,
        words="We keep order information for {order_period}, for tax and accounting: your name, e-mail address and "
        "company name. After that nobody can tell from the order who bought.",
        evidence=named_orders.oldest,
    ),
    Promise(
        id="P8",
        section=Section.KEEPING,
        words="We keep your comments and reviews where you leave them, under the name you choose for them. When you "
        "close your account, or ask for deletion, they go, or stay without your name: as you say there.",
        evidence=None,
    ),
    Promise(
        id="P9a",
        section=Section.ACCESS,
        words="Administrators and Shop Managers see order information: what was bought, when, and where it should be "
        "sent. Support sees an order or a customer only through a case or a deletion request. Nobody else here "
        "sees any.",
        evidence=None,
    ),
    Promise(
        id="P9b",
        section=Section.ACCESS,
        words="The same people see customer information in the same way: name, e-mail address and company name.",
        evidence=None,
    ),
    Promise(
        id="P9c",
        section=Section.ACCESS,
        words="They use it to fulfil orders, process refunds and give you support. Every look at a customer’s data is "
        "put on record, with its reason, and [you can see yours](/account/data/looks/).",
        evidence=looks.on_record,
    ),
    Promise(
        id="P10",
        section=Section.PAYING,
        words="We accept PayPal everywhere. It is passed what it needs to process or support the payment: the total of "
        "your purchase and your billing information.",
        evidence=None,
    ),
    Promise(
        id="P11a",
        section=Section.PAYING,
        words="In the European Union you can also pay by credit card, through Stripe. Elsewhere we offer no card "
        "payment.",
        evidence=None,
    ),
    Promise(
        id="P11b",
        section=Section.PAYING,
        words="The card form is Stripe’s own: your card’s data is not typed into this shop, does not pass through it "
        "and is not stored by it.",
        evidence=None,
    ),
    Promise(
        id="P12a",
        section=Section.DELETING,
        words="We delete the personal data that we collected from you and that is no longer necessary for us or for "
        "those who provide services to us. What must still be kept, such as an order in its {order_period}, we "
        "keep, and we tell you what, why and until when.",
        evidence=None,
    ),
    Promise(
        id="P12b",
        section=Section.DELETING,
        words="Write to {support_email} and ask for deletion. You need no account, no form and no portal.",
        evidence=None,
    ),
    Promise(
        id="P12c",
        section=Section.DELETING,
        words="Our support team carries the removal out.",
        evidence=None,
    ),
    Promise(
        id="P12d",
        section=Section.DELETING,
        words="You hear from us once it has succeeded: not before, and not when it has not.",
        evidence=deletion_figures.answered,
    ),
    Promise(
        id="P13",
        section=Section.EVERY_PAGE,
        words="This page shows the day on which it was last changed, and so does the foot of every page. Earlier "
        "versions [stay readable](/privacy/versions/).",
        evidence=None,
    ),
    Promise(
        id="P14",
        section=Section.EVERY_PAGE,
        words="Every page has your cart, and a way back to the top.",
        evidence=None,
    ),
)

remark(
    Remark(
        section=Section.RIGHTS,
        words="You may ask what we keep about you, have it corrected, deleted or restricted, take it with you, "
        "object to its use, and take back a consent for the time to come (GDPR Articles 7 and 15 to 21). Write to "
        "{support_email}.",
    ),
    Remark(
        section=Section.RIGHTS,
        words="You may also complain to a data protection authority. Who we are stands in the "
        "[imprint](/pages/imprint/).",
    ),
)
