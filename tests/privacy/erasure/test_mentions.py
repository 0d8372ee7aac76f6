"""The person's address in other rows: notes, nested JSON, the desk's log, sessions, alerts, results of tasks."""

from urllib.parse import quote

import pytest
from celery import current_app
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection

from accounts.models import User
from privacy import clock, holds, inventory, notice_mails, notices, rate_limits
from privacy.erasure import execution, persons
from privacy.erasure.cases import Case
from privacy.erasure.mentions import CannotScrub, scrub
from privacy.models import Alert, DeletionRequest, Export, LegalHold
from shop import receipts
from shop.models import Order, OrderHold, OrderParty, Product
from tests.privacy.erasure import people
from tests.privacy.erasure.people import ADA, Neighbors

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12a")]


@pytest.fixture
def others(neighbors: Neighbors) -> Order:
    """An order of somebody else, which stays as it is."""
    return people.sold("bob@example.com")


def log(user: User, about: object, words: str, changes: str) -> LogEntry:
    return LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(about.__class__),
        object_id=str(about.pk),  # type: ignore[attr-defined]
        object_repr=words,
        action_flag=CHANGE,
        change_message=changes,
    )


def test_in_a_note_of_the_staff_about_another_order(others: Order) -> None:
    note = OrderHold.objects.create(order=others, reason=f"Bob says {ADA.upper()} ordered, not xada@example.com.")
    people.erased()
    note.refresh_from_db()
    assert note.reason == "Bob says — ordered, not xada@example.com."


def test_in_nested_json_also_as_a_key_and_in_a_link(others: Order) -> None:
    evidence = {"billing": "DE", "notes": [{"from": ADA, ADA: [1, {"url": f"/x?to={quote(ADA)}"}]}]}
    Order.objects.filter(pk=others.pk).update(evidence=evidence)
    people.erased()
    others.refresh_from_db()
    assert others.evidence == {"billing": "DE", "notes": [{"from": "—", "—": [1, {"url": ""}]}]}


def test_in_the_desks_log_about_others_and_about_the_account_itself(others: Order) -> None:
    sue = people.staff("tom@example.com")
    user = people.account()
    about_ada = log(sue, user, "Ada Lovelace", '[{"changed": {"fields": ["Name"]}}]')
    about_bob = log(sue, others, others.number, f"Asked by {ADA}.")
    people.erased()
    about_ada.refresh_from_db()
    about_bob.refresh_from_db()
    assert (about_ada.object_repr, about_ada.change_message) == ("", "")
    assert (about_bob.object_repr, about_bob.change_message) == (others.number, "Asked by —.")


def test_in_an_alert(others: Order) -> None:
    Alert.objects.create(kind="x", key="1", message=f"{ADA} waits.")
    people.erased()
    assert Alert.objects.get(kind="x").message == "— waits."


def test_in_sessions_of_the_account_and_of_strangers(others: Order) -> None:
    user = people.account()
    own, mentioning, other = SessionStore(), SessionStore(), SessionStore()
    own["_auth_user_id"] = str(user.pk)
    mentioning["account_verification"] = {"email": ADA, "tries": 1}
    other["account_verification"] = {"email": "bob@example.com"}
    for store in (own, mentioning, other):
        store.create()
    user.devices.create(session_id=own.session_key)
    people.erased()
    assert list(Session.objects.values_list("session_key", flat=True)) == [other.session_key]


def test_in_a_hold_that_has_ended_even_by_name(others: Order) -> None:
    order = people.sold()
    kind = holds.Kind(OrderParty, "order", lambda number: OrderParty.objects.filter(order__number=number))
    hold = holds.place(kind, order.number, by=None, reason="Ada Lovelace sues.")
    holds.lift(hold.pk, by=None)
    people.erased()
    assert LegalHold.objects.get().reason == "— sues."


def test_the_vat_number_of_a_colleague_stays_on_an_invoice_and_in_an_address(neighbors: Neighbors) -> None:
    of_company = {"is_business": True, "party": {"company": "Lovelace Ltd", "vat_number": "DE811907980"}}
    people.sold(**of_company)
    theirs = people.sold("bob@example.com", **of_company)
    saved = people.account("bob@example.com").addresses.first()
    saved.vat_number = "DE 811 907 980"
    saved.save()
    assert receipts.issue(theirs).is_invoice
    note = OrderHold.objects.create(order=theirs, reason="Check DE811907980.")
    request = people.erased()
    assert (request.state, request.problem) == ("notifying", "")
    saved.refresh_from_db()
    note.refresh_from_db()
    assert OrderParty.objects.get(order=theirs).vat_number == "DE811907980"
    assert saved.vat_number == "DE 811 907 980"
    assert note.reason == "Check —."


