"""A deletion and the logo of the person's company: a colleague keeps it, and without one it goes."""

from collections.abc import Callable

import pytest

from accounts import branding
from accounts.models import Logo, LogoManager, LogoPicture
from privacy.erasure import execution
from privacy.models import Consent
from tests.accounts.branding import logos
from tests.accounts.conftest import person
from tests.privacy.erasure import people
from tests.privacy.erasure.people import ADA, Neighbors

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12a", "P6f")]
Dump = Callable[[], str]


def test_the_logo_of_whoever_manages_it_alone_goes_with_all_that_belongs_to_it(
    neighbors: Neighbors, dump: Dump
) -> None:
    ada = people.account()
    logo = logos.published(logos.customer(ADA), company="Lovelace Engines")
    name = logos.names(logo)["full"]
    assert (people.deeds()["accounts.Logo"], people.deeds()["accounts.LogoManager"]) == ({"erased"}, {"erased"})

    request = people.erased()

    assert request.problem == ""
    assert neighbors.notices.written == [request.pk]
    assert (logos.left(), branding.picture(name)) == (0, None)
    assert neighbors.journaled["accounts.Logo"] == {logo.pk}
    assert "Lovelace Engines" not in dump()
    consent = Consent.objects.get(key="branding")
    assert (consent.user, consent.end) == (None, "account")
    assert not type(ada).objects.filter(pk=ada.pk).exists()


def test_a_colleague_keeps_the_logo_until_the_same_is_asked_for(neighbors: Neighbors) -> None:
    logo = logos.with_colleague(logos.customer(ADA), person("bob@example.com"))
    assert "accounts.Logo" not in people.deeds()
    by = people.staff()

    people.erased(by=by)
    assert [seen.company for seen in branding.shown(LogoPicture.Size.FULL)] == ["Nordhafen GmbH"]
    assert list(LogoManager.objects.values_list("user__email", flat=True)) == ["bob@example.com"]
    assert "accounts.Logo" not in neighbors.journaled

    people.erased("bob@example.com", by=by)
    assert logos.left() == 0
    assert neighbors.journaled["accounts.Logo"] == {logo.pk}


def test_who_joins_between_the_plan_and_the_deed_keeps_it(neighbors: Neighbors) -> None:
    ada = logos.customer(ADA)
    logos.published(ada)
    request = people.approved(by=people.staff())
    branding.join(branding.invite(ada), person("bob@example.com"))

    execution.carry_out(request.pk)

    assert Logo.objects.get().managers.get().user.email == "bob@example.com"
    request.refresh_from_db()
    assert request.problem == ""
