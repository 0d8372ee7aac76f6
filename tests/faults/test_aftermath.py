"""The judgment itself: each thing that must never be is found, so that its silence means something."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import LicenseKey
from payments.models import Attempt, Refund
from privacy import mails
from privacy.models import OutgoingMail
from tests.faults import aftermath, buying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def judge(tills: dict[str, Till], delivered: Path, buyer: Client) -> Any:
    """Two orders that were paid, with their mails; gives what is wrong with them."""
    for till in tills.values():
        buying.begun(till)
        buying.pay(till, buyer)
    mails.send_due()
    sandboxes = {name: till.sandbox for name, till in tills.items()}

    def problems() -> list[str]:
        return aftermath.problems(sandboxes, delivered)

    assert problems() == []
    return problems


def without_guards(*statements: str) -> None:
    """Changes rows as no statement of the shop could."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no trigger
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


def test_money_without_a_key(judge: Any) -> None:
    without_guards("DELETE FROM accounts_licensekey WHERE id = (SELECT min(id) FROM accounts_licensekey)")
    assert [problem.rpartition(" is ")[2] for problem in judge()] == ["fulfilled with 0 keys, and 357.000 were kept"]


def test_an_order_that_is_not_paid_though_its_money_was_kept(judge: Any) -> None:
    without_guards("UPDATE shop_order SET state = 'expired' WHERE id = (SELECT min(id) FROM shop_order)")
    assert "is expired and 357.000 of it were kept" in judge()[0]


def test_a_key_that_two_buyers_have(judge: Any) -> None:
    """Both rows hold the same text under other digests: no constraint sees that."""
    one, other = LicenseKey.objects.filter(is_generated=True)
    text = aftermath.license_keys.text_of(one)
    sealed = aftermath.license_keys.sealed(text)
    cipher = aftermath.license_keys._cipher()
    blob = sealed["ciphertext"][:1] + b"0" * 12 + cipher.encrypt(b"0" * 12, text.encode(), other.digest.encode())
    LicenseKey.objects.filter(pk=other.pk).update(ciphertext=blob)
    assert judge() == ["a key was given 2 times"]


def test_a_capture_that_we_do_not_know(judge: Any) -> None:
    without_guards("UPDATE payments_attempt SET amount = 356 WHERE provider = 'stripe'")
    assert [problem.partition(": ")[2] for problem in judge()] == ["35700 at the provider, 35600 in our books"]


def test_a_refund_that_the_provider_does_not_know(judge: Any) -> None:
    attempt = Attempt.objects.get(provider="paypal")
    Refund.objects.create(attempt=attempt, kind="amount", amount=1, provider_refund="of-nobody")
    without_guards("UPDATE payments_refund SET state = 'succeeded', next_try_at = NULL, finished_at = now()")
    assert judge() == ["refund of-nobody EUR: 0 at the provider, 100 in our books"]


def test_a_mail_that_never_arrived_and_one_under_two_ids(judge: Any, delivered: Path) -> None:
    one, other = sorted(delivered.glob("*.eml"))[:2]
    other.write_bytes(one.read_bytes().replace(b"Message-ID: <", b"Message-ID: <again-"))
    found = judge()
    assert [problem for problem in found if "never arrived" in problem] != []
    assert [problem for problem in found if "under 2 Message-IDs" in problem] != []


def test_a_buyer_who_was_never_told(judge: Any) -> None:
    OutgoingMail.objects.filter(pk=OutgoingMail.objects.filter(kind="order_confirmation").earliest("pk").pk).delete()
    assert ["was never told of the payment" in problem for problem in judge()] == [True]
