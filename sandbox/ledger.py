"""The provider's books: what was captured, given back and disputed. Entries are added, never changed."""

from collections import defaultdict
from typing import Any

from sandbox.clock import Clock
from sandbox.database import Database

# The total in which an entry counts, and with which sign.
COUNTED = {
    "capture": ("captures", 1),
    "refund": ("refunds", 1),
    "refund_reversal": ("refunds", -1),
    "dispute": ("disputes", 1),
    "dispute_reversal": ("disputes", -1),
}


class Ledger:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, kind: str, identifier: str, *, of: str, reference: str | None, amount: int, currency: str) -> None:
        """`of` is the capture; `amount` is in minor units. A second entry of a kind for one id is an error."""
        self._database.execute(
            "INSERT INTO entries (kind, id, capture, reference, amount, currency, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            kind,
            identifier,
            of,
            reference,
            amount,
            currency.upper(),
            self._clock.now(),
        )

    def reverse(self, kind: str, identifier: str) -> None:
        """Takes back the entry of a refund that failed late or of a dispute that was won."""
        self._database.execute(
            "INSERT INTO entries (kind, id, capture, reference, amount, currency, at) "
            "SELECT kind || '_reversal', id, capture, reference, amount, currency, ? FROM entries "
            "WHERE kind = ? AND id = ?",
            self._clock.now(),
            kind,
            identifier,
        )

    def report(self) -> dict[str, Any]:
        """Totals in minor units by currency, and every entry, the oldest first."""
        totals: dict[str, dict[str, int]] = {"captures": {}, "refunds": {}, "disputes": {}}
        entries = []
        for row in self._database.rows("SELECT * FROM entries ORDER BY seq"):
            name, sign = COUNTED[row["kind"]]
            by_currency = defaultdict(int, totals[name])
            by_currency[row["currency"]] += sign * row["amount"]
            totals[name] = dict(by_currency)
            entry = {name: row[name] for name in ("kind", "id", "reference", "amount", "currency", "at")}
            entries.append({**entry, "of": row["capture"]})
        return {**totals, "entries": entries}
