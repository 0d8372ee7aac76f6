"""How allauth behaves in this shop."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from qrcode import QRCode
from qrcode.image.svg import SvgPathFillImage

from accounts import second_factors
from accounts.models import User
from privacy import mail_wordings, mails, places, policy, rate_limits
from shop import location

# What every visitor whose address can't be told shares, so that they are limited together.
NOWHERE = "0.0.0.0"  # noqa: S104  # an address to count by, not one to listen at


class AccountAdapter(DefaultAccountAdapter):
    """Registration, sign-in and their mails."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """What tries are counted by: a keyed hash of the connection's address, which itself is kept nowhere (P3)."""
        return rate_limits.fingerprint(f"sign-in:{rate_limits.counted(location.client_ip(request.META) or NOWHERE)}")

    def new_user(self, request: HttpRequest) -> User:
        """An account at its registration, by password or passkey: the page showed the privacy policy in force."""
        return User(policy_version=policy.in_force().number)

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMultiAlternatives:
        """Mails of allauth in the shop's own form: text first, HTML beside it.

        Raises places.Undeclared for one that accounts/places.py doesn't name.
        """
        if places.find(places.MailKind, template_prefix) is None:
            raise places.Undeclared(f"The mail {template_prefix!r} isn't declared: name it in accounts/places.py.")
        subject = render_to_string(f"{template_prefix}_subject.txt", context)
        mail = mails.Mail(email, subject, f"{template_prefix}_message", context)
        return mails.build(mail_wordings.applied(template_prefix, mail))


class MFAAdapter(DefaultMFAAdapter):
    """Second factors."""

    def encrypt(self, text: str) -> str:
        """What is stored of an authenticator app's secret and of the recovery codes' seed."""
        return second_factors.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The other way round."""
        return second_factors.opened(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """The picture for the app's camera, on a white ground: without one, it can't be read in the dark theme."""
        code = QRCode()
        code.add_data(url)
        return str(code.make_image(image_factory=SvgPathFillImage).to_string(encoding="unicode"))
