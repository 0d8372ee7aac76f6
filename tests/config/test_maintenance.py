import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def closed(settings: object) -> None:
    settings.MAINTENANCE = True  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path", ["/", "/cart/", "/p/gridtrace/", "/account/", "/payments/webhooks/stripe/", "/nothing"]
)
def test_every_page_says_that_the_shop_comes_back(client: Client, path: str, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = client.get(path)
    assert (response.status_code, response["Retry-After"]) == (503, "600")
    assert "The shop is closed for a moment" in response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_a_payment_providers_event_is_refused_so_that_it_comes_again(client: Client) -> None:
    assert client.post("/payments/webhooks/stripe/", "{}", content_type="application/json").status_code == 503


def test_staff_can_sign_in_and_the_load_balancer_sees_health(client: Client) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    assert client.get("/account/login/").status_code == 200
    assert client.get("/admin/").status_code == 302
