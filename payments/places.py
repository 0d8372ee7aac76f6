"""Whom payments pass data to, and the mails they send."""

from privacy.inventory import Category
from privacy.places import MailKind, Recipient, declare
from privacy.purposes import PAYMENT

declare(
    Recipient(
        name="PayPal (Europe) S.à r.l. et Cie, S.C.A.",
        title="PayPal",
        role="payment provider, a controller of its own",
        words="takes payments by PayPal account, and supports them",
        passed="the total of the purchase and the billing information",
        purpose=PAYMENT,
        country="Luxembourg",
        transfer="to PayPal's companies in the United States, under binding corporate rules and standard clauses",
        policy_url="https://www.paypal.com/webapps/mpp/ua/privacy-full",
        is_used=True,
    ),
    Recipient(
        name="Stripe Payments Europe, Limited",
        title="Stripe",
        role="payment provider, a processor for the payment and a controller against fraud",
        words="takes payments by credit card in the European Union, in a form of its own",
        passed="the total and the lines of the purchase and the e-mail address; card data is typed there",
        purpose=PAYMENT,
        country="Ireland",
        transfer="to Stripe, LLC in the United States, under the EU-US Data Privacy Framework and standard clauses",
        policy_url="https://stripe.com/privacy",
        is_used=True,
    ),
)

_TO_THE_BUYER = frozenset({Category.EMAIL, Category.NAME, Category.PURCHASE})
_MAILS = {
    "payment_instructions": "tells the buyer how to send a bank transfer",
    "refund_made": "tells the buyer that money was given back",
    "refund_failed": "tells the buyer that money which was said to be back didn’t arrive, and that we see to it",
    "order_held": "tells the buyer that a person looks at the order before its keys are sent",
    "order_refused": "tells the buyer that an order was refused by itself, and how to have a person decide",
    "order_let_in": "tells the buyer that a person has overruled a refusal, and how to order again",
    "dispute_opened": "tells the buyer that keys are paused while a payment is disputed",
    "dispute_won": "tells the buyer that keys work again",
    "dispute_lost": "tells the buyer that a disputed payment went back",
}
declare(
    *(
        MailKind(name=kind, template=f"mails/{kind}", words=words, purpose=PAYMENT, carries=_TO_THE_BUYER)
        for kind, words in _MAILS.items()
    )
)
