import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from privacy import clock, policy
from shop import cart_store, checkout, cookies, order_consents, payment_methods, tax_schemes
from shop.cart import Cart
from shop.cart_store import Kept
from shop.eu_members import is_member
from shop.models import Edition, Order, OrderParty, OrderUnit, Price
from shop.tax import Buyer
from tests.shop import goods

pytestmark = pytest.mark.django_db


class Method:
    """A way to pay that needs no provider: the registry's contract, as a higher app fills it."""

    hint = "Goes to a page."
    button = "Pay"

    def __init__(self, name: str, *, eu_only: bool) -> None:
        self.name, self.label, self.eu_only = name, name.title(), eu_only

    def is_offered(self, country: str, currency: str) -> bool:
        return not self.eu_only or is_member(country, clock.today())

    def start(self, order: Order, *, address: str) -> str:
        return f"https://pay.example/{order.number}"


class Broken(Method):
    """The same while its provider is away."""

    def start(self, order: Order, *, address: str) -> str:
        raise payment_methods.PaymentUnavailable("The payment page can't be reached. Please try again.")


@pytest.fixture(autouse=True)
def methods(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = [Method("card", eu_only=True), Method("paypal", eu_only=False)]
    monkeypatch.setattr(payment_methods, "_methods", {way.name: way for way in ways})


def fill(client: Client, *lines: tuple[Edition, int]) -> None:
    from django.http import HttpResponse

    response = HttpResponse()
    cart_store.write_cookie(response, {edition.pk: Kept(count, Decimal("149")) for edition, count in lines})
    client.cookies["cart"] = response.cookies["cart"].value
    goods.terms()


def form(**changes: object) -> dict[str, object]:
    typed = {
        "token": str(uuid.uuid4()),
        "email": "Katrin.Vogel@Nordhafen.example",
        "name": "Katrin Vogel",
        "country": "DE",
        "street": "Am Sandtorkai 41",
        "postal_code": "20457",
        "city": "Hamburg",
        "payment_method": "card",
        "delivery": "sealed",
    }
    return typed | changes


@pytest.mark.promise("P5")
def test_a_guest_places_an_order_and_goes_to_the_provider(client: Client) -> None:
    fill(client, (goods.edition(), 2), (goods.edition("39.00", sold_per="seat"), 5))
    response = client.post(reverse("checkout"), form())
    order = Order.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"https://pay.example/{order.number}")
    assert (order.state, order.country, order.currency) == ("pending_payment", "DE", "EUR")
    assert (order.net, order.tax, order.total) == (Decimal("414.29"), Decimal("78.71"), Decimal("493.00"))
    assert order.evidence == {"billing": "DE"}
    assert (order.terms.number, order.policy_version) == (1, str(policy.in_force().number))
    assert (order.party.email, order.party.name) == ("katrin.vogel@nordhafen.example", "Katrin Vogel")
    assert list(OrderUnit.objects.values_list("seats", flat=True)) == [1, 1, 5]
    assert response.cookies["cart"].value == ""


def test_who_is_asked_for_a_review_later_is_told_so_beside_the_address(client: Client, settings: Settings) -> None:
    """With the way to say no (UWG, section 7(3))."""
    fill(client, (goods.edition(), 1))
    said = f"Say no at any time, by that mail’s link or at {settings.SUPPORT_EMAIL}"
    assert said in client.get(reverse("checkout")).content.decode()
    settings.REVIEW_INVITATION_DAYS = 0
    assert said not in client.get(reverse("checkout")).content.decode()


def test_the_page_asks_for_nothing_else(client: Client) -> None:
    fill(client, (goods.edition(), 1))
    page = client.get(reverse("checkout"))
    assert set(page.context["form"].fields) == set(
        "token shown_total shown_terms email name delivery_email country street postal_code city region is_business "
        "residence company vat_number purchase_order payment_method delivery".split()
    )
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_the_consent_to_immediate_performance_is_on_record(client: Client) -> None:
    fill(client, (goods.edition(), 1))
    client.post(reverse("checkout"), form(delivery="at_once"))
    order = Order.objects.get()
    assert (order.delivery, order.consent_version) == ("at_once", order_consents.TEXT.version)
    assert order.consent_at == order.placed_at


@pytest.mark.promise("P11a")
def test_a_card_forced_from_outside_the_eu_is_refused(client: Client) -> None:
    fill(client, (goods.edition(), 1))
    response = client.post(reverse("checkout"), form(country="US"))
    assert response.status_code == 422
    assert response.context["form"].errors["payment_method"] == [
        "This way to pay isn't offered in your country. Choose one of those shown."
    ]
    assert [method.name for method in response.context["form"].methods] == ["paypal"]
    assert Order.objects.count() == 0


def test_outside_the_eu_no_tax_is_charged(client: Client) -> None:
    fill(client, (goods.edition(), 1))
    client.post(reverse("checkout"), form(country="US", payment_method="paypal", region="NY"))
    order = Order.objects.get()
    assert (order.net, order.tax, order.total) == (Decimal("125.21"), Decimal("0.00"), Decimal("125.21"))


