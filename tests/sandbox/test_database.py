from pathlib import Path

import pytest

from sandbox.database import Database


def test_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite3")

    def half_done() -> None:
        with database.transaction():
            database.execute("INSERT INTO settings VALUES ('a', '1')")
            with database.transaction():
                database.execute("INSERT INTO settings VALUES ('b', '2')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    assert database.rows("SELECT * FROM settings") == []
    with database.transaction():
        database.execute("INSERT INTO settings VALUES ('c', '3')")
    assert [row["name"] for row in database.rows("SELECT * FROM settings")] == ["c"]
    assert database.row("PRAGMA journal_mode")[0] == "wal"
    database.close()
