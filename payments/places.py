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

declare(
    MailKind(
        name="refund_made",
        template="mails/refund_made",
        words="tells the buyer that money was given back",
        purpose=PAYMENT,
        carries=frozenset({Category.EMAIL, Category.NAME, Category.PURCHASE}),
    ),
)
