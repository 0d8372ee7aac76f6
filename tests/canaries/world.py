"""One row of everything that has to do with money, each legal, for tests that spoil one of them in raw SQL."""

import json
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.models import Case, CaseRefund, Suspension
from payments.models import (
    Attempt,
    Dispute,
    FraudAssessment,
    FraudRules,
    FraudSighting,
    ProviderCall,
    Reference,
    Refund,
    RefundUnit,
    Statement,
    WebhookEvent,
)
from privacy import alerts, clock, mail_wordings, mails
from privacy.models import Look, MailRecipient, OutgoingMail, ReceivedMail
from shop import receipts
from shop.models import Order, OrderHold, TaxScheme, VatCheck
from tests.accounts import purchases
from tests.canaries import coupons, logos, posts

#: In a copy, a column that has this stays as it is in the row that is copied.
KEEP = object()
#: An order without a party, older than all others.
OWNERLESS = -1
#: A mail that nobody got, older than all others.
OTHER_MAIL = -1
#: What makes a copy of a row a legal row of its own: other values where only one row may have them.
OWN: dict[str, dict[str, Any]] = {
    "shop_order": {"number": "AO-1", "link_hash": "other"},
    "shop_orderparty": {"order_id": OWNERLESS, "checkout_token": str(uuid.uuid4())},
    "shop_orderline": {"sku": "other"},
    "shop_orderunit": {"position": 99},
    "shop_orderhold": {"released_at": "2026-11-23T12:00:00Z"},
    "payments_attempt": {"number": 99},
    "payments_reference": {"value": "other"},
    "payments_providercall": {"key": "other"},
    "payments_webhookevent": {"event_id": "other"},
    "payments_statement": {"provider": "other"},
    "payments_refund": {"provider_refund": "re_other", "repeats_id": None},
    "payments_refundunit": {},
    "payments_dispute": {"provider_dispute": "other"},
    "payments_fraudrules": {"valid_from": "1999-01-01"},
    "payments_fraudsighting": {"hash": "f" * 32},
    "payments_fraudassessment": {"order_id": OWNERLESS},
    "accounts_license": {"unit_id": None},
    "accounts_licensekey": {"digest": "other", "unit_id": None, "license_id": None},
    "accounts_suspension": {"about": "other"},
    "accounts_case": {"order_id": None, "link_hash": "other", "mail_hash": "other"},
    "accounts_caserefund": {"about": "other"},
    "shop_accountingdocument": {"about": "other", "number": 0},
    "shop_documentline": {},
    "shop_documentseries": {"year": 1999, "last": 1},
    "shop_taxscheme": {"valid_from": "1999-01-01", "valid_until": "1999-02-01"},
    "shop_vatcheck": {"order_id": OWNERLESS},
    "privacy_alert": {"key": "other"},
    "privacy_outgoingmail": {"dedup_key": "other"},
    "privacy_mailrecipient": {"mail_id": OTHER_MAIL, "message_id": "<other@example.com>"},
    "privacy_mailwording": {"kind": "refund_failed"},
    "privacy_receivedmail": {"uid": "other", "digest": "other"},
    "privacy_look": {},
    **posts.OWN,
    **logos.OWN,
    **coupons.OWN,
}


