"""What belongs to somebody else: the answer is the same, to the byte, as for what doesn't exist, whoever asks.

Made from the list of addresses: a new one that names a thing fails until it is written down here whose it may be.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.test import Client

from accounts import cases, roles
from accounts.cases import attachments as case_files
from accounts.cases import links as case_links
from accounts.models import Address, CaseAttachment, License, User
from privacy.exports import requests
from shop import orders, receipts
from shop.models import Edition, Order
from tests import desk
from tests.accounts import purchases
from tests.attacks import addresses
from tests.shop.posts import people

pytestmark = pytest.mark.django_db
VISITOR, CUSTOMER = "visitor", "customer"
READERS = (VISITOR, CUSTOMER, *desk.ROLES)
#: Of everybody: goods, pages and versions of the policy, the kinds of consent, logos that are shown.
PUBLIC = {
    *("category", "product", "page", "policy_version", "account_consent_withdraw"),
    *("product_reviews", "product_questions", "review_write", "question_ask", "post_comment", "post_report"),
    *("trusted_by_product", "logo_picture"),
}
#: What opens them is the secret in the link; it belongs to whoever has it.
LINKS = {
    *("order", "order_correct_email", "order_renew_link", "order_back_to_cart", "open_keys"),
    *("payment_return", "payment_cancel", "pay_again", "account_reset_password_from_key"),
    *("deletion_proof", "order_reviews", "order_review", "no_invitations", "request", "order_request"),
    "account_logo_join",
}
NONE = {
    "pk": 987654,
    "key_id": 987654,
    "license_id": 987654,
    "address_id": 987654,
    "author_id": 987654,
    "user_id": 987654,
    "file_id": 987654,
    "number": "AO-987654",
    "label": "R-2026-987654",
}
Values = dict[str, object]


@dataclass
class Belongings:
    """What one person has here: an order with a key, a license, an address, an export, a passkey."""

    user: User = field(default_factory=desk.person)

    def __post_init__(self) -> None:
        edition = purchases.edition()
        sold = purchases.paid((edition, 1), user=self.user, email=self.user.email)
        self.order = Order.objects.get(pk=sold.pk)
        receipts.issue(self.order)
        address = Address.objects.create(
            user=self.user, name="Kim", street="Am Sandtorkai 41", postal_code="20457", city="Hamburg", country="DE"
        )
        passkey = Authenticator.objects.create(
            user=self.user, type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop", "credential": {}}
        )
        review = people.review(edition.product, self.user, text=f"It works well, says {self.user.pk}.")
        export = requests.ask(self.user)
        requests.make_due()
        file = case_files.File("note.txt", "text/plain", b"Seen.")
        wish = cases.Request(kind="complaint", email=self.user.email, text="It fails.", files=[file])
        case = cases.receive(wish, self.order, channel="account", user=self.user)
        export.refresh_from_db()
        self.values: Values = {
            "number": self.order.number,
            "label": receipts.of(self.order)[0].label,
            "key_id": purchases.keys_of(self.order)[0].pk,
            "license_id": License.objects.get(user=self.user).pk,
            "address_id": address.pk,
            "author_id": people.author(review).pk,
            "pk": passkey.pk,
            "user_id": self.user.pk,
            "kind": "complaint",
            "file_id": CaseAttachment.objects.get(message__party__case=case).pk,
        }
        self.request_token = case_links.token(case.party)
        self.export_token = requests.token(export)
        self.link = orders.token(self.order)


#: Each address of a thing with an owner: the arguments that name somebody else's thing, and those that name none. What
#: they have in common is the reader's own.
Naming = Callable[[Belongings, Belongings], tuple[Values, Values]]


def by(*names: str) -> Naming:
    """These arguments are the other's, all others the reader's own."""

    def name(own: Belongings, other: Belongings) -> tuple[Values, Values]:
        theirs, nothing = {name: other.values[name] for name in names}, {name: NONE[name] for name in names}
        return own.values | {"token": own.link} | theirs, own.values | {"token": own.link} | nothing

    return name


def by_export(_own: Belongings, other: Belongings) -> tuple[Values, Values]:
    return {"token": other.export_token}, {"token": "A" * len(other.export_token)}


def by_request(own: Belongings, other: Belongings) -> tuple[Values, Values]:
    theirs, nothing = {"file_id": other.values["file_id"]}, {"file_id": NONE["file_id"]}
    return {"token": own.request_token} | theirs, {"token": own.request_token} | nothing


OWNED: dict[str, tuple[Naming, ...]] = {
    "account_order": (by("number"),),
    "account_receipt": (by("number"), by("label"), by("number", "label")),
    "order_receipt": (by("label"),),
    "account_open_keys": (by("number"),),
    "account_request": (by("number"),),
    "request_file": (by_request,),
    "account_open_key": (by("number", "key_id"), by("key_id")),
    "account_license": (by("license_id"),),
    "account_open_license": (by("license_id"),),
    "open_key": (by("key_id"),),
    "account_address": (by("address_id"),),
    "account_address_delete": (by("address_id"),),
    "account_post": (by("author_id"),),
    "account_post_remove": (by("author_id"),),
    "account_logo_remove": (by("user_id"),),
    "account_export": (by_export,),
    "account_export_file": (by_export,),
    "mfa_remove_webauthn": (by("pk"),),
    "mfa_edit_webauthn": (by("pk"),),
}


def test_every_address_that_names_a_thing_has_a_rule() -> None:
    named = {address.name for address in addresses.of_the_shop() if address.arguments}
    assert named == OWNED.keys() | PUBLIC | LINKS


def entered(user: User) -> Client:
    """A browser in which this person signed in, and has just shown again who it is."""
    client = desk.enter(user)
    session = client.session
    session["account_authentication_methods"] = [
        way | {"reauthenticated": True} for way in session["account_authentication_methods"]
    ]
    session.save()
    return client


def browser(reader: str, own: Belongings) -> Client:
    return Client() if reader == VISITOR else entered(own.user)


def of(reader: str) -> Belongings:
    return Belongings(desk.person("" if reader in {VISITOR, CUSTOMER} else reader))


def seen(client: Client, path: str) -> list[tuple[int, str, bytes]]:
    """What a GET and a POST of an address show, without its own path."""
    shown = []
    for answer in (client.get(path), client.post(path, {"answer": "show", "name": "Mine"})):
        location = answer.headers.get("Location", "").replace(quote(path, safe=""), "PATH").replace(path, "PATH")
        shown.append((answer.status_code, location, answer.content.replace(path.encode(), b"PATH")))
    return shown


@pytest.mark.parametrize("reader", READERS)
def test_somebody_else_s_things_are_as_if_they_were_not_there(reader: str) -> None:
    own, other = of(reader), Belongings()
    client = browser(reader, own)
    for address in addresses.of_the_shop():
        for name in OWNED.get(address.name, ()):
            theirs, nothing = name(own, other)
            answers = seen(client, address.path(**theirs))
            assert answers == seen(client, address.path(**nothing)), address.name
            signs_in = reader == VISITOR and address.name not in {"open_key", "order_receipt", "request_file"}
            assert {status for status, _, _ in answers} <= ({302, 405} if signs_in else {404, 405}), address.name
    other.order.refresh_from_db()
    assert purchases.keys_of(other.order)[0].opened_at is None


@pytest.mark.parametrize("reader", READERS)
def test_a_link_that_is_nobody_s_says_nothing(reader: str) -> None:
    """The same whatever is tried, and though there are orders; a role opens no link."""
    own = of(reader)
    client = browser(reader, own)
    for address in addresses.of_the_shop():
        if address.name in LINKS - {"account_reset_password_from_key"}:
            tried = [
                seen(client, address.path(provider="stripe", slug="excel", kind="complaint", token=token))
                for token in ("A" * 32, "B" * 32, "gone", own.order.number)
            ]
            assert all(answers == tried[0] for answers in tried), address.name
            signs_in = reader == VISITOR and address.name == "account_logo_join"
            assert {status for status, _, _ in tried[0]} <= ({302} if signs_in else {404, 405}), address.name


def test_the_owner_does_see_each_of_them() -> None:
    """Else the tests above would show nothing."""
    own = Belongings()
    client = entered(own.user)
    for address in addresses.of_the_shop():
        if address.name in OWNED.keys() - {"account_address_delete", "account_post_remove", "account_logo_remove"}:
            token = own.export_token if "export" in address.name else own.link
            token = own.request_token if address.name == "request_file" else token
            assert client.get(address.path(**own.values | {"token": token})).status_code in {200, 302}, address.name


#: At the desk a row is named by one of these.
ROWS = {
    *("object_id", "order_id", "refund_id", "attempt_id", "pool_id", "export_id", "request_id", "step_id"),
    *("case_id", "post_id"),
}


@pytest.mark.parametrize("reader", [VISITOR, CUSTOMER, roles.SUPPORT])
def test_the_desk_tells_nobody_without_its_permission_what_there_is(reader: str) -> None:
    """A row that is there and one that isn't look the same."""
    client = browser(reader, of(reader))
    desk.fill(1)
    for address in addresses.everywhere():
        own = ("admin:privacy_deletionrequest", "admin:accounts_case", "admin:accounts_cannedanswer")
        if reader == roles.SUPPORT and address.name.startswith(own):
            continue  # Support's own: test_deletion_desk.py and accounts/cases/test_desk.py say who sees none
        if address.name.startswith("admin:") and address.arguments & ROWS and address.arguments <= ROWS:
            there, nowhere = (address.path(**dict.fromkeys(ROWS, row)) for row in (_row_of(address.name), 987654))
            answers = [seen(client, path) for path in (there, nowhere)]
            assert answers[0] == answers[1], address.name
            assert {status for status, _, _ in answers[0]} <= {302, 403, 404, 405}, address.name


def _row_of(name: str) -> int:
    app, model = name.removeprefix("admin:").split("_")[:2]
    of = Edition if model == "keypool" else apps.get_model(app, model)
    return of.objects.order_by("pk").values_list("pk", flat=True).first() or 1
