"""What a provider remembers: one JSON document an object, found by its id, its kind or the object it belongs to."""

import json
from typing import Any

from sandbox.database import Database

Document = dict[str, Any]


class Objects:
    """Keys that start with an underscore are the sandbox's own and are never shown."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, kind: str, document: Document, *, parent: str | None = None) -> Document:
        self._database.execute(
            "INSERT INTO objects (id, kind, parent, body) VALUES (?, ?, ?, ?)",
            document["id"],
            kind,
            parent,
            json.dumps(document),
        )
        return document

    def save(self, document: Document) -> None:
        self._database.execute("UPDATE objects SET body = ? WHERE id = ?", json.dumps(document), document["id"])

    def remove(self, identifier: str) -> None:
        self._database.execute("DELETE FROM objects WHERE id = ?", identifier)

    def find(self, kind: str, identifier: str) -> Document | None:
        row = self._database.row("SELECT body FROM objects WHERE id = ? AND kind = ?", identifier, kind)
        return json.loads(row["body"]) if row else None

    def of(self, kind: str, *, parent: str | None = None) -> list[Document]:
        """All of a kind, or those that belong to one parent; the oldest first."""
        if parent is None:
            rows = self._database.rows("SELECT body FROM objects WHERE kind = ? ORDER BY seq", kind)
        else:
            rows = self._database.rows(
                "SELECT body FROM objects WHERE parent = ? AND kind = ? ORDER BY seq", parent, kind
            )
        return [json.loads(row["body"]) for row in rows]


def shown(document: Document) -> Document:
    """The document as the provider's interface answers it."""
    return {name: value for name, value in document.items() if not name.startswith("_")}
