"""What follows from a declaration, and what a check refuses because nothing does."""

from dataclasses import replace

import pytest

from accounts.models import Address, License, User
from payments.models import Reference, Refund
from privacy import inventory, mails
from privacy.erasure import checks, erasers, outbox
from privacy.erasure.derived import companions_of, derive, gap, own_columns
from privacy.erasure.verdicts import DELETED, UNLINKED, Deed
from privacy.inventory import Erasure, Personal, Subject, UntilErased
from privacy.models import Consent
from shop.models import CartLine, OrderHold, OrderParty


def declared(model: type, name: str) -> tuple[type[inventory.PersonalData], Personal]:
    declaration = inventory.declaration_of(model)
    assert declaration is not None
    column = dict(declaration.columns())[name]
    assert isinstance(column, Personal)
    return declaration, column


def test_every_personal_column_of_this_shop_has_its_eraser() -> None:
    assert checks.every_personal_column_has_its_eraser() == []
    assert checks.restriction_has_its_column() == []


@pytest.mark.parametrize(
    ("model", "name", "changes", "why"),
    [
        (Consent, "given_at", {"erasure": Erasure.CLEAR}, "neither NULL nor empty"),
        (Consent, "key", {"keep": UntilErased("x")}, "needs a date"),
        (Consent, "key", {"erasure": Erasure.UNLINK}, "a foreign key that may be NULL"),
        (CartLine, "user", {"erasure": Erasure.UNLINK}, "a foreign key that may be NULL"),
    ],
)
def test_a_declaration_from_which_no_eraser_follows_is_refused(
    model: type, name: str, changes: dict[str, object], why: str
) -> None:
    declaration, column = declared(model, name)
    assert gap(model, declaration, name, column) == ""
    assert why in gap(model, declaration, name, replace(column, **changes))  # type: ignore[arg-type]


def test_a_column_without_a_way_from_a_person_is_refused_by_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    declaration, _ = declared(Address, "street")
    monkeypatch.setattr(declaration, "subject", Subject())
    messages = checks.every_personal_column_has_its_eraser()
    assert {message.id for message in messages} == {"privacy.E030"}
    assert any("accounts.Address.street: no way leads" in message.msg for message in messages)


def test_a_restriction_without_its_column_is_refused_by_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    declaration, _ = declared(Address, "street")
    monkeypatch.setattr(declaration, "restricted", "street")
    (message,) = checks.restriction_has_its_column()
    assert (message.id, message.obj) == ("privacy.E031", Address)


def test_deeds_follow_from_the_columns() -> None:
    assert derive(Address).verdict == DELETED
    assert derive(License).verdict == UNLINKED
    assert derive(License).cleared == ("user",)
    consent = derive(Consent)
    assert (consent.verdict.deed, consent.until) == (Deed.RESTRICTED, "expires_at")
    assert "legal duty" in consent.verdict.ground


def test_what_goes_with_an_order_is_the_orders_matter() -> None:
    companions = {each.model: each for each in companions_of(OrderParty)}
    assert companions[Reference].is_whole_row
    assert (companions[Refund].cleared, companions[Refund].keeps) == (("reason",), True)
    assert companions[OrderHold].cleared == ("reason",)
    assert "unit" not in own_columns(License)
    longest = [each.way.via.count("__") for each in companions_of(OrderParty)]
    assert longest == sorted(longest, reverse=True)


def test_who_is_found_by_a_link_comes_before_who_takes_it_away() -> None:
    order = [eraser.model for eraser in erasers.all_erasers()]
    assert order[-1] is User
    assert order.index(OrderParty) > order.index(License)


def test_every_kind_of_mail_is_dropped_or_said_not_to_be() -> None:
    assert mails.kinds().keys() - outbox.NOT_DROPPED == outbox.kinds()


def test_a_model_has_one_eraser() -> None:
    with pytest.raises(ValueError, match="has an eraser already"):
        erasers.of(OrderParty)(erasers.Eraser)
