"""The record of processing at the desk (Article 30(1) GDPR)."""

import pytest

from privacy import inventory, policy_tables, processing_record
from privacy.purposes import FULFILMENT, PAYMENT, RECENTLY_VIEWED, STAFF_WORK
from tests.desk import at_desk

pytestmark = pytest.mark.django_db
RECORD = "/admin/privacy/policyversion/record/"


def activity(purpose: inventory.Purpose) -> processing_record.Activity:
    (found,) = [each for each in processing_record.activities() if each.purpose == purpose]
    return found


def test_every_purpose_of_a_personal_column_is_an_activity() -> None:
    recorded = {each.purpose for each in processing_record.activities()}
    assert {column.purpose for _, _, column in policy_tables.personal_columns()} - recorded == set()


def test_an_activity_says_what_article_30_asks() -> None:
    payment = activity(PAYMENT)
    assert (payment.subjects, payment.readers) == ("customers", "Shop Managers; Administrators")
    assert "reference at a payment provider" in payment.categories
    assert [name for name in ("PayPal (Europe)", "Stripe Payments Europe") if name not in payment.recipients] == []
    assert "United States" in payment.transfers
    assert "reference at a payment provider: 90 days after the provider’s message came" in payment.limits


def test_visitors_and_staff_are_named_as_such() -> None:
    assert (activity(RECENTLY_VIEWED).subjects, activity(RECENTLY_VIEWED).limits) == (
        "visitors",
        ("cookie viewed: 90 days",),
    )
    assert activity(STAFF_WORK).subjects == "people who run the shop"
    assert activity(FULFILMENT).recipients.endswith("(processor)")


def test_vies_is_asked_for_billing_and_for_nothing_else() -> None:
    assert [each.purpose.name for each in processing_record.activities() if "VIES" in each.recipients] == ["billing"]


def test_an_administrator_reads_it_at_the_desk() -> None:
    page = at_desk("Administrator").get(RECORD).content.decode()
    assert page.count('<section class="desk-section">') == len(processing_record.activities()) + 2
    for words in ("Controller", "see the imprint", "Legal ground", "Security measures", *processing_record.measures()):
        assert words in page


@pytest.mark.parametrize(("role", "list_status"), [("Shop Manager", 200), ("Support", 403)])
def test_others_do_not(role: str, list_status: int) -> None:
    client = at_desk(role)
    assert client.get(RECORD).status_code == 403
    versions = client.get("/admin/privacy/policyversion/")
    assert (versions.status_code, b"record of processing" in versions.content) == (list_status, False)


def test_the_versions_are_listed_and_lead_to_their_text_and_the_record() -> None:
    page = at_desk("Administrator").get("/admin/privacy/policyversion/").content.decode()
    assert ('href="/privacy/versions/1/"' in page, f'href="{RECORD}"' in page) == (True, True)