def test_looking_at_another_country_shows_its_tax_and_complains_about_nothing(client: Client) -> None:
    fill(client, (goods.edition(), 1))
    response = client.post(reverse("checkout"), form(country="FR", look="1", email="not yet"))
    assert response.status_code == 200
    assert not response.context["form"].errors
    assert response.context["amounts"].tax == Decimal("24.83")
    assert response.context["form"]["email"].value() == "not yet"
    assert Order.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"email": "katrin.vogel.example"}, "email", "Write the address with an @, as in name@company.com."),
        ({"name": ""}, "name", "Write your full name."),
        ({"country": "XX"}, "country", "Choose one of the options shown."),
        ({"country": ""}, "country", "Choose the country you pay from."),
        ({"name": "x" * 121}, "name", "Ensure this value has at most 120 characters (it has 121)."),
        ({"name": "Ka\0trin"}, "name", "Null characters are not allowed."),
        ({"name": "Ka\x07trin"}, "name", "Leave out control characters. They can't be printed on a receipt."),
        (
            {"name": "\u202eKatrin"},
            "name",
            "Leave out the invisible signs that turn the direction of writing. The text needs none.",
        ),
        ({"is_business": "on"}, "company", "Write the company's name, or untick “I buy for a company”."),
        (
            {"is_business": "on", "company": "Nordhafen", "vat_number": "DE 28143096"},
            "vat_number",
            "A number of Germany is DE and nine digits. Please check yours.",
        ),
        ({"delivery": "tomorrow"}, "delivery", "Choose one of the options shown."),
        ({"payment_method": ""}, "payment_method", "Choose how you pay."),
    ],
)
def test_wrong_input_gets_a_sentence_and_nothing_is_lost(
    client: Client, changes: dict[str, object], field: str, sentence: str
) -> None:
    fill(client, (goods.edition(), 1))
    typed = form(**changes)
    response = client.post(reverse("checkout"), typed)
    assert response.status_code == 422
    assert sentence in response.context["form"].errors[field]
    kept = {name: response.context["form"][name].value() for name in typed if name != "is_business"}
    assert kept == {name: value for name, value in typed.items() if name != "is_business"}
    assert Order.objects.count() == 0
    assert "cart" not in response.cookies


@pytest.mark.parametrize("name", ["محمد بن سلمان", "Zoë 🦊 Fox", "李小龍", "O'Brien <b>"])
def test_names_of_every_script_are_welcome(client: Client, name: str) -> None:
    fill(client, (goods.edition(), 1))
    client.post(reverse("checkout"), form(name=name))
    assert OrderParty.objects.get().name == name


def test_a_business_gives_company_vat_number_and_its_own_order_number(client: Client) -> None:
    fill(client, (goods.edition(), 1))
    business = {"company": "Nordhafen Logistik GmbH", "vat_number": "de 136 695 976", "purchase_order": "4711"}
    client.post(reverse("checkout"), form(is_business="on", **business))
    party = OrderParty.objects.get()
    assert (party.company, party.vat_number, party.purchase_order) == ("Nordhafen Logistik GmbH", "DE136695976", "4711")
    assert party.order.is_business
    assert party.order.tax == Decimal("23.79")


def test_a_private_person_leaves_no_company_behind(client: Client) -> None:
    fill(client, (goods.edition(), 1))
    client.post(reverse("checkout"), form(company="Typed, then unticked", vat_number="DE1"))
    assert (OrderParty.objects.get().company, OrderParty.objects.get().vat_number) == ("", "")


def test_a_changed_price_must_be_seen_before_it_is_paid(client: Client) -> None:
    edition = goods.edition()
    fill(client, (edition, 1))
    shown = client.get(reverse("checkout")).context["amounts"].total
    Price.objects.filter(edition=edition).update(amount="159.00")
    response = client.post(reverse("checkout"), form(shown_total=shown))
    assert response.status_code == 422
    assert response.context["notices"] == [
        "The total has changed since you saw it. Please look at your order again before you pay.",
        f"{edition} went from €149.00 to €159.00 each since you added it. You pay the new price.",
    ]
    assert Order.objects.count() == 0


def test_one_form_is_one_order(client: Client) -> None:
    edition = goods.edition()
    fill(client, (edition, 1))
    typed = form()
    first = client.post(reverse("checkout"), typed)
    fill(client, (edition, 1))
    again = client.post(reverse("checkout"), typed)
    assert Order.objects.count() == 1
    assert first["Location"] == again["Location"]


def test_back_after_paying_leads_to_the_order(client: Client) -> None:
    fill(client, (goods.edition(), 1))
    typed = form()
    client.post(reverse("checkout"), typed)
    order = Order.objects.get()
    Order.objects.update(state="paid", paid_at=clock.now())
    response = client.post(reverse("checkout"), typed)
    assert response["Location"].startswith("/order/")
    assert Order.objects.get() == order


