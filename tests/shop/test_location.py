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
