"""What a client may claim: prices, where to go next, and which host this is."""

import re
from decimal import Decimal

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from payments.models import Attempt
from sandbox.running import StripeSandbox
from shop.models import Order
from tests import desk
from tests.attacks import addresses
from tests.attacks.addresses import Address
from tests.benchmarks.buying import filled
from tests.shop import goods

pytestmark = pytest.mark.django_db
CLAIMS = dict.fromkeys(
    ("price", "unit_price", "amount", "total", "net", "tax", "tax_rate", "discount", "subtotal", "amounts", "currency"),
    "0.01",
)


def form(buyer: Client, **changes: str) -> dict[str, str]:
    """One edition at 149.00 in the cart, by a request that claims other prices; the checkout's form."""
    goods.terms()
    sold = goods.edition("149.00")
    buyer.post(reverse("cart_add"), {"edition": sold.sku, "quantity": "1", **CLAIMS})
    return filled(buyer.get(reverse("checkout")).content.decode(), "card") | changes


@pytest.mark.usefixtures("stripe_sandbox")
def test_prices_and_totals_of_the_client_count_for_nothing(buyer: Client, stripe_sandbox: StripeSandbox) -> None:
    answer = buyer.post(reverse("checkout"), form(buyer, **CLAIMS))
    assert answer["Location"].startswith(stripe_sandbox.base_url)
    order = Order.objects.get()
    assert (order.total, order.currency) == (Decimal("149.000"), "EUR")
    assert Attempt.objects.get().amount == Decimal("149.000")
    (session,) = stripe_sandbox.provider.objects.of("checkout.session")
    assert session["amount_total"] == 14900


@pytest.mark.parametrize("shown", ["0.01", "-149.00", "148.99", "1e2"])
def test_a_total_that_nobody_was_shown_places_no_order(buyer: Client, shown: str) -> None:
    assert buyer.post(reverse("checkout"), form(buyer, shown_total=shown)).status_code == 422
    assert Order.objects.count() == 0


@pytest.mark.parametrize("quantity", ["-1", "0", "1.5", "1e3", "99999999999", "", "٣"])
def test_a_quantity_that_is_none_never_becomes_an_order(buyer: Client, quantity: str) -> None:
    goods.terms()
    sold = goods.edition("149.00")
    buyer.post(reverse("cart_add"), {"edition": sold.sku, "quantity": quantity})
    page = buyer.get(reverse("checkout"))
    if page.status_code == 200:
        total = re.search(r'name="shown_total" value="([^"]+)"', page.content.decode())
        assert total
        assert Decimal(total[1]) >= 149
    else:
        assert (page.status_code, page["Location"]) == (302, reverse("cart"))


# --- Where to go next -------------------------------------------------------------------------------------------------

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
)
NEXT = ("next", "redirect_to", "url", "return_to", "back", "HTTP_REFERER")


@pytest.mark.parametrize("where", ELSEWHERE)
def test_no_address_leads_to_another_site(where: str) -> None:
    """All of the shop's, asked for by a visitor and by an account, with every name that such a thing has."""
    claims = dict.fromkeys(NEXT, where)
    for client in (Client(), desk.enter(desk.person())):
        for address in addresses.of_the_shop():
            if address.arguments or address.name in {"account_logout", "account_close"}:
                continue
            for answer in (
                client.get(address.path(), claims, headers={"referer": where}),
                client.post(address.path(), claims, headers={"referer": where, "sec-fetch-site": "same-origin"}),
            ):
                _stays_here(address, answer.headers.get("Location", "/"))


def test_signing_in_and_out_leads_to_no_other_site() -> None:
    user = desk.person()
    user.set_password("correct horse battery")
    user.save()
    login, logout = addresses.of_the_shop(), reverse("account_logout")
    (address,) = [one for one in login if one.name == "account_login"]
    for where in ELSEWHERE:
        client = Client()
        answer = client.post(address.path(), {"login": user.email, "password": "correct horse battery", "next": where})
        assert (answer.status_code, answer["Location"]) == (302, reverse("account"))
        _stays_here(address, client.post(logout, {"next": where})["Location"])


def _stays_here(address: Address, location: str) -> None:
    assert re.match(r"^(http://testserver)?/(?![/\\])", location), (address.name, location)


# --- Which host this is -----------------------------------------------------------------------------------------------


def test_another_host_is_refused_everywhere() -> None:
    for address in addresses.of_the_shop():
        if not address.arguments and address.name not in {"healthz", "readyz"}:
            answer = Client(headers={"host": "evil.example"}).get(address.path())
            assert answer.status_code == 400, address.name
            assert b"evil.example" not in answer.content


def test_no_header_but_the_host_s_own_says_which_host_this_is() -> None:
    for headers in (
        {"x-forwarded-host": "evil.example"},
        {"forwarded": "host=evil.example"},
        {"x-host": "evil.example"},
    ):
        for address in addresses.of_the_shop():
            if not address.arguments:
                answer = Client(headers=headers).get(address.path())
                assert b"evil.example" not in answer.content, address.name
                assert "evil.example" not in str(answer.headers), address.name


@pytest.mark.django_db(transaction=True)
def test_no_mail_leads_to_the_host_that_an_attacker_names() -> None:
    """The link that opens an account must not be sent with another host in it."""
    user, path = desk.person(), reverse("account_reset_password")
    assert Client(headers={"host": "evil.example"}).post(path, {"email": user.email}).status_code == 400
    assert mail.outbox == []
    Client(headers={"x-forwarded-host": "evil.example"}).post(path, {"email": user.email})
    (message,) = mail.outbox
    assert re.findall(r"https?://[^/\s]+/account/password/reset/key/", str(message.body)) == [
        f"{settings.SITE_URL}/account/password/reset/key/"
    ]
