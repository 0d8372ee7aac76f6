from ipaddress import ip_network

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from shop import location

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"


@pytest.mark.promise("P3")
@pytest.mark.parametrize(
    ("address", "country"),
    [("8.8.8.8", "US"), ("2a02:8109::1", "DE"), ("127.0.0.1", None), ("10.1.2.3", None), ("garbage", None), ("", None)],
)
def test_an_address_becomes_a_country_or_nothing(address: str, country: str | None) -> None:
    assert location.country_of_environ({"REMOTE_ADDR": address}) == country


@pytest.mark.parametrize(
    ("remote", "forwarded", "ip"),
    [
        ("10.0.0.1", "8.8.8.8", "8.8.8.8"),
        ("10.0.0.1", "1.1.1.1, 8.8.8.8, 10.0.0.2", "8.8.8.8"),
        ("9.9.9.9", "8.8.8.8", "9.9.9.9"),
        ("10.0.0.1", "<script>", ""),
        ("10.0.0.1", "", ""),
    ],
)
def test_forwarded_addresses_count_behind_a_trusted_proxy_only(
    settings: Settings, remote: str, forwarded: str, ip: str
) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]
    assert location.client_ip({"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": forwarded}) == ip


@pytest.mark.parametrize(("agent", "family"), [(FIREFOX, "Firefox"), ("", ""), ("\0" * 9000, "")])
def test_of_a_browser_only_its_family_is_kept(rf: RequestFactory, agent: str, family: str) -> None:
    assert location.browser_family(rf.get("/", headers={"User-Agent": agent})) == family


@pytest.mark.parametrize(
    ("cookie", "place"),
    [
        ("place=IE.EUR", ("IE", "EUR", True)),
        ("cart=x; place=US.USD; consent=y", ("US", "USD", True)),
        ("place=XX.EUR", ("DE", "EUR", False)),
        ("place=IE.XYZ", ("DE", "EUR", False)),
        ("place=ie.eur", ("DE", "EUR", False)),
        ("place=", ("DE", "EUR", False)),
        ("place=IE.EUR.USD", ("DE", "EUR", False)),
        ("otherplace=IE.EUR", ("DE", "EUR", False)),
        ("place=" + "A" * 5000, ("DE", "EUR", False)),
        ("", ("DE", "EUR", False)),
    ],
)
def test_a_chosen_place_counts_and_nonsense_doesnt(cookie: str, place: tuple[str, str, bool]) -> None:
    assert location.place_of_environ({"REMOTE_ADDR": "5.9.0.1", "HTTP_COOKIE": cookie}) == place


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("8.8.8.8", ("US", "USD")),
        ("51.140.0.1", ("GB", "GBP")),
        ("5.9.0.1", ("DE", "EUR")),
        ("127.0.0.1", ("DE", "EUR")),
        ("133.242.0.1", ("JP", "EUR")),
    ],
)
def test_the_connection_gives_country_and_currency(address: str, place: tuple[str, str]) -> None:
    assert location.place_of_environ({"REMOTE_ADDR": address})[:2] == place


def test_a_currency_that_the_shop_has_no_prices_in_is_not_offered(settings: Settings) -> None:
    settings.STORE_CURRENCIES = ["EUR"]
    assert location.place_of_environ({"REMOTE_ADDR": "8.8.8.8"}) == ("US", "EUR", False)
    assert location.place_of_environ({"REMOTE_ADDR": "8.8.8.8", "HTTP_COOKIE": "place=US.USD"})[1] == "EUR"


@pytest.mark.parametrize("error", [ValueError, OSError, RuntimeError])
def test_a_lookup_that_fails_breaks_no_page(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def fail(_address: str) -> str:
        raise error

    monkeypatch.setattr(location.iptocc, "country_code", fail)
    assert location.place_of_environ({"REMOTE_ADDR": "8.8.8.8"}) == ("DE", "EUR", False)
