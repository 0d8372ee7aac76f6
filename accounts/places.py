"""Where accounts keep or send something of a person outside of their tables."""

from datetime import timedelta

from privacy.inventory import Category
from privacy.places import CachePrefix, MailKind, declare
from privacy.purposes import ACCOUNT, ANSWERS, FULFILMENT, RIGHTS, SECURITY, STAFF_WORK

declare(
    CachePrefix(
        name="allauth:",
        words="tries to sign in, by a hash of the connection's address or the account's id; never longer than a day",
        lasts=timedelta(days=1),
    ),
    CachePrefix(
        name="allauth.mfa.totp.used?",
        words="that a code of an authenticator app was used, by the account's id",
        lasts=timedelta(seconds=30),
    ),
    CachePrefix(
        name="key-import:",
        words="a checked file of keys, encrypted, until a staff member confirms it, by the staff member's id",
        lasts=timedelta(minutes=30),
    ),
)

declare(
    MailKind(
        name="order_confirmation",
        template="mails/order_confirmation",
        words="confirms an order to its buyer, with the keys where they were wanted at once",
        purpose=FULFILMENT,
        carries=frozenset({Category.EMAIL, Category.NAME, Category.COMPANY, Category.PURCHASE}),
    ),
    MailKind(
        name="license_keys",
        template="mails/license_keys",
        words="sends keys, or the way to open them, to the address that the buyer named for them",
        purpose=FULFILMENT,
        carries=frozenset({Category.EMAIL, Category.PURCHASE}),
    ),
    MailKind(
        name="keys_opened",
        template="mails/keys_opened",
        words="confirms to a consumer which sealed keys were opened, and that they can't be returned any more",
        purpose=FULFILMENT,
        carries=frozenset({Category.EMAIL, Category.NAME, Category.PURCHASE}),
    ),
    MailKind(
        name="open_alerts",
        template="mails/open_alerts",
        words="calls staff to the desk, and names ids only",
        purpose=STAFF_WORK,
        carries=frozenset({Category.EMAIL}),
    ),
    MailKind(
        name="account_unused",
        template="mails/account_unused",
        words="says that an account which nobody uses will end, and how to keep it",
        purpose=ACCOUNT,
        carries=frozenset({Category.EMAIL, Category.NAME}),
    ),
    MailKind(
        name="account_closed",
        template="mails/account_closed",
        words="tells a person that the account is closed",
        purpose=ACCOUNT,
        carries=frozenset({Category.EMAIL, Category.NAME}),
    ),
)

declare(
    MailKind(
        name="data_export",
        template="mails/data_export",
        words="says that the copy of a person's data is ready, and where",
        purpose=RIGHTS,
        carries=frozenset({Category.EMAIL}),
    ),
    MailKind(
        name="deletion_letter",
        template="mails/deletion_letter",
        words="asks support for deletion, in the name of the person who had the shop send it",
        purpose=RIGHTS,
        carries=frozenset({Category.EMAIL, Category.NAME}),
    ),
)

declare(
    MailKind(
        name="logo_published",
        template="mails/logo_published",
        words="says that a company's logo is shown, to each person who manages it",
        purpose=ACCOUNT,
        carries=frozenset({Category.EMAIL, Category.NAME, Category.COMPANY}),
    ),
    MailKind(
        name="logo_declined",
        template="mails/logo_declined",
        words="says why a company's logo isn't shown, to each person who manages it",
        purpose=ACCOUNT,
        carries=frozenset({Category.EMAIL, Category.NAME, Category.COMPANY, Category.FREE_TEXT}),
    ),
)

_OF_CASES = {
    "case_proof": ("mails/case_proof", "asks an address whether a request that was made in a form is its own"),
    "case_received": ("mails/case_received", "says that a request is here, and until when we answer"),
    "withdrawal_received": ("mails/withdrawal_received", "says that a withdrawal is here, with its day and time"),
    "case_refunding": ("mails/case_update", "says that we agree to a refund, and how much goes back"),
    "case_answer": ("mails/case_answer", "answers a request"),
    "case_closed": ("mails/case_update", "says that a request is closed"),
}
declare(
    *(
        MailKind(
            name=name,
            template=template,
            words=words,
            purpose=ANSWERS,
            carries=frozenset({Category.EMAIL, Category.NAME, Category.PURCHASE, Category.FREE_TEXT}),
        )
        for name, (template, words) in _OF_CASES.items()
    )
)

#: Mails of allauth, which it sends at once: their templates, and what each tells.
SIGN_IN = {
    "account/email/account_already_exists": "says that the address has an account",
    "account/email/email_changed": "says that the address of an account was changed",
    "account/email/email_confirm": "says that an address was confirmed",
    "account/email/email_confirmation": "carries the code that confirms an address",
    "account/email/email_confirmation_signup": "carries the code that confirms the address of a new account",
    "account/email/email_deleted": "says that an address was taken off an account",
    "account/email/login_code": "carries a code to sign in with",
    "account/email/password_changed": "says that a password was changed",
    "account/email/password_reset": "says that a password was set anew",
    "account/email/password_reset_key": "carries the link to a new password",
    "account/email/password_set": "says that a password was set",
    "account/email/unknown_account": "says that an address has no account",
    "mfa/email/recovery_codes_generated": "says that recovery codes were made",
    "mfa/email/totp_activated": "says that an authenticator app was added",
    "mfa/email/totp_deactivated": "says that an authenticator app was removed",
    "mfa/email/webauthn_added": "says that a passkey was added",
    "mfa/email/webauthn_removed": "says that a passkey was removed",
}
declare(
    *(
        MailKind(
            name=template,
            template=f"{template}_message",
            words=words,
            purpose=SECURITY,
            carries=frozenset({Category.EMAIL, Category.CREDENTIAL} if "carries" in words else {Category.EMAIL}),
        )
        for template, words in SIGN_IN.items()
    )
)
