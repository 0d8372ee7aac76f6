"""From a VAT number in a form to an order whose tax is right, at once or later."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from privacy import clock, mails
from privacy.models import Alert
from sandbox.running import ViesSandbox
from shop import payment_methods, vat_checks
from shop.models import Order, VatCheck
from shop.tax import Number
from shop.vat_checks import Known
from tests.shop import goods
from tests.shop.test_checkout import Method, fill, form

pytestmark = pytest.mark.django_db
NUMBER = "FR40303265045"
BUSINESS = {
    "country": "FR",
    "postal_code": "75001",
    "is_business": "on",
    "company": "Nordhafen SARL",
    "vat_number": "fr 40 303 265 045",
}


@pytest.fixture(autouse=True)
def methods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payment_methods, "_methods", {"card": Method("card", eu_only=True)})


def buy(client: Client, **changes: object) -> Any:
    fill(client, (goods.edition(), 1))
    return client.post(reverse("checkout"), form(**BUSINESS | changes))


def paid(order: Order) -> Order:
    Order.objects.filter(pk=order.pk).update(state="paid", paid_at=clock.now())
    return order


@pytest.mark.promise("P6d")
def test_a_valid_number_takes_the_tax_away_and_its_proof_is_kept(client: Client, vies_sandbox: ViesSandbox) -> None:
    buy(client)
    order = Order.objects.get()
    line = order.lines.get()
    assert (order.net, order.tax, order.total) == (Decimal("124.17"), Decimal(0), Decimal("124.17"))
    assert (line.tax_rule, line.tax_rate, line.tax_country) == ("reverse_charge", Decimal(0), "FR")
    assert (
        line.tax_article == "Directive 2006/112/EC, Art. 44 and 196; Implementing Regulation (EU) 282/2011, Art. 18(1)"
    )
    assert (order.party.vat_number, order.vat_check.state) == (NUMBER, "valid")
    assert order.vat_check.consultation.startswith("WAPI")
    assert order.vat_check.answered_at is not None
    assert not order.vat_check.returns_tax


def test_the_total_without_tax_is_seen_before_it_is_paid_and_vies_is_asked_once(
    client: Client, vies_sandbox: ViesSandbox
) -> None:
    fill(client, (goods.edition(), 1))
    typed = form(**BUSINESS, shown_total="149.00")
    first = client.post(reverse("checkout"), typed)
    assert (first.status_code, first.context["amounts"].total) == (422, Decimal("124.17"))
    assert "Your VAT number is confirmed." in first.context["vat_words"]
    vies_sandbox.fail("MS_UNAVAILABLE")  # the yes travels with the form
    again = client.post(
        reverse("checkout"), {**typed, "shown_total": "124.17", "vat_proof": first.context["vat_proof"]}
    )
    assert again.status_code == 302
    assert Order.objects.get().vat_check.state == "valid"


def test_looking_with_a_number_asks_and_shows(client: Client, vies_sandbox: ViesSandbox) -> None:
    fill(client, (goods.edition(), 1))
    shown = client.post(reverse("checkout"), form(**BUSINESS, look="1"))
    assert (shown.status_code, shown.context["amounts"].tax) == (200, Decimal(0))
    assert shown.context["taxes"] == [("Reverse charge: you owe the VAT", Decimal(0))]


@pytest.mark.parametrize("proof", ["", "forged", "FR40303265045"])
def test_a_forged_proof_is_none(client: Client, vies_sandbox: ViesSandbox, proof: str) -> None:
    vies_sandbox.fail("TIMEOUT")
    buy(client, vat_proof=proof)
    order = Order.objects.get()
    assert (order.tax, order.vat_check.state) == (Decimal("24.83"), "pending")


def test_a_proof_is_good_for_its_own_number_and_for_an_hour() -> None:
    known = Known(Number.VALID, "WAPI1", clock.now())
    text = vat_checks.proof(NUMBER, known)
    assert vat_checks.proven(NUMBER, text) == known
    assert vat_checks.proven("FR83404833048", text) is None
    import time_machine

    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert vat_checks.proven(NUMBER, text) is None
    assert vat_checks.proof(NUMBER, Known(Number.PENDING)) == ""


def test_a_number_that_vies_doesnt_know_is_refused_in_words(client: Client, vies_sandbox: ViesSandbox) -> None:
    vies_sandbox.strike_off(NUMBER)
    response = buy(client)
    assert response.status_code == 422
    assert "doesn’t know this number" in response.context["form"].errors["vat_number"][0]
    assert Order.objects.count() == 0


@pytest.mark.parametrize(
    "country_and_number",
    [
        ("DE", "DE136695976", "10115"),  # at home: nothing depends on it
        ("US", "12-3456789", "62704"),
        ("GB", "GB123456789", "SW1A 1AA"),
    ],
)
def test_where_nothing_depends_on_the_number_nobody_is_asked(
    client: Client, vies_sandbox: ViesSandbox, country_and_number: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payment_methods, "_methods", {"card": Method("card", eu_only=False)})
    vies_sandbox.fail("TIMEOUT")
    country, number, code = country_and_number
    buy(client, country=country, vat_number=number, postal_code=code)
    assert (Order.objects.count(), VatCheck.objects.count()) == (1, 0)


def test_monacos_companies_have_french_numbers(
    client: Client, vies_sandbox: ViesSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payment_methods, "_methods", {"card": Method("card", eu_only=False)})
    buy(client, country="MC", postal_code="98000")
    order = Order.objects.get()
    assert (order.country, order.tax, order.lines.get().tax_country) == ("MC", Decimal(0), "FR")


@pytest.mark.parametrize("word", ["MS_UNAVAILABLE", "GLOBAL_MAX_CONCURRENT_REQ", "TIMEOUT"])
def test_while_vies_is_away_the_tax_is_charged_and_the_number_is_pending(
    client: Client, vies_sandbox: ViesSandbox, word: str
) -> None:
    vies_sandbox.fail(word)
    assert buy(client).status_code == 302
    order = Order.objects.get()
    assert (order.tax, order.lines.get().tax_rule) == (Decimal("24.83"), "eu_destination")
    assert (order.vat_check.state, order.vat_check.problem) == ("pending", word)
    assert order.vat_check.next_try_at is not None


def test_a_shop_that_refuses_to_ask_for_too_many_keeps_numbers_pending(vies_sandbox: ViesSandbox) -> None:
    states = [vat_checks.ask(NUMBER, "5.9.0.1").state for _ in range(21)]
    assert (states[19], states[20]) == (Number.VALID, Number.PENDING)


# --- Healing ----------------------------------------------------------------------------------------------------------


def pending(client: Client, vies_sandbox: ViesSandbox) -> Order:
    vies_sandbox.fail("MS_UNAVAILABLE")
    buy(client)
    VatCheck.objects.update(next_try_at=clock.now())
    return Order.objects.get()


def test_an_order_that_isnt_paid_is_not_asked_about(client: Client, vies_sandbox: ViesSandbox) -> None:
    pending(client, vies_sandbox)
    vies_sandbox.recover()
    assert vat_checks.ask_due() == 0


def test_a_paid_order_heals(client: Client, vies_sandbox: ViesSandbox) -> None:
    order = paid(pending(client, vies_sandbox))
    vies_sandbox.recover()
    assert vat_checks.ask_due() == 1
    check = VatCheck.objects.get()
    assert (check.state, check.consultation[:4], check.returns_tax, check.next_try_at) == ("valid", "WAPI", True, None)
    assert vat_checks.owing() == [order.pk]
    assert list(order.events.values_list("kind", flat=True)) == ["placed", "vat_confirmed"]
    assert vat_checks.ask_due() == 0


def test_it_is_asked_again_with_growing_pauses(client: Client, vies_sandbox: ViesSandbox) -> None:
    paid(pending(client, vies_sandbox))
    pauses = []
    for _ in range(12):
        assert vat_checks.ask_due() == 1
        check = VatCheck.objects.get()
        pauses.append(round((check.next_try_at - check.asked_at).total_seconds() / 60))
        VatCheck.objects.update(next_try_at=clock.now())
    assert pauses == [4, 8, 16, 32, 64, 128, 256, 360, 360, 360, 360, 360]


def test_a_number_that_turns_out_invalid_is_explained_by_mail(client: Client, vies_sandbox: ViesSandbox) -> None:
    order = paid(pending(client, vies_sandbox))
    vies_sandbox.recover()
    vies_sandbox.strike_off(NUMBER)
    vat_checks.ask_due()
    mails.send_due()
    assert (VatCheck.objects.get().state, vat_checks.owing()) == ("invalid", [])
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([order.party.email], f"The VAT number of your order {order.number}")
    assert NUMBER in sent.body
    assert "€24.83" in sent.body


def given_up(client: Client, vies_sandbox: ViesSandbox) -> Order:
    """An order about whose number VIES was asked for the last time."""
    order = paid(pending(client, vies_sandbox))
    due = clock.now() + timedelta(days=31)
    with clock.at(due):
        vat_checks.ask_due()
        assert VatCheck.objects.get().state == "pending"  # asked once, however old the order is
        VatCheck.objects.update(tries=vat_checks.MOST_TRIES - 1, next_try_at=due)
        vat_checks.ask_due()
    return order


def test_after_a_month_of_asking_a_person_is_called(client: Client, vies_sandbox: ViesSandbox) -> None:
    order = given_up(client, vies_sandbox)
    assert VatCheck.objects.get().state == "given_up"
    assert Alert.objects.get(kind="vat_number_unanswered").key == order.number
    pauses = [
        min(vat_checks.FIRST_PAUSE * 2 ** min(tries, 12), vat_checks.LONGEST_PAUSE)
        for tries in range(1, vat_checks.MOST_TRIES)
    ]
    assert timedelta(days=27) < sum(pauses, timedelta()) <= vat_checks.PATIENCE


def test_asked_again_by_hand_it_heals_like_any_other(client: Client, vies_sandbox: ViesSandbox) -> None:
    order = given_up(client, vies_sandbox)
    vies_sandbox.recover()
    assert vat_checks.ask_anew(order.pk, by=None)
    check = VatCheck.objects.get()
    assert (check.state, check.tries, Alert.objects.filter(closed_at=None).count()) == ("pending", 0, 0)
    assert vat_checks.ask_due() == 1
    assert (VatCheck.objects.get().state, vat_checks.owing()) == ("valid", [order.pk])
    assert not vat_checks.ask_anew(order.pk, by=None)


def test_asked_again_by_hand_it_is_asked_for_as_long_as_in_the_beginning(
    client: Client, vies_sandbox: ViesSandbox
) -> None:
    order = given_up(client, vies_sandbox)
    vat_checks.ask_anew(order.pk, by=None)
    vat_checks.ask_due()
    check = VatCheck.objects.get()
    assert check.next_try_at is not None
    assert (check.state, check.tries, check.next_try_at - check.asked_at < timedelta(minutes=5)) == ("pending", 1, True)


def test_while_it_waits_it_is_asked_at_once_by_hand(client: Client, vies_sandbox: ViesSandbox) -> None:
    order = paid(pending(client, vies_sandbox))
    VatCheck.objects.update(next_try_at=clock.now() + timedelta(hours=6), tries=60)
    assert vat_checks.ask_anew(order.pk, by=None)
    assert vat_checks.ask_due() == 1


def test_what_refuses_us_calls_a_person_at_once(client: Client, vies_sandbox: ViesSandbox) -> None:
    vies_sandbox.fail("INVALID_REQUESTER_INFO")
    buy(client)
    assert Order.objects.get().vat_check.state == "pending"
    assert Alert.objects.get(kind="vies_refused").key == "INVALID_REQUESTER_INFO"


def test_an_answer_that_comes_twice_changes_nothing(client: Client, vies_sandbox: ViesSandbox) -> None:
    paid(pending(client, vies_sandbox))
    pk = VatCheck.objects.get().pk
    vat_checks.apply(pk, Known(Number.VALID, "WAPI1", clock.now()))
    vat_checks.apply(pk, Known(Number.INVALID, "", clock.now()))
    assert (VatCheck.objects.get().state, VatCheck.objects.get().consultation) == ("valid", "WAPI1")


def test_two_workers_ask_once(client: Client, vies_sandbox: ViesSandbox) -> None:
    paid(pending(client, vies_sandbox))
    check = VatCheck.objects.get()
    assert check.next_try_at is not None
    assert vat_checks._claim(check.pk, check.next_try_at, check.tries)
    assert not vat_checks._claim(check.pk, check.next_try_at, check.tries)


@pytest.mark.parametrize("end", ["pending", "invalid", "given_up"])
def test_the_database_lets_no_valid_number_become_anything_else(
    client: Client, vies_sandbox: ViesSandbox, end: str
) -> None:
    buy(client)
    with pytest.raises(IntegrityError, match="shop_vatcheck"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE shop_vatcheck SET state = %s", [end])


def test_the_database_wants_a_proof_for_a_yes(client: Client, vies_sandbox: ViesSandbox) -> None:
    pending(client, vies_sandbox)
    with pytest.raises(IntegrityError, match="vatcheck_valid_is_proven"), transaction.atomic():
        VatCheck.objects.update(state="valid", next_try_at=None)


def test_the_token_of_a_form_makes_one_check(client: Client, vies_sandbox: ViesSandbox) -> None:
    token = str(uuid.uuid4())
    buy(client, token=token)
    buy(client, token=token)
    assert (Order.objects.count(), VatCheck.objects.count()) == (1, 1)
