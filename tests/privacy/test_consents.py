"""The register of consents."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from accounts.models import User
from privacy import clock, consents
from privacy.consents import ConsentText, Given
from privacy.models import Consent

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
#: Who changes words to which people agreed gives them a new version, and adds its line here.
TEXTS = {
    ("recently_viewed", "1"): "135092d2",
    ("immediate_performance", "2026-11"): "e3c5e6c7",
    ("branding", "2026-11"): "dd1d6ebe",
}


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada@example.com")


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry of its own, so that a test's texts reach no other."""
    for name in ("_texts", "_in_force"):
        monkeypatch.setattr(consents, name, {})
    monkeypatch.setattr(consents, "_sources", [])
    consents.register(ConsentText("logo", "1", "You may show our logo."))


def rows() -> list[tuple[str, str, str]]:
    return list(Consent.objects.order_by("pk").values_list("key", "version", "end"))


def test_words_have_the_version_that_people_agreed_to() -> None:
    assert {(text.key, text.version): text.digest[:8] for text in consents.texts()} == TEXTS


def test_other_words_under_the_same_version_are_refused(known: None) -> None:
    with pytest.raises(ValueError, match="Give the new words a new version"):
        consents.register(ConsentText("logo", "1", "You may sell our logo."))


def test_the_last_version_is_in_force_and_earlier_ones_stay_readable(known: None) -> None:
    first = ConsentText("review", "1", "Ask me for a review.")
    second = consents.register(first, ConsentText("review", "2", "Ask me once for a review."))
    assert (consents.in_force("review"), consents.words_of("review", "1")) == (second, first.words)
    assert consents.words_of("review", "0") == ""


def test_a_row_says_to_which_words_and_keeps_both_moments(known: None, ada: User) -> None:
    with clock.at(NOON):
        consents.give(ada, "logo")
        consents.give(ada, "logo")
    with clock.at(NOON + timedelta(days=1)):
        assert consents.withdraw(ada, "logo")
        assert not consents.withdraw(ada, "logo")
    row = Consent.objects.get()
    assert (row.version, row.digest, row.end) == ("1", consents.in_force("logo").digest, "withdrawn")
    assert row.ended_at is not None
    assert [row.given_at.date(), row.ended_at.date()] == [NOON.date(), NOON.date() + timedelta(days=1)]


def test_an_ended_row_stays_three_years_as_proof(known: None, ada: User) -> None:
    consents.give(ada, "logo")
    assert Consent.objects.get().expires_at is None
    with clock.at(datetime(2028, 2, 29, 12, tzinfo=UTC)):
        consents.withdraw(ada, "logo")
    expires_at = Consent.objects.get().expires_at
    assert expires_at is not None
    assert expires_at.date() == datetime(2031, 3, 1, tzinfo=UTC).date()


def test_a_yes_to_newer_words_ends_the_older_one(known: None, ada: User) -> None:
    consents.give(ada, "logo")
    consents.register(ConsentText("logo", "2", "You may show our logo on your home page."))
    consents.give(ada, "logo")
    assert rows() == [("logo", "1", "replaced"), ("logo", "2", "")]


def test_the_end_of_the_account_ends_what_stands_and_cuts_the_link(known: None, ada: User) -> None:
    consents.give(ada, "logo")
    assert consents.end_with_account(ada) == 1
    assert rows() == [("logo", "1", "account")]
    ada.delete()
    assert list(Consent.objects.values_list("user", "end")) == [(None, "account")]


def test_a_withdrawal_voids_the_answers_before_it_and_none_after(known: None, ada: User) -> None:
    with clock.at(NOON):
        consents.give(ada, "logo")
    with clock.at(NOON + timedelta(hours=1)):
        consents.withdraw(ada, "logo")
    assert consents.was_withdrawn_since(ada, "logo", NOON)
    assert not consents.was_withdrawn_since(ada, "logo", NOON + timedelta(hours=2))
    assert not consents.was_withdrawn_since(ada, "other", NOON)


def test_a_person_sees_what_was_agreed_the_newest_first_from_every_source(known: None, ada: User) -> None:
    @consents.source
    def elsewhere(user: object) -> list[Given]:
        return [Given("delivery", "7", "Deliver now.", NOON + timedelta(hours=1), about="order AO-1")]

    with clock.at(NOON):
        consents.give(ada, "logo")
    consents.give(User.objects.create_user("bob@example.com"), "logo")
    newest, oldest = consents.of(ada)
    assert (newest.about, newest.can_be_withdrawn) == ("order AO-1", False)
    assert (oldest.words, oldest.ended_at, oldest.can_be_withdrawn) == ("You may show our logo.", None, True)
    with clock.at(NOON + timedelta(hours=2)):
        consents.withdraw(ada, "logo")
    assert [(given.end, given.can_be_withdrawn) for given in consents.of(ada)] == [("", False), ("taken back", False)]


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_leave_one_row(known: None) -> None:
    ada, start, raised = User.objects.create_user("ada@example.com"), threading.Barrier(4), []

    def agree() -> None:
        try:
            start.wait()
            consents.give(ada, "logo")
        except Exception as error:  # noqa: BLE001  (whatever it is, the test judges it)
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=agree) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (raised, rows()) == ([], [("logo", "1", "")])


@pytest.mark.parametrize(
    "change",
    [{"ended_at": NOON}, {"end": "withdrawn"}, {"ended_at": NOON - timedelta(days=9), "end": "withdrawn"}],
)
def test_the_database_refuses_half_an_end(known: None, ada: User, change: dict[str, object]) -> None:
    with clock.at(NOON):
        consents.give(ada, "logo")
    with pytest.raises(IntegrityError, match="consent_end_is_whole"), transaction.atomic():
        Consent.objects.update(**change)
