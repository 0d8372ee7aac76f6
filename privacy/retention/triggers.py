"""Triggers that write the date on which a period ends. Migrations use them; the functions are made by privacy's 0004.

The date is PostgreSQL's matter, because whoever writes the row (a view, an import, raw SQL) must get the same one, and
because a date that lies behind the sweep's watermark must lower it in the same transaction.
"""

from django.db.migrations import RunSQL

_WATCH = "privacy_watch('{rule}', was, {ends})"


def period(db_table: str, *, model: str, at: str, since: str, pk: str = "id") -> RunSQL:
    """A trigger that writes `at`: the rule's period after `since`, or the end of a later legal hold.

    `since` is SQL about `NEW`, a moment or NULL: `NEW.made_at`, or `CASE WHEN NEW.note <> '' THEN NEW.made_at END` for
    a column that is cleared. `model` is the model's label.
    """
    rule = f"{model}.{at}"
    ends = f"privacy_held('{model}', NEW.{pk}::text, privacy_period_end({since}, privacy_period('{rule}')))"
    return _trigger(db_table, at, f"NEW.{at} := {_WATCH.format(rule=rule, ends=ends)};")


def watch(db_table: str, *, model: str, at: str) -> RunSQL:
    """A trigger for a table whose own date is the end already, such as a session's: it only lowers the watermark."""
    return _trigger(db_table, at, f"PERFORM {_WATCH.format(rule=f'{model}.{at}', ends=f'NEW.{at}')};")


def _trigger(db_table: str, at: str, act: str) -> RunSQL:
    name = f"{db_table}_{at}"
    if len(name) > 63:
        raise ValueError(f"{name} is longer than a name in PostgreSQL may be: 63 letters.")
    return RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$
        DECLARE
            was timestamptz;
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                was := OLD.{at};
            END IF;
            {act}
            RETURN NEW;
        END $body$;
        CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {db_table} FOR EACH ROW EXECUTE FUNCTION {name}();
        """,
        f"DROP TRIGGER {name} ON {db_table}; DROP FUNCTION {name}();",
    )
