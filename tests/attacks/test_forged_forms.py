"""Forms that another site sends in a visitor's name: refused everywhere but at the webhooks, whose sender signs."""

import pytest
from django.test import Client

from tests import desk
from tests.attacks import addresses
from tests.attacks.addresses import Address

pytestmark = pytest.mark.django_db
#: Providers send these, and sign them.
SIGNED = {"paypal_webhook", "stripe_webhook"}
#: Forms on pages that are kept for everybody carry no token; they touch only the visitor's own cookie.
BY_ORIGIN = {
    *("cart_add", "cart_change", "cart_empty", "cart_redeem", "cart_remove", "cart_without_code"),
    *("consent", "place_choose", "recently_viewed_clear"),
}
#: The secret of the address is the proof: mail programs send the form of RFC 8058 without a cookie.
BY_LINK = {"no_invitations"}
VALUES: dict[str, object] = {
    **dict.fromkeys(("token", "key", "slug", "name", "app_label", "provider", "label", "quarter"), "stripe"),
    **dict.fromkeys(("number", "order_number"), "AO-1"),
    "kind": "complaint",
    **dict.fromkeys(("uidb36", "url", "object_id", "content_type_id"), "1"),
    **dict.fromkeys(("pk", "key_id", "license_id", "address_id", "export_id", "post_id", "author_id", "user_id"), 1),
    **dict.fromkeys(("file_id", "case_id"), 1),
    **dict.fromkeys(("pool_id", "attempt_id", "refund_id", "order_id", "request_id", "step_id"), 1),
    "language": "en",
}
#: Where an argument of this name is another thing.
OTHER_VALUES = {"policy_version": {"number": 1}, "admin:app_list": {"app_label": "shop"}}
#: From another site: as browsers say it now, and as older ones did.
ELSEWHERE = ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}, {})


def path(address: Address) -> str:
    return address.path(**VALUES | OTHER_VALUES.get(address.name, {}))


def test_each_address_is_guarded_by_a_token_by_origin_or_by_a_signature() -> None:
    exempt = {address.name for address in addresses.everywhere() if not address.has_token_guard}
    assert exempt == SIGNED | BY_ORIGIN | BY_LINK


@pytest.mark.parametrize("address", addresses.everywhere(), ids=lambda address: address.name)
def test_a_form_without_a_token_is_refused(address: Address) -> None:
    """By whoever it is sent, here an administrator with open doors; nothing of it is done."""
    if address.name in SIGNED:
        assert Client(enforce_csrf_checks=True).post(path(address), "{}", content_type="text/plain").status_code == 400
        return
    admin = desk.enter(desk.person("Administrator"))
    for headers in ELSEWHERE:
        attack = Client(enforce_csrf_checks=True, headers=headers)
        attack.cookies = admin.cookies
        # The checkout shows its form again, so that nothing typed is lost.
        refused = {422} if address.name == "checkout" else {404} if address.name in BY_LINK else {403, 405}
        assert attack.post(path(address), {"answer": "show"}).status_code in refused, headers
