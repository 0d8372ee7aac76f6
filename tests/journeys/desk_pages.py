"""Every page of the desk, from the list of addresses: how each is opened in a running shop, or why it needs no look."""

import json
from functools import cache

from django.urls import reverse

from tests.accounts.test_admin_access import ADMINISTRATOR, SEES
from tests.attacks import addresses
from tests.attacks.addresses import Address
from tests.journeys.running_shop import RunningShop

DESK = "admin:"
#: Pages of one row that aren't its own page, and what they are asked for beside it.
OF_A_ROW = {
    "accounts_case_answer": "accounts.case",
    "accounts_case_close": "accounts.case",
    "accounts_case_note": "accounts.case",
    "accounts_case_refund": "accounts.case",
    "accounts_keypool_import": "accounts.keypool",
    "payments_attempt_arrival": "by hand",
    "payments_refund_again": "payments.refund",
    "payments_refund_request": "shop.order",
    "accounts_cannedanswer_delete": "accounts.cannedanswer",
    "shop_order_history": "shop.order",
}
#: Pages without a row.
ALONE = ("index", "privacy_processing_record", "shop_tax_report", "shop_order_search")
GIVEN = {
    "shop_order_verb": {"name": "hold"},
    "privacy_mailwording_kind": {"kind": "order_confirmation", "language": "en"},
}
NOT_HERE = {
    "the frame of a page that is here, or a file": "privacy_mailwording_html shop_tax_report_csv shop_coupon_uses "
    "accounts_case_file "
    "accounts_logo_picture privacy_export_file accounts_user_export jsi18n",
    "a deed without a page of its own": "accounts_case_take accounts_case_assign accounts_case_reopen "
    "accounts_logo_decide shop_post_decide payments_fraudassessment_cancel payments_fraudassessment_release "
    "payments_fraudassessment_let-in autocomplete logout",
    "leads on to another page": "shop_post_next view_on_site login password_change password_change_done",
    "has the form of another": "app_list payments_refund_sent shop_taxscheme_change",
    "a part of the menu": "search",
    "its words are written on the page of their kind": "privacy_mailwording_change",
}
#: With all pages of a request for deletion.
IN_TEST_DELETION_DESK = "privacy_deletionrequest_"
#: Django's own pages, the same for every list: one of each is looked at.
OF_ONE_TEMPLATE = ("_history", "_delete", "_search")

