"""allauth's forms in the shop's words: a label above each field, no placeholder, and one sentence on passwords."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings

from shop.forms import visible_text

PASSWORD_RULE = "At least 10 characters, and none of the passwords that everybody tries first."  # noqa: S105  # a sentence


class InOurWords(forms.BaseForm):
    """Gives the fields their labels and takes the placeholders away, which vanish as soon as one types."""

    LABELS: ClassVar = {
        "login": "E-mail address",
        "email": "E-mail address",
        "password": "Password",
        "password1": "Password",
        "password2": "The same password again",
        "oldpassword": "Password until now",
        "code": "Code",
        "passwordless": "Sign in with it alone, without a password",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.LABELS.get(name, field.label)
            if name == "password1":
                field.help_text = PASSWORD_RULE
            elif name in ("login", "password", "passwordless"):
                field.help_text = ""
            elif name == "name":
                field.validators.append(visible_text)


class SignupForm(InOurWords, account.SignupForm):
    """Its trap for robots is hidden by a class, because styles inside the page are blocked here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trap = self.fields[settings.ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD]
        trap.label = "Leave this empty"
        del trap.widget.attrs["style"]
        trap.widget.attrs["autocomplete"] = "off"


class LoginForm(InOurWords, account.LoginForm):
    pass


class RequestLoginCodeForm(InOurWords, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(InOurWords, account.ConfirmLoginCodeForm):
    pass


class ConfirmEmailForm(InOurWords, account.ConfirmEmailVerificationCodeForm):
    pass


class AddEmailForm(InOurWords, account.AddEmailForm):
    pass


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    pass


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    pass


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    pass


class AuthenticateForm(InOurWords, mfa.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(InOurWords, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(InOurWords, totp.ActivateTOTPForm):
    pass


class AddPasskeyForm(InOurWords, webauthn.AddWebAuthnForm):
    pass


class EditPasskeyForm(InOurWords, webauthn.EditWebAuthnForm):
    pass


class SignupPasskeyForm(InOurWords, webauthn.SignupWebAuthnForm):
    pass