@pytest.mark.parametrize("column", ["name", "street", "purchase_order", "company", "city", "region"])
def test_what_stands_on_somebody_elses_invoice_stays_and_support_is_told_where(
    column: str, neighbors: Neighbors
) -> None:
    theirs = people.sold("bob@example.com", is_business=True, party={"company": "Bob Ltd"} | {column: f"c/o {ADA}"})
    assert receipts.issue(theirs).is_invoice
    party = OrderParty.objects.get(order=theirs)
    request = people.erased()
    assert (request.state, request.problem, request.rounds) == ("notifying", "", 0)
    assert getattr(OrderParty.objects.get(order=theirs), column) == f"c/o {ADA}"
    (checked,) = request.events.filter(kind="checked")
    assert f"shop_orderparty.{column}  {party.pk}  e-mail address" in checked.detail
    assert ADA not in checked.detail
    (stays,) = [rows for rows in request.receipt["kept"] if not rows["model"]]
    assert (stays["count"], stays["until"]) == (1, party.expires_at.isoformat())
    notices.write(request.pk)
    mail = notice_mails.notice(request.pk)
    assert mail is not None
    assert ["other records about you, until" in kept for kept in mail.context["kept"]] == [True]


def test_before_an_invoice_was_issued_it_is_taken_out(neighbors: Neighbors) -> None:
    theirs = people.sold("bob@example.com", is_business=True, party={"purchase_order": f"for {ADA}"})
    people.erased()
    assert OrderParty.objects.get(order=theirs).purchase_order == ""


def test_what_the_database_will_not_have_changed_calls_a_person_and_names_the_place(neighbors: Neighbors) -> None:
    order = people.sold("bob@example.com")
    assert receipts.issue(order) is not None
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE shop_documentline DISABLE TRIGGER USER")
        cursor.execute("UPDATE shop_documentline SET words = %s", [f"for {ADA}"])
        cursor.execute("ALTER TABLE shop_documentline ENABLE TRIGGER USER")
    request = people.approved(by=people.staff())
    for _ in range(execution.MANY_TRIES):
        execution.carry_out(request.pk)
        DeletionRequest.objects.filter(pk=request.pk).update(next_try_at=clock.now())
    alert = Alert.objects.get(kind="erasure_stuck")
    assert "shop_documentline.words" in alert.message
    assert ADA not in alert.message


def test_in_the_copy_that_somebody_elses_export_holds(others: Order) -> None:
    from privacy.exports import requests

    OrderParty.objects.filter(order=others).update(delivery_email=ADA)
    requests.ask_for("bob@example.com", by=people.staff("tom@example.com"), reason="He asked.")
    assert requests.make_due() == 1
    people.erased()
    assert not Export.objects.exists()


def test_in_the_cache(others: Order) -> None:
    user = people.account()
    rate_limits.allow("claim", f"account:{user.pk}", most=5, seconds=600)
    rate_limits.allow("claim", "192.0.2.1", most=5, seconds=600)
    cache.set(f"allauth:rl:account:login:5/m/user:user:{user.pk}", [1.0])
    digest = "b2baff8bd5e1e0b5ea5ed46ff5a4d2e4c9f0e4ff"
    cache.set(f"allauth:rl:account:login:5/m/key:{digest}", [1.0])
    people.erased()
    keys = {key.decode() for key in rate_limits._redis().scan_iter()}
    assert len([key for key in keys if key.startswith("shop:limit:claim:")]) == 1
    assert [key for key in keys if ":user:" in key] == []
    assert any(key.endswith(digest) for key in keys)


def test_results_of_tasks_are_kept_nowhere() -> None:
    assert current_app.conf.task_ignore_result
    assert not current_app.conf.result_backend


def test_whatever_cannot_be_cleaned_stops_the_deletion_and_says_where(neighbors: Neighbors) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE forgotten (id int PRIMARY KEY, note text)")
        cursor.execute("INSERT INTO forgotten VALUES (1, %s)", [f"call {ADA}"])
    with pytest.raises(CannotScrub, match=r"forgotten\.note"):
        scrub(Case(persons.of_email(ADA)))


def test_the_journal_names_the_rows_before(others: Order, neighbors: Neighbors) -> None:
    note = OrderHold.objects.create(order=others, reason=ADA)
    people.erased()
    assert str(note.pk) in neighbors.journaled["shop.OrderHold"]


def test_rows_without_the_person_stay_as_they_are(others: Order, neighbors: Neighbors) -> None:
    people.sold()
    before = {model: list(model._default_manager.order_by("pk").values()) for model in (Product, OrderHold)}
    bob = OrderParty.objects.filter(order=others).values().get()
    people.erased()
    assert list(Product._default_manager.order_by("pk").values()) == before[Product]
    assert OrderHold.objects.filter(order=others).values().get() in before[OrderHold]
    assert OrderParty.objects.filter(order=others).values().get() == bob
    assert inventory.declaration_of(Product) is not None
