"""A logo from handing in to taking back: who may, what is shown, and what is left."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from PIL import Image

from accounts import branding, closing, unused
from accounts.branding import Changed, NotHandedIn, NotJoinable
from accounts.images import NotTaken
from accounts.models import Logo, LogoInvitation, LogoManager, LogoPicture, User
from privacy import clock, consents, page_version
from privacy.models import Consent
from privacy.transitions import IllegalTransition
from shop.models import Product
from tests import desk
from tests.accounts import pictures, purchases
from tests.accounts.branding import logos
from tests.accounts.conftest import person

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P6f")]
SMALL, FULL = LogoPicture.Size.SMALL, LogoPicture.Size.FULL


def consent_of(user: User) -> list[tuple[str, str]]:
    """Versions of the words that this person agreed to, with what ended it."""
    return list(Consent.objects.filter(user=user, key="branding").order_by("pk").values_list("version", "end"))


def test_what_is_handed_in_waits_and_is_seen_by_nobody() -> None:
    ada = logos.customer()

    logo = branding.hand_in(
        ada, company="Nordhafen GmbH", products=branding.products_of(ada), upload=pictures.png((1200, 300))
    )

    assert (logo.state, logo.revision, branding.of(ada)) == ("submitted", 1, logo)
    assert list(branding.waiting()) == [logo]
    assert consent_of(ada) == [(branding.TEXT.version, "")]
    sizes = {each.size: (each.width, each.height) for each in logo.pictures.all()}
    assert sizes == {"full": (480, 120), "small": (240, 60)}
    assert branding.shown(SMALL) == []
    assert [branding.picture(name) for name in logos.names(logo).values()] == [None, None]


def test_after_a_managers_yes_it_is_shown_overall_and_for_the_named_products_alone() -> None:
    ada = logos.customer()
    logos.customer()  # a second license
    named, other = list(branding.products_of(ada))
    logo = logos.handed_in(ada, products=[named])
    manager = desk.person("Shop Manager")

    assert branding.decide(logo.pk, revision=1, by=manager)

    [seen] = branding.shown(SMALL)
    assert (seen.company, seen.name) == ("Nordhafen GmbH", logos.names(logo)["small"])
    assert branding.shown(SMALL, product=named) == [seen]
    assert branding.shown(SMALL, product=other) == []
    logo.refresh_from_db()
    assert (logo.decided_by, branding.waiting().count()) == (manager, 0)
    found = branding.picture(seen.name)
    assert found is not None
    assert Image.open(io.BytesIO(bytes(found.content))).size == (seen.width, seen.height)
    assert not branding.decide(logo.pk, revision=1, by=manager)  # already there


def test_a_refusal_says_why_and_the_company_may_hand_in_again() -> None:
    ada = logos.customer()
    logo = logos.published(ada)
    branding.invite(ada)
    manager = desk.person("Shop Manager")

    branding.decide(logo.pk, revision=1, by=manager, refusal="It shows a trademark of somebody else.")

    logo.refresh_from_db()
    assert (logo.state, logo.reason) == ("declined", "It shows a trademark of somebody else.")
    assert (branding.shown(SMALL), LogoInvitation.objects.count()) == ([], 0)
    with pytest.raises(IllegalTransition):
        branding.decide(logo.pk, revision=1, by=manager)

    again = logos.handed_in(ada)
    assert (again.pk, again.state, again.revision, again.reason, again.decided_at) == (
        logo.pk,
        "submitted",
        2,
        "",
        None,
    )


def test_a_change_is_looked_at_before_it_is_shown_and_keeps_the_picture_where_no_other_came() -> None:
    ada = logos.customer()
    logo = logos.published(ada)
    before = logos.names(logo)

    changed = branding.hand_in(ada, company="Nordhafen SE", products=branding.products_of(ada), upload=None)

    assert (changed.pk, changed.state, changed.company) == (logo.pk, "submitted", "Nordhafen SE")
    assert branding.shown(SMALL) == []
    assert logos.names(changed) == before
    assert logos.names(logos.handed_in(ada)) != before  # another file has other names
    assert consent_of(ada) == [(branding.TEXT.version, "")]  # said again, and still one


def test_what_was_changed_since_the_look_is_not_published() -> None:
    """The company swaps the picture while a manager looks at the page."""
    ada = logos.customer()
    logo = logos.handed_in(ada)
    logos.handed_in(ada, company="Something Else")

    with pytest.raises(Changed, match="Look at it again"):
        branding.decide(logo.pk, revision=1, by=desk.person("Shop Manager"))
    assert branding.shown(SMALL) == []

    branding.withdraw(ada)
    with pytest.raises(Changed, match="taken back"):
        branding.decide(logo.pk, revision=2, by=desk.person("Shop Manager"))


def test_withdrawing_leaves_nothing_and_ends_every_manager_s_consent(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    ada, bob = logos.customer(), person("bob@example.com")
    logo = logos.with_colleague(ada, bob)
    name = logos.names(logo)["full"]
    branding.invite(ada)
    before = page_version.current()

    with django_capture_on_commit_callbacks(execute=True):
        assert branding.withdraw(bob)

    assert (logos.left(), branding.picture(name), branding.of(ada)) == (0, None, None)
    assert [consent_of(each)[0][1] for each in (ada, bob)] == ["withdrawn", "withdrawn"]
    assert page_version.current() != before
    assert not branding.withdraw(ada)


def test_taking_the_consent_back_in_the_list_of_consents_is_the_same() -> None:
    ada = logos.customer()
    logos.published(ada)

    assert consents.withdraw(ada, "branding")

    assert logos.left() == 0


def test_a_colleague_keeps_the_logo_and_without_one_it_goes() -> None:
    ada, bob = logos.customer(), person("bob@example.com")
    logo = logos.with_colleague(ada, bob)
    name = logos.names(logo)["full"]

    assert branding.leave(ada)
    assert branding.picture(name) is not None
    assert (branding.of(ada), branding.of(bob)) == (None, logo)
    assert consent_of(ada)[0][1] == "withdrawn"
    assert consent_of(bob)[0][1] == ""

    assert branding.leave(bob)
    assert logos.left() == 0
    assert not branding.leave(bob)


@pytest.mark.parametrize("way", ["close", "unused", "delete", "sql"])
def test_whatever_ends_the_last_account_takes_the_logo_away(way: str) -> None:
    ada, bob = logos.customer(), person("bob@example.com")
    logos.with_colleague(ada, bob)
    acts = {
        "close": lambda user: closing.close(user.pk),
        "unused": lambda user: unused.erase([user.pk]),
        "delete": lambda user: user.delete(),
        "sql": _without_orm,
    }

    acts[way](bob)
    assert [seen.company for seen in branding.shown(SMALL)] == ["Nordhafen GmbH"]
    acts[way](ada)
    assert logos.left() == 0
    connection.check_constraints()


def _without_orm(user: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_logomanager WHERE user_id = %s", [user.pk])


def test_a_link_works_once_and_for_14_days_and_only_while_the_logo_is_shown() -> None:
    ada, bob, kim = logos.customer(), person("bob@example.com"), person("kim@example.com")
    logos.published(ada)
    first = branding.invite(ada)
    token = branding.invite(ada)

    with pytest.raises(NotJoinable, match="was used or has ended"):
        branding.join(first, bob)  # a new link ends the one before
    assert branding.company_of_link(token) == "Nordhafen GmbH"
    assert branding.join(token, bob) == branding.of(ada)
    assert consent_of(bob) == [(branding.TEXT.version, "")]
    with pytest.raises(NotJoinable, match="was used or has ended"):
        branding.join(token, kim)

    token = branding.invite(bob)
    with clock.at(clock.now() + timedelta(days=14, minutes=1)):
        assert branding.company_of_link(token) is None
        with pytest.raises(NotJoinable):
            branding.join(token, kim)
    logos.handed_in(ada)
    assert branding.company_of_link(token) is None
    with pytest.raises(NotJoinable, match="once the logo is shown"):
        branding.invite(ada)


def test_nobody_manages_two_logos_and_joining_ones_own_is_quiet() -> None:
    ada, bob = logos.customer(), logos.customer("bob@example.com")
    logos.published(ada)
    logos.handed_in(bob, company="Other AG")
    token = branding.invite(ada)

    with pytest.raises(NotJoinable, match="another company’s logo"):
        branding.join(token, bob)
    branding.join(token, ada)

    assert LogoManager.objects.count() == 2


def test_colleagues_remove_each_other_and_nobody_else() -> None:
    ada, bob, kim = logos.customer(), person("bob@example.com"), logos.customer("kim@example.com")
    logos.with_colleague(ada, bob)
    logos.published(kim, company="Other AG")

    assert not branding.remove(ada.pk, by=kim)
    assert not branding.remove(person("nobody@example.com").pk, by=ada)
    assert branding.remove(ada.pk, by=bob)
    assert (branding.of(ada), LogoManager.objects.filter(user=bob).exists()) == (None, True)


def test_ten_people_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.branding.colleagues.MOST_MANAGERS", 2)
    ada = logos.customer()
    logos.with_colleague(ada, person("bob@example.com"))

    with pytest.raises(NotJoinable, match="2 people manage this logo"):
        branding.invite(ada)


def test_a_company_is_named_for_its_own_licenses_products_alone() -> None:
    ada, bob = logos.customer(), person("bob@example.com")
    own = list(branding.products_of(ada))
    foreign = purchases.edition().product
    other = purchases.paid((purchases.edition(), 1), user=bob, email=bob.email)

    with pytest.raises(NotHandedIn, match="of which you have a license"):
        logos.handed_in(ada, products=[foreign])
    with pytest.raises(NotHandedIn, match="at least one product"):
        logos.handed_in(ada, products=[])
    assert logos.left() == 0

    Product.objects.filter(pk=own[0].pk).update(is_published=False)
    assert list(branding.products_of(ada)) == []
    Product.objects.update(is_published=True)
    logos.with_colleague(ada, bob)
    assert {product.pk for product in branding.products_of(ada)} == {own[0].pk, other.lines.get().edition.product_id}


def test_a_revoked_key_is_no_license_to_be_named_for() -> None:
    ada = logos.customer()
    purchases.keys_of(ada.licenses.get().unit.line.order)
    ada.licenses.get().license_keys.update(state="revoked")

    assert list(branding.products_of(ada)) == []


def test_without_a_picture_or_with_one_that_is_none_nothing_is_written() -> None:
    ada = logos.customer()
    chosen = branding.products_of(ada)

    with pytest.raises(NotHandedIn, match="Choose the file"):
        branding.hand_in(ada, company="Nordhafen", products=chosen, upload=None)
    with pytest.raises(NotTaken, match="SVG"):
        branding.hand_in(ada, company="Nordhafen", products=chosen, upload=pictures.SVG)
    with pytest.raises(NotTaken, match="too small to be shown"):
        branding.hand_in(ada, company="Nordhafen", products=chosen, upload=pictures.png((40, 20)))

    assert (logos.left(), consent_of(ada)) == (0, [])


def test_the_stored_drawings_tell_no_place() -> None:
    ada = logos.customer()
    branding.hand_in(ada, company="Nordhafen", products=branding.products_of(ada), upload=pictures.photograph())

    contents = [bytes(content) for content in LogoPicture.objects.values_list("content", flat=True)]

    assert len(contents) == 2
    assert [content for content in contents if pictures.PLACE.encode() in content or b"Lovelace" in content] == []


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ("state = 'lost', decided_at = now()", "accounts_logo_state_moves"),
        ("state = 'published'", "logo_decided_has_time"),
        ("decided_at = now()", "logo_decided_has_time"),
        ("state = 'declined', decided_at = now()", "logo_declined_has_reason"),
        ("state = 'published', decided_at = now(), reason = 'No.'", "logo_declined_has_reason"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(changes: str, name: str) -> None:
    logos.handed_in()

    with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_logo SET {changes}")


PAIRS = [(start, end) for start in Logo.State.values for end in Logo.State.values if start != end]


@pytest.mark.parametrize(("start", "end"), PAIRS)
def test_exactly_the_moves_of_the_table_pass_in_raw_sql(start: str, end: str) -> None:
    def fields(state: str) -> dict[str, object]:
        decided = None if state == "submitted" else clock.now()
        return {"state": state, "decided_at": decided, "reason": "No." if state == "declined" else ""}

    logo = Logo.objects.create(company="Nordhafen", **fields(start))
    refused = None
    try:
        with transaction.atomic():
            Logo.objects.filter(pk=logo.pk).update(**fields(end))
    except IntegrityError as error:
        refused = error
    assert (refused is None) == (end in Logo.TRANSITIONS[start])
    assert refused is None or "no way from" in str(refused)