#: For the names alone.
ANY_ROWS = dict.fromkeys([*ADMINISTRATOR, *OF_A_ROW.values()], 1)
#: What the pages show that no buyer leaves behind. Nothing here is waited for by a job, or moves money or keys.
FILL = """
import json
from datetime import date, timedelta
from django.contrib import admin
from accounts import cases
from accounts.models import CannedAnswer, User
from payments.models import Attempt, Dispute, FraudAssessment, FraudRules, Refund, Statement
from privacy import alerts, clock, holds
from privacy.exports import requests
from shop.models import Coupon, CouponUse, Order
from shop.posts import writers, writing
from shop.posts.writing import Words
now = clock.now()
order = Order.objects.filter(state="paid", party__isnull=False).latest("pk")
attempt = Attempt.objects.filter(order=order, state="captured").latest("pk")
staff = User.objects.get(email="admin@example.com")
by_hand = Attempt.objects.create(order=order, number=90, provider="manual", state="expired", amount=1, currency="EUR")
Refund.objects.create(attempt=attempt, kind="amount", amount=1, state="failed", finished_at=now, reason="Asked by mail")
Dispute.objects.create(
    attempt=attempt, provider_dispute=f"du_{order.number}", amount=1, reason="fraudulent", state="won", decided_at=now
)
Statement.objects.get_or_create(
    provider="bank", defaults={"compared_until": now, "balanced_until": now.date(), "is_blind": True}
)
signs = [{"signal": "large_amount", "points": 15, "words": "The total is 10,000 EUR or more."}]
FraudAssessment.objects.update_or_create(
    order=order, defaults={"score": 60, "verdict": "hold", "reasons": signs, "settled_at": None}
)
alerts.raise_alert("test", order.number, f"Order {order.number}: somebody has to look at it.")
alerts.close_alert("test", order.number)
coupon, _ = Coupon.objects.get_or_create(code="DESK-10", defaults={"percent": 10, "most_uses": 100})
coupon.amounts.get_or_create(currency="EUR", defaults={"minimum": 20})
CouponUse.objects.get_or_create(order=order, defaults={"coupon": coupon})
requests.ask_for(order.party.email, by=staff, reason="Asked by letter.")
holds.place(holds.kinds()[0], order.number, by=staff, reason="A court asks.", until=now + timedelta(days=9))
product = order.lines.first().edition.product
words = Words(text="Is it slow with www.cheap.example files?", shown_as="Kim", title="")
writing.ask(writers.of_order(order), product, words)
wish = cases.Request(kind="complaint", email=order.party.email, name="Kim Berg", text="It stops at the second sheet.")
cases.assign(cases.receive(wish, order, channel="order").pk, to=staff, by=staff)
CannedAnswer.objects.get_or_create(title="Version", defaults={"text": "Hello {name}, which version is it?"})
FraudRules.objects.get_or_create(valid_from=date(4000, 1, 1))
newest = {model._meta.label_lower: model._default_manager.order_by("-pk").first() for model in admin.site._registry}
newest |= {"shop.order": order, "payments.attempt": attempt, "by hand": by_hand}
print("rows:", json.dumps({label: row.pk for label, row in newest.items() if row}))
"""


@cache
def _addresses() -> dict[str, Address]:
    found = {each.name.removeprefix(DESK): each for each in addresses.everywhere() if each.name.startswith(DESK)}
    return {name: each for name, each in found.items() if not name.startswith(IN_TEST_DELETION_DESK)}


def names() -> frozenset[str]:
    """Of every page of the desk, but for those of requests for deletion."""
    return frozenset(_addresses())


def left_out() -> frozenset[str]:
    """Names of those that need no look of their own."""
    said = {name for of_reason in NOT_HERE.values() for name in of_reason.split()}
    refused = {f"{label.replace('.', '_')}_add" for label, may in ADMINISTRATOR.items() if may[2] != SEES}
    alike = {name for name in _addresses() if name.endswith(OF_ONE_TEMPLATE)}
    return frozenset((said | refused | alike) - {*OF_A_ROW, *ALONE} - {"privacy_deletionrequest_add"})


def paths(rows: dict[str, int]) -> dict[str, str]:
    """The address of each page by its name, with the newest rows by label: a list, a row, adding, and deeds."""
    found = {name: reverse(f"{DESK}{name}") for name in ALONE}
    found |= {name: reverse(f"{DESK}{name}", kwargs=given) for name, given in GIVEN.items()}
    found["shop_order_verb"] += f"?order={rows['shop.order']}"
    found |= {name: reverse(f"{DESK}{name}", args=[rows[label]]) for name, label in OF_A_ROW.items()}
    for label, may in ADMINISTRATOR.items():
        prefix = label.replace(".", "_")
        if prefix.startswith(IN_TEST_DELETION_DESK.removesuffix("_")):
            continue
        found[f"{prefix}_changelist"] = reverse(f"{DESK}{prefix}_changelist")
        if f"{prefix}_change" not in left_out():
            found[f"{prefix}_change"] = reverse(f"{DESK}{prefix}_change", args=[rows[label]])
        if may[2] == SEES:
            found[f"{prefix}_add"] = reverse(f"{DESK}{prefix}_add")
    return found


def fill(shop: RunningShop) -> dict[str, int]:
    """Puts on the desk of a shop in which somebody bought what is missing; the newest row of each list by its label."""
    said = shop.shell(FILL).rpartition("rows:")[2]
    found: dict[str, int] = json.loads(said)
    return found