@pytest.mark.django_db(transaction=True)
def test_two_submits_at_once_are_one_order() -> None:
    edition = goods.edition()
    data = {
        "token": uuid.uuid4(),
        "country": "DE",
        "payment_method": "card",
        "delivery": "sealed",
        "email": "a@b.example",
    }
    terms = goods.terms()

    def place(_: int) -> int:
        try:
            purchase = checkout.Purchase(
                token=data["token"],
                country="DE",
                party={"email": "ada@example.com", "name": "Ada"},
                is_business=False,
                payment_method="card",
                delivery=Order.Delivery.SEALED,
                terms=terms,
                user=None,
                ip_country=None,
                browser_family="",
            )
            return checkout.place(Cart({edition.pk: Kept(1, Decimal("149"))}, Buyer("DE"), "EUR"), purchase).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        placed = set(threads.map(place, range(8)))
    assert len(placed) == Order.objects.count() == 1


def test_without_the_constraint_two_submits_would_be_two_orders(client: Client) -> None:
    """The canary of the test above."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE shop_orderparty DROP CONSTRAINT shop_orderparty_checkout_token_key")
    edition, token = goods.edition(), uuid.uuid4()
    for _ in range(2):
        purchase = checkout.Purchase(
            token=token,
            country="DE",
            party={"email": "ada@example.com", "name": "Ada"},
            is_business=False,
            payment_method="card",
            delivery=Order.Delivery.SEALED,
            terms=goods.terms(),
            user=None,
            ip_country=None,
            browser_family="",
        )
        checkout.place(Cart({edition.pk: Kept(1, Decimal("149"))}, Buyer("DE"), "EUR"), purchase)
    assert Order.objects.count() == 2


def test_a_provider_that_is_away_loses_nothing(client: Client) -> None:
    payment_methods.register(Broken("card", eu_only=True))
    fill(client, (goods.edition(), 1))
    response = client.post(reverse("checkout"), form(), follow=True)
    assert response.redirect_chain[0][0].startswith("/order/")
    assert [str(message) for message in response.context["messages"]] == [
        "The payment page can't be reached. Please try again."
    ]
    assert Order.objects.get().state == "pending_payment"


def test_an_empty_cart_leads_to_the_cart(client: Client) -> None:
    assert client.get(reverse("checkout"))["Location"] == reverse("cart")
    goods.terms()
    assert client.post(reverse("checkout"), form()).status_code == 422


def test_a_form_without_its_token_is_shown_again_with_what_was_typed(client: Client) -> None:
    fill(client, (goods.edition(), 1))
    response = client.post(reverse("checkout"), form(token="x"))
    assert response.context["form"]["name"].value() == "Katrin Vogel"
    assert Order.objects.count() == 0


def test_the_same_number_of_queries_for_1_and_for_50_units(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    edition = goods.edition()
    tax_schemes.seller(clock.today())  # read once a version of what everybody sees
    counts = []
    for quantity in (1, 50):
        fill(client, (edition, quantity))
        with django_assert_max_num_queries(14) as queries:
            client.post(reverse("checkout"), form())
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_account_finds_its_address_in_the_form(client: Client) -> None:
    user = get_user_model().objects.create_user("ada@example.com", name="Ada Lovelace")
    user.addresses.create(name="Ada Lovelace", street="Ring 1", city="Wien", country="AT", postal_code="1010")
    client.force_login(user)
    edition = goods.edition()
    goods.terms()
    cart_store.write_rows(user, {}, {edition.pk: Kept(1, Decimal("149"))})
    shown = client.get(reverse("checkout")).context["form"]
    assert [shown[name].value() for name in ("email", "name", "street", "country")] == [
        "ada@example.com",
        "Ada Lovelace",
        "Ring 1",
        "AT",
    ]
    client.post(reverse("checkout"), form())
    assert OrderParty.objects.get().user == user
    assert cart_store.read_rows(user) == {}


def test_what_no_provider_could_take_is_refused_in_words(client: Client) -> None:
    edition = goods.edition("99999.00")
    fill(client, (edition, 999))
    response = client.post(reverse("checkout"), form())
    assert "This is more than a card or PayPal can take at once" in response.context["problems"][0]
    assert Order.objects.count() == 0


def test_a_line_added_in_another_tab_meanwhile_stays(client: Client) -> None:
    user = get_user_model().objects.create_user("ada@example.com")
    client.force_login(user)
    goods.terms()
    bought, added = goods.edition(), goods.edition()
    cart_store.write_rows(user, {}, {bought.pk: Kept(1, Decimal("149"))})

    class Slow(Method):
        def start(self, order: Order, *, address: str) -> str:
            cart_store.write_rows(user, {}, {added.pk: Kept(2, Decimal("149"))})
            return super().start(order, address=address)

    payment_methods.register(Slow("card", eu_only=True))
    client.post(reverse("checkout"), form())
    assert cart_store.read_rows(user) == {added.pk: Kept(2, Decimal("149"))}


def test_the_cookie_is_declared(settings: Settings) -> None:
    assert cookies.CART in list(cookies.declared())
