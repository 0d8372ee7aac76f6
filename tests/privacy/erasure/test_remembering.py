"""What a deletion wrote into the journal is done again by key and hash, and only to whom it was done."""

import pytest
from django.db import transaction

from accounts.models import User
from privacy import journal
from privacy.erasure import candidates, ports
from privacy.erasure.remembering import Remembered
from privacy.journal import replaying
from privacy.journal.book import BEGINNING
from privacy.models import JournalPosition
from privacy.people import Person
from shop.models import OrderHold, OrderParty
from tests.privacy.erasure import people
from tests.privacy.erasure.people import ADA, Notices

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12a")]
PERSON = Person(frozenset(), frozenset({ADA}))


@pytest.fixture(autouse=True)
def really_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real journal; lines as another server wrote them, which a restored database reads."""
    monkeypatch.setattr(ports, "_journals", [Remembered()])
    monkeypatch.setattr(ports, "_notices", [Notices()])
    monkeypatch.setattr("privacy.journal.writing._transaction", lambda: ["1.1", "1"])


def replay(kind: str, rows: dict[str, list[int]], *words: str) -> int:
    """Writes a line about Ada, forgets that it was written, and replays it."""
    with transaction.atomic():
        Remembered().write(kind, person=PERSON, rows=rows, plan="digest", words=words)
    JournalPosition.objects.update(sequence=0, mac=BEGINNING.mac)
    return sum(step.count for step in journal.replay())


def test_a_row_is_erased_again_by_key_and_hash() -> None:
    user = people.account()
    order = people.sold(user=user)
    assert replay("erasure", {"shop.OrderParty": [order.party.pk], "accounts.User": [user.pk]}) == 2
    party = OrderParty.objects.get()
    assert (party.restricted_at is not None, party.street, party.user_id) == (True, "", None)
    assert not User.objects.filter(pk=user.pk).exists()


def test_a_key_that_is_somebody_elses_now_is_left_alone() -> None:
    other = people.sold("bob@example.com", party={"name": "Bob Stone"})
    account = people.account("bob@example.com")
    assert replay("erasure", {"shop.OrderParty": [other.party.pk], "accounts.User": [account.pk]}) == 0
    party = OrderParty.objects.get()
    assert (party.restricted_at, party.street) == (None, people.HOME["street"])
    assert User.objects.filter(pk=account.pk).exists()


def test_who_came_back_keeps_what_is_new() -> None:
    before, after = people.sold(), people.sold()
    replay("erasure", {"shop.OrderParty": [before.party.pk]})
    assert set(OrderParty.objects.filter(restricted_at=None).values_list("pk", flat=True)) == {after.party.pk}


def test_mentions_are_taken_out_again_where_an_address_has_the_hash() -> None:
    other = people.sold("bob@example.com", party={"name": "Bob Stone"})
    hold = OrderHold.objects.get(order=other)
    OrderHold.objects.filter(pk=hold.pk).update(reason="Ask ADA@Example.com, not joada@example.com.")
    assert replay("mentions", {"shop.OrderHold": [hold.pk]}) == 1
    hold.refresh_from_db()
    assert hold.reason == "Ask —, not joada@example.com."


def test_mentions_of_somebody_else_stay() -> None:
    other = people.sold("bob@example.com")
    hold = OrderHold.objects.get(order=other)
    OrderHold.objects.filter(pk=hold.pk).update(reason="Ask carl@example.com.")
    assert replay("mentions", {"shop.OrderHold": [hold.pk]}) == 0
    hold.refresh_from_db()
    assert hold.reason == "Ask carl@example.com."


@pytest.mark.parametrize(
    ("word", "text", "cleaned"),
    [
        ("DE811907980", "Check de 811 907.980 again.", "Check — again."),
        ("DE811907980", "Check DE811907981.", "Check DE811907981."),
        ("Ada Lovelace", "ADA  Lovelace called; Ada Lovelaces did not.", "— called; Ada Lovelaces did not."),
        ("Müller & Söhne", "of MÜLLER & SÖHNE, Kiel", "of —, Kiel"),
    ],
)
def test_a_number_and_a_name_without_an_address_are_taken_out_again(word: str, text: str, cleaned: str) -> None:
    other = people.sold("bob@example.com", party={"name": word})
    hold = OrderHold.objects.get(order=other)
    OrderHold.objects.filter(pk=hold.pk).update(reason=text)
    replay("mentions", {"shop.OrderHold": [hold.pk], "shop.OrderParty": [other.party.pk]}, word)
    hold.refresh_from_db()
    assert hold.reason == cleaned
    assert OrderParty.objects.get(order=other).name == word  # a namesake's own name is theirs


def test_rows_of_a_model_that_has_another_name_by_now_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    order = people.sold()
    monkeypatch.setitem(replaying.FORMER, "shop.Buyer", "shop.OrderParty")
    assert replay("erasure", {"shop.Buyer": [order.party.pk]}) == 1
    assert OrderParty.objects.get().restricted_at is not None


def test_the_words_that_a_person_took_out_are_in_the_journal_as_hashes_alone() -> None:
    other = people.sold("bob@example.com", party={"name": "Bob Stone"})
    OrderHold.objects.filter(order=other).update(reason="Ada Lovelace called.")
    people.sold()
    staff = people.staff()
    request = people.verified()
    (mention,) = [one for one in candidates.of_request(request.pk) if one.where == "shop_orderhold.reason"]
    candidates.erase(request.pk, mention.place, by=staff)
    (line,) = journal.book().lines()
    assert set(journal.words_in("x ada lovelace y", line.content["hashes"])) == {"ada lovelace"}
    assert "lovelace" not in str(line.content).lower()


def test_what_is_done_again_writes_no_new_line() -> None:
    order = people.sold()
    replay("erasure", {"shop.OrderParty": [order.party.pk]})
    assert len(list(journal.book().lines())) == 1
    assert journal.is_ready()
