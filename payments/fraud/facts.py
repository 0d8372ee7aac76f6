"""What is known about an order that may be a sign of fraud: asked, and noted, in one statement."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import disposable_email_domains
from django.db import connection

from payments.fraud import sightings
from payments.models import FraudRules
from payments.providers.answers import Snapshot
from privacy import clock, mail_addresses
from shop import orders
from shop.models import Order

#: How long orders are counted, and hashes kept.
WINDOW = timedelta(days=1)
# The hashes are written, and those that the order left before count as well. Other orders of the same address, card or
# network are counted; disputes of the same buyer that weren't won; and whether the account used this browser before
# today. A restricted person's rows are for the law alone. Two orders in one moment may miss each other's card.
_ASK = """
    WITH buyer AS (
        SELECT lower(email) AS email, user_id, browser_family FROM shop_orderparty WHERE order_id = %(order)s
    ), given AS (
        SELECT * FROM unnest(%(kinds)s::text[], %(hashes)s::text[]) AS given (kind, hash)
    ), written AS (
        INSERT INTO payments_fraudsighting (order_id, kind, hash, seen_at)
        SELECT %(order)s, kind, hash, %(now)s FROM given
        ON CONFLICT DO NOTHING
    ), own AS (
        SELECT kind, hash FROM given
        UNION SELECT kind, hash FROM payments_fraudsighting WHERE order_id = %(order)s AND seen_at > %(since)s
    ), counted AS (
        SELECT own.kind, count(DISTINCT other.order_id) AS orders
        FROM own JOIN payments_fraudsighting other USING (kind, hash)
        WHERE other.order_id <> %(order)s AND other.seen_at > %(since)s
        GROUP BY own.kind
    ), browsers AS (
        SELECT party.browser_family AS family
        FROM buyer JOIN shop_orderparty party USING (user_id) JOIN shop_order ON shop_order.id = party.order_id
        WHERE shop_order.placed_at <= %(since)s
        UNION ALL
        SELECT device.browser_family
        FROM buyer JOIN accounts_device device USING (user_id) WHERE device.signed_in_at <= %(since)s
    )
    SELECT
        (SELECT to_jsonb(rules) FROM payments_fraudrules rules WHERE valid_from <= %(today)s
            ORDER BY valid_from DESC LIMIT 1),
        (SELECT jsonb_object_agg(kind, orders) FROM counted),
        (SELECT count(*) FROM buyer, payments_dispute dispute
            JOIN payments_attempt attempt ON attempt.id = dispute.attempt_id
            JOIN shop_orderparty party ON party.order_id = attempt.order_id
            WHERE dispute.state <> 'won' AND attempt.order_id <> %(order)s AND party.restricted_at IS NULL
                AND (lower(party.email) = buyer.email OR party.user_id = buyer.user_id)),
        (SELECT bool_and(family <> buyer.browser_family) FROM browsers, buyer
            WHERE family <> '' AND buyer.browser_family <> ''),
        (SELECT email FROM buyer)
"""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Countries are ISO 3166 codes, empty where nobody says one. `orders` counts other orders within a day, by kind."""

    billing: str
    connection: str = ""
    card: str = ""
    is_disposable: bool = False
    is_other_browser: bool = False
    orders: dict[str, int] = field(default_factory=dict)
    total: Decimal = Decimal(0)
    currency: str = ""
    risk: str = ""
    is_unprotected: bool = False
    disputes: int = 0


def hashes(order: Order, *, address: str) -> dict[str, str]:
    """What an order whose payment begins may have in common with others, as keyed hashes by their kind.

    `address` is the visitor's, for use in memory.
    """
    party = orders.party_of(order)
    mailbox = mail_addresses.mailbox(party.email) if party else ""
    return sightings.hashed(address=mailbox, network=sightings.network_of(address))


def ask(order: Order, seen: Mapping[str, str], snapshot: Snapshot | None = None) -> tuple[Facts, FraudRules]:
    """The facts of an order, with the rules in force. Leaves the hashes `seen` behind for the orders that follow.

    `snapshot` is what the provider says of the payment, once there is one.
    """
    now = clock.now()
    values: dict[str, Any] = {
        "order": order.pk,
        "kinds": list(seen),
        "hashes": list(seen.values()),
        "now": now,
        "since": now - WINDOW,
        "today": now.date(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ASK, values)
        rules, counts, disputes, is_other, email = cursor.fetchone()
    facts = Facts(
        billing=order.country,
        connection=order.evidence.get("ip", ""),
        card=snapshot.account_country if snapshot else "",
        is_disposable=is_disposable(email or ""),
        is_other_browser=bool(is_other),
        orders=json.loads(counts or "{}"),
        total=order.total,
        currency=order.currency,
        risk=snapshot.risk if snapshot else "",
        is_unprotected=bool(snapshot and snapshot.is_unprotected),
        disputes=disputes,
    )
    return facts, FraudRules(**json.loads(rules or "{}"))


def is_disposable(email: str) -> bool:
    """Whether the address is of a service for addresses that are thrown away, or of a part of one (`x.example.com`)."""
    labels = mail_addresses.host(email).split(".")
    return any(".".join(labels[at:]) in disposable_email_domains.blocklist for at in range(len(labels) - 1))
