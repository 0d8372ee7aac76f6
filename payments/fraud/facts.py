"""What is known about an order that may be a sign of fraud: asked, and noted, in one statement."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import disposable_email_domains
from django.db import connection

from payments.fraud import sightings
from payments.models import FraudRules
from payments.providers.answers import Snapshot
from privacy import clock
from shop import orders
from shop.models import Order

#: How long orders are counted, and hashes kept.
WINDOW = timedelta(days=1)
# The hashes are written, and those that the order left before count as well. Other orders of the same address, card or
# network are counted; disputes of the same buyer that weren't won; and whether the account used this browser before
# today. A restricted person's rows are for the law alone. Two orders in one moment may miss each other's card.
_ASK = """
    WITH given AS (
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
        FROM shop_orderparty party JOIN shop_order ON shop_order.id = party.order_id
        WHERE party.user_id = %(user)s AND shop_order.placed_at <= %(since)s
        UNION ALL SELECT browser_family FROM accounts_device WHERE user_id = %(user)s AND signed_in_at <= %(since)s
    )
    SELECT
        (SELECT to_jsonb(rules) FROM payments_fraudrules rules WHERE valid_from <= %(today)s
            ORDER BY valid_from DESC LIMIT 1),
        (SELECT jsonb_object_agg(kind, orders) FROM counted),
        (SELECT count(*) FROM payments_dispute dispute
            JOIN payments_attempt attempt ON attempt.id = dispute.attempt_id
            JOIN shop_orderparty party ON party.order_id = attempt.order_id
            WHERE dispute.state <> 'won' AND attempt.order_id <> %(order)s AND party.restricted_at IS NULL
                AND (lower(party.email) = %(email)s OR party.user_id = %(user)s)),
        (SELECT bool_and(family <> %(browser)s) FROM browsers WHERE family <> '')
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


def ask(order: Order, snapshot: Snapshot | None = None, *, address: str = "") -> tuple[Facts, FraudRules]:
    """The facts of an order, with the rules in force. Leaves its hashes behind for the orders that follow.

    `address` is the visitor's, where there is one, for use in memory; `snapshot` what the provider says of the payment.
    """
    now, party = clock.now(), orders.party_of(order)
    email, seen = _email(order), hashes(order, address=address, card=snapshot.card if snapshot else "")
    browser = party.browser_family if party else ""
    rules, counts, disputes, is_other = _asked(
        order, now, seen, email=email, user=party.user_id if party else None, browser=browser
    )
    facts = Facts(
        billing=order.country,
        connection=order.evidence.get("ip", ""),
        card=snapshot.account_country if snapshot else "",
        is_disposable=is_disposable(email),
        is_other_browser=bool(browser and is_other),
        orders=counts,
        total=order.total,
        currency=order.currency,
        risk=snapshot.risk if snapshot else "",
        is_unprotected=bool(snapshot and snapshot.is_unprotected),
        disputes=disputes,
    )
    return facts, FraudRules(**rules)


def hashes(order: Order, *, address: str = "", card: str = "") -> dict[str, str]:
    """What an order may have in common with others, as keyed hashes by their kind."""
    return sightings.hashed(address=_email(order), card=card, network=sightings.network_of(address))


def _email(order: Order) -> str:
    party = orders.party_of(order)
    return party.email.lower() if party else ""


def _asked(order: Order, now: datetime, seen: dict[str, str], **buyer: Any) -> tuple[Any, ...]:
    values = {
        "order": order.pk,
        "kinds": list(seen),
        "hashes": list(seen.values()),
        "now": now,
        "since": now - WINDOW,
        "today": now.date(),
        **buyer,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ASK, values)
        rules, counts, disputes, is_other = cursor.fetchone()
    return json.loads(rules or "{}"), json.loads(counts or "{}"), disputes, is_other


def is_disposable(email: str) -> bool:
    """Whether the address is of a service for addresses that are thrown away, or of a part of one (`x.example.com`)."""
    labels = email.rpartition("@")[2].split(".")
    return any(".".join(labels[at:]) in disposable_email_domains.blocklist for at in range(len(labels) - 1))
