"""What no text field of the account takes."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views
from django import forms

from accounts.forms import AddressForm, ProfileForm
from accounts.forms.sign_in import AddPasskeyForm, EditPasskeyForm, SignupPasskeyForm
from accounts.models import User

pytestmark = pytest.mark.django_db
TURNED = "Leave out the invisible signs that turn the direction of writing. The text needs none."
TEXTS = [
    *[(ProfileForm, name) for name in ("name", "company")],
    *[(AddressForm, name) for name in ("name", "company", "street", "postal_code", "city", "region", "vat_number")],
]


@pytest.mark.parametrize("sign", ["\u202e", "\u2067"])
@pytest.mark.parametrize(("form", "field"), TEXTS)
def test_no_text_turns_the_direction_of_writing(form: type[forms.ModelForm], field: str, sign: str) -> None:
    assert form({field: f"a{sign}b"}).errors[field] == [TURNED]


def test_nor_does_the_name_of_a_passkey() -> None:
    form = AddPasskeyForm({"name": "Key\u202e"}, user=User())
    assert form.errors["name"] == [TURNED]


@pytest.mark.parametrize(
    ("name", "kind"), [("SignupWebAuthnView", SignupPasskeyForm), ("EditWebAuthnView", EditPasskeyForm)]
)
def test_nor_does_it_at_sign_up_or_when_it_is_renamed(name: str, kind: type[forms.Form]) -> None:
    assert getattr(views, name)().get_form_class() is kind
    passkey = Authenticator(type=Authenticator.Type.WEBAUTHN, data={"name": "Key"})
    given = {"user": User()} if kind is SignupPasskeyForm else {"instance": passkey}
    assert kind({"name": "Key\u202e"}, **given).errors["name"] == [TURNED]
