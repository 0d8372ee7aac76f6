"""Purposes and readers that the declarations of every app name, and the one declaration that they share, each once."""

from privacy.inventory import Basis, Category, Erasure, Keep, Personal, Purpose, Reader, Source

FULFILMENT = Purpose("fulfilment", "delivering what was bought and answering questions about it", Basis.CONTRACT)
TAX_RECORDS = Purpose("tax records", "keeping order information for tax and accounting", Basis.LEGAL_DUTY)
BILLING = Purpose("billing", "calculating tax and writing the receipt", Basis.LEGAL_DUTY)
FRAUD_PREVENTION = Purpose(
    "fraud prevention", "recognizing payments that are not the card holder’s", Basis.LEGITIMATE_INTEREST
)
ACCOUNT = Purpose("account", "keeping the account that a customer made", Basis.CONTRACT)
SECURITY = Purpose(
    "account security", "protecting sign-in and showing where an account is signed in", Basis.LEGITIMATE_INTEREST
)
CART = Purpose("cart", "keeping the cart of a person who is signed in", Basis.CONTRACT)
PAYMENT = Purpose("payment", "processing and supporting a payment", Basis.CONTRACT)
CONSENT_PROOF = Purpose("proof of consent", "showing what you agreed to, to which words and when", Basis.LEGAL_DUTY)
RIGHTS = Purpose("your rights", "giving you a copy of your data when you ask for it", Basis.LEGAL_DUTY)
DELETION = Purpose(
    "deletion requests", "carrying out your request for deletion, and showing that it was", Basis.LEGAL_DUTY
)
ANSWERS = Purpose("answers", "answering your requests, refunds and complaints included", Basis.CONTRACT)
RECENTLY_VIEWED = Purpose("recently viewed", "showing you the products you viewed", Basis.CONSENT)
BRANDING = Purpose("branding pages", "showing that your company uses our products, as you agreed for it", Basis.CONSENT)
POSTS = Purpose("reviews and comments", "showing what you wrote where you left it", Basis.LEGITIMATE_INTEREST)
WISHES = Purpose("your wishes", "sending you no invitations, as you asked", Basis.LEGAL_DUTY)
INVITATION = Purpose("invitation", "asking once how what you bought works for you", Basis.LEGITIMATE_INTEREST)
OPERATION = Purpose("operation", "keeping the shop running and safe from abuse", Basis.LEGITIMATE_INTEREST)
STAFF_WORK = Purpose("staff work", "knowing which staff member did what", Basis.LEGITIMATE_INTEREST)

CUSTOMER_AND_STAFF = frozenset({Reader.CUSTOMER, Reader.SUPPORT, Reader.SHOP_MANAGER, Reader.ADMINISTRATOR})
MANAGERS = frozenset({Reader.SHOP_MANAGER, Reader.ADMINISTRATOR})
DESK = frozenset({Reader.SUPPORT, Reader.SHOP_MANAGER, Reader.ADMINISTRATOR})
CUSTOMER_ONLY = frozenset({Reader.CUSTOMER})
ADMINISTRATORS = frozenset({Reader.ADMINISTRATOR})
ADMINISTRATORS_AND_CUSTOMER = frozenset({Reader.CUSTOMER, Reader.ADMINISTRATOR})
EVERYBODY = frozenset(Reader)
NOBODY: frozenset[Reader] = frozenset()


def staff_link(keep: Keep, *, readers: frozenset[Reader] = MANAGERS, erasure: Erasure = Erasure.UNLINK) -> Personal:
    """Says which member of staff did something: about the shop's work, and in no customer's copy."""
    return Personal(
        category=Category.WORK,
        purpose=STAFF_WORK,
        source=Source.SHOP,
        readers=readers,
        keep=keep,
        erasure=erasure,
        export=False,
        scrub=None,
    )
