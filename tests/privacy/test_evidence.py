"""Figures beside the promises: counted by a job, kept in the cache, never counted by the page."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from privacy import clock, evidence, policy, promises, tasks
from privacy.promises import Figure, Promise, Section

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 3, 10, tzinfo=UTC)


@pytest.fixture
def counted() -> Iterator[list[Figure | Exception]]:
    """A promise whose figure is the first of the list; an exception in it is raised."""
    figures: list[Figure | Exception] = []

    def count() -> Figure:
        if isinstance(figures[0], Exception):
            raise figures[0]
        return figures[0]

    promises.register(Promise(id="T1", section=Section.KEEPING, words="T", evidence=count))
    yield figures
    promises._promises.pop("T1")


def page(client: Client) -> str:
    return " ".join(client.get("/privacy/").content.decode().split())


@pytest.mark.promise("P1", "P3")
def test_the_job_counts_and_the_page_shows(client: Client) -> None:
    assert 'class="evidence' not in page(client), "what was never counted isn't shown"
    tasks.count_evidence()
    shown = page(client)
    there = len(evidence.database_catalog.columns())
    assert f"<b>{there} of {there}</b><p>columns of our database say what they hold and why.</p>" in shown
    assert "<b>0</b><p>columns of our database that could hold an IP address.</p>" in shown
    assert "<b>8</b><p>cookies in all, 1 of them after your yes.</p>" in shown


def test_the_page_counts_nothing_itself(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    tasks.count_evidence()
    policy.in_force()
    with django_assert_num_queries(0):
        evidence.shown()


@pytest.mark.promise("P3")
@pytest.mark.parametrize("column", ["seen_from inet", "network cidr", "ip varchar(40)", "user_agent text"])
def test_a_column_for_an_ip_address_breaks_the_figure(column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE visit ({column})")
    assert evidence.ip_columns() == Figure("1", "columns of our database that could hold an IP address.", "", True)


@pytest.mark.promise("P1")
def test_an_undeclared_column_breaks_the_figure_and_is_shown(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE visit (who text)")
    figure = evidence.columns_declared()
    there = len(evidence.database_catalog.columns())
    assert (figure.figure, figure.is_broken) == (f"{there - 1} of {there}", True)
    evidence.refresh()
    assert f'<div class="evidence broken"><b>{there - 1} of {there}</b>' in page(client)


def test_a_figure_that_cant_be_counted_keeps_its_value_and_says_since_when(
    client: Client, counted: list[Figure | Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    policy.document.cache_clear()
    policy.publish()
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    counted[:] = [Figure("7", "things")]
    evidence.refresh()
    assert "<b>7</b><p>things</p></div>" in page(client)
    counted[:] = [ConnectionError("the words of an error")]
    monkeypatch.setattr(clock, "now", lambda: MORNING + timedelta(hours=20))
    evidence.refresh()
    assert '<b>7</b><p>things</p><p class="quiet">Last counted on 23 November 2026.</p>' in page(client)
    policy.document.cache_clear()


def test_a_figure_that_never_could_be_counted_hides_no_other(counted: list[Figure | Exception]) -> None:
    counted[:] = [ConnectionError("the words of an error")]
    expected = sum(promise.evidence is not None for promise in promises.all_promises()) - 1
    assert evidence.refresh() == expected
    assert "T1" not in evidence.shown()


def test_without_the_cache_the_page_stands_without_figures(client: Client, settings: Settings) -> None:
    evidence.refresh()
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    assert evidence.shown() == {}
    response = client.get("/privacy/")
    assert (response.status_code, b'class="evidence' in response.content) == (200, False)


def test_figures_live_under_a_declared_key() -> None:
    evidence.refresh()
    assert cache.get(evidence.KEY).keys() == {
        promise.id for promise in promises.all_promises() if promise.evidence is not None
    }
