"""Samples of the mails about licenses and accounts, those of signing in included."""

from django.conf import settings
from django.template.loader import render_to_string

from accounts import case_samples as case_samples
from accounts.branding.deciding import DECLINED_MAIL, PUBLISHED_MAIL
from accounts.license_mails import MailedKeys
from accounts.licenses.opening import AGREED, OPENED_MAIL
from accounts.places import SIGN_IN
from privacy.exports import requests
from privacy.mail_samples import ADDRESS, NAME, PAGE, Make, sample
from privacy.mails import Mail
from privacy.models import Alert
from shop.mail_samples import ORDER
from shop.receipt_page import Link

KEYS = [
    MailedKeys("Gridtrace", "Professional, 1 license, no end", [("7KQ2M-PX4TR-9WDHN", ["7KQ2M", "PX4TR", "9WDHN"])])
]


@sample("order_confirmation")
def _confirmation(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject=f"Your order {ORDER.number}: 1 key",
        template="mails/order_confirmation",
        context={
            "title": "Paid. Here is your key.",
            "name": NAME,
            "sentences": ["You chose to have the keys at once. Each one also stands on your order page."],
            "keys": KEYS,
            "order": ORDER,
            "order_url": f"{PAGE}order/",
            "documents": [Link("Receipt", "R-2026-000001", f"{PAGE}order/receipts/R-2026-000001/")],
            "given_back": "",
            "lines": [("Gridtrace Professional, 1 license", "€125.21")],
            "taxes": [("VAT, 19%, Germany", "€23.79")],
            "total": "€149.00",
            "paid_by": "Paid by card",
            "paid_on": "28 November 2026",
        },
    )


@sample(OPENED_MAIL)
def _keys_opened(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject=f"Order {ORDER.number}: 1 key opened",
        template="mails/keys_opened",
        context={
            "name": NAME,
            "opened": [("Gridtrace Professional", "28 November 2026, 10:15:02 UTC")],
            "agreed": AGREED,
            "last_day": "14 December 2026",
            "order": ORDER,
            "order_url": f"{PAGE}order/",
        },
    )


@sample("license_keys")
def _license_keys(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject=f"1 key of order {ORDER.number}",
        template="mails/license_keys",
        context={
            "title": "License keys for you.",
            "sentences": [
                f"{NAME} bought from {settings.STORE_NAME} and gave this address to deliver the keys to.",
            ],
            "keys": KEYS,
            "order": ORDER,
            "order_url": f"{PAGE}order/",
        },
    )


@sample("open_alerts")
def _open_alerts(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject=f"{settings.STORE_NAME}: 1 alert to look at",
        template="mails/open_alerts",
        context={
            "count": "1 alert",
            "alerts": [Alert(message=f"Order {ORDER.number}: 149.00 EUR are disputed at stripe.")],
            "desk_url": f"{PAGE}desk/",
        },
    )


_LOGO: dict[str, object] = {"name": NAME, "company": "Lovelace Engines Ltd", "address": f"{PAGE}logo/"}


@sample(PUBLISHED_MAIL)
def _logo_published(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject="The logo of Lovelace Engines Ltd is shown",
        template="mails/logo_published",
        context={**_LOGO, "products": "Gridtrace", "shown_at": f"{PAGE}trusted-by/"},
    )


@sample(DECLINED_MAIL)
def _logo_declined(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject="The logo of Lovelace Engines Ltd isn’t shown",
        template="mails/logo_declined",
        context={**_LOGO, "why": "It shows a trademark of somebody else.", "deleted_on": "26 February 2027"},
    )


@sample("account_unused")
def _account_unused(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject="Your account ends, unless you sign in",
        template="mails/account_unused",
        context={"name": NAME, "years": settings.ACCOUNT_RETENTION_YEARS, "ends_on": "28 December 2026"},
    )


@sample("account_closed")
def _account_closed(language: str) -> Mail:
    return Mail(ADDRESS, "Your account is closed", "mails/account_closed", {"name": NAME})


@sample(requests.READY_MAIL)
def _data_export(language: str) -> Mail:
    return Mail(
        to=ADDRESS,
        subject="The copy of your data is ready",
        template="mails/data_export",
        context={
            "is_handed_over": False,
            "asked_by_staff": False,
            "url": f"{PAGE}export/",
            "until": "5 December 2026",
        },
    )


@sample("deletion_letter", is_fixed=True)
def _deletion_letter(language: str) -> Mail:
    return Mail(
        to=settings.SUPPORT_EMAIL,
        subject="Please delete my data",
        template="mails/deletion_letter",
        context={"name": NAME, "email": ADDRESS, "number": 7},
        reply_to=ADDRESS,
    )


#: What allauth gives to its mails, as far as the shop's templates use it.
_GIVEN: dict[str, dict[str, object]] = {
    "account/email/account_already_exists": {"email": ADDRESS, "password_reset_url": f"{PAGE}password/"},
    "account/email/email_changed": {"from_email": ADDRESS, "to_email": "countess@example.com"},
    "account/email/email_confirmation": {"code": "481 207"},
    "account/email/email_confirmation_signup": {"code": "481 207"},
    "account/email/email_deleted": {"deleted_email": "countess@example.com"},
    "account/email/login_code": {"code": "481 207"},
    "account/email/password_reset_key": {"password_reset_url": f"{PAGE}password/"},
    "account/email/unknown_account": {"email": ADDRESS, "signup_url": f"{PAGE}sign-up/"},
}


def _of_sign_in(template: str) -> Make:
    def make(language: str) -> Mail:
        given = dict(_GIVEN.get(template, {}))
        return Mail(ADDRESS, render_to_string(f"{template}_subject.txt", given), f"{template}_message", given)

    return make


#: What staff call them, where a template's name says too little.
_NAMED = {
    "account/email/account_already_exists": "Address has an account already",
    "account/email/email_changed": "Address changed",
    "account/email/email_confirm": "Address confirmed",
    "account/email/email_confirmation": "Code to confirm an address",
    "account/email/email_confirmation_signup": "Code to confirm a new account",
    "account/email/email_deleted": "Address taken off",
    "account/email/login_code": "Code to sign in",
    "account/email/password_reset": "Password set anew",
    "account/email/password_reset_key": "Link to a new password",
    "account/email/unknown_account": "Address has no account",
    "mfa/email/recovery_codes_generated": "Recovery codes made",
    "mfa/email/totp_activated": "Authenticator app added",
    "mfa/email/totp_deactivated": "Authenticator app removed",
    "mfa/email/webauthn_added": "Passkey added",
    "mfa/email/webauthn_removed": "Passkey removed",
}
for _template in SIGN_IN:
    sample(_template, named=_NAMED.get(_template, ""))(_of_sign_in(_template))