def make() -> Order:
    """A paid order of two units, with all that can belong to it."""
    purchases.order((purchases.edition(), 1), id=OWNERLESS).party.delete()
    order = purchases.paid((purchases.edition(pool=2), 2))
    paid = {"order": order, "provider": "stripe", "amount": Decimal(238), "currency": "EUR"}
    attempt = Attempt.objects.create(number=2, state="captured", captured_at=clock.now(), **paid)
    Reference.objects.create(attempt=attempt, kind="stripe_session", value="cs_1")
    ProviderCall.objects.create(key="cs:1", attempt=attempt, parameters={})
    WebhookEvent.objects.create(provider="stripe", event_id="evt_1", kind="charge.succeeded", object_id="ch_1")
    Statement.objects.create(provider="stripe", compared_until=clock.now(), balanced_until=clock.today())
    unit, _ = purchases.units_of(order)
    of_unit = Refund.objects.create(attempt=attempt, kind="units", state="succeeded", amount=Decimal(100))
    RefundUnit.objects.create(refund=of_unit, unit=unit, amount=Decimal(100))
    failed = Refund.objects.create(attempt=attempt, kind="amount", state="failed", amount=5, provider_refund="re_1")
    again = {"state": "succeeded", "tax": 1, "provider_refund": "re_2", "repeats": failed}
    Refund.objects.create(attempt=attempt, kind="amount", amount=Decimal(5), **again)
    lost = {"state": "lost", "decided_at": clock.now(), "amount": Decimal(7), "withdrawn": Decimal(7)}
    Dispute.objects.create(attempt=attempt, provider_dispute="du_1", **lost)
    Suspension.objects.create(license_key=purchases.keys_of(order)[-1], reason="dispute", about="dispute:1")
    case = Case.objects.create(
        kind="withdrawal",
        order=order,
        channel="order",
        due_at=clock.now() + timedelta(days=14),
        link_hash="1",
        mail_hash="1",
    )
    CaseRefund.objects.create(case=case, about=of_unit.about, amount="€100.00")
    receipts.issue(order)
    proof = {"consultation": "WAPI1", "answered_at": clock.now()}
    VatCheck.objects.create(order=order, state="valid", **proof)
    TaxScheme.objects.create(country="DE", registration="DE1", valid_from="2021-07-01")
    OrderHold.objects.create(order=order, reason="It looks odd.")
    rules = FraudRules.objects.create(valid_from="2021-07-01")
    FraudSighting.objects.create(order=order, kind="network", hash="0" * 32)
    judged = {"score": 60, "reasons": [], "settled_at": clock.now()}
    FraudAssessment.objects.create(order=order, rules=rules, verdict="pass", **judged)
    alerts.raise_alert("payment_held", order.number, "It waits for you.")
    OutgoingMail.objects.create(id=OTHER_MAIL, kind="order_held", object_id=order.pk, dedup_key="held")
    mails.queue("refund_made", of_unit.pk)
    waits = OutgoingMail.objects.get(kind="refund_made")
    MailRecipient.objects.create(mail=waits, address="ada@example.com", message_id="<1@example.com>")
    mail_wordings.write("refund_made", "en", subject="Your money", intro="")
    ReceivedMail.objects.create(mailbox="INBOX", uid_validity="1", uid="1", digest="1", verdict="other")
    Look.objects.create(kind="order", model="shop.OrderParty", object_id="1", purpose="A question by phone")
    posts.make(order)
    logos.make()
    coupons.make(order)
    connection.check_constraints()  # everything so far is legal
    return order


def copy(table: str, changes: dict[str, Any]) -> None:
    """Inserts a copy of a table's newest row under another id, legal but for `changes`."""
    wanted = {"id": 10**9, **OWN[table], **changes}
    patch = {name: value for name, value in wanted.items() if value is not KEEP}
    _execute(
        f"INSERT INTO {table} SELECT (jsonb_populate_record(r, %s::jsonb)).* FROM {table} r ORDER BY r.id DESC LIMIT 1",
        [json.dumps(patch)],
    )


def copy_untriggered(table: str, trigger: str, changes: dict[str, Any]) -> None:
    """The same where a trigger would write or refuse what the table itself has to refuse as well."""
    connection.check_constraints()  # a table that is altered may have no checks waiting
    _execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}", [])
    copy(table, changes)


def change(table: str, changes: dict[str, Any]) -> None:
    """Changes a table's newest row."""
    columns = ", ".join(f"{name} = %s" for name in changes)
    _execute(f"UPDATE {table} SET {columns} WHERE id = (SELECT max(id) FROM {table})", [*changes.values()])


def _execute(sql: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    connection.check_constraints()
