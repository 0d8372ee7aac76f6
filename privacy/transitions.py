"""State machines, said twice: a table beside the enum, and a trigger in PostgreSQL that refuses any other move."""

from collections.abc import Mapping

from django.db import DatabaseError, models, router, transaction


class IllegalTransition(Exception):
    """A move that the table doesn't have. It names the row, the state it is in and the one that was asked for."""

    def __init__(self, row: models.Model, target: str) -> None:
        super().__init__(f"{row._meta.verbose_name} {row.pk} can't go from {row.state} to {target}.")  # type: ignore[attr-defined]
        self.row, self.target = row, target


class StateModel(models.Model):
    """A row whose `state` moves only by `move_to`, along `TRANSITIONS`."""

    TRANSITIONS: Mapping[str, frozenset[str]]
    state: "models.CharField[str, str]"

    class Meta:
        abstract = True

    def can_move_to(self, target: str) -> bool:
        """Whether the table has this move."""
        return target in self.TRANSITIONS.get(self.state, frozenset())

    def move_to(self, target: str, **changes: object) -> bool:
        """Moves the row, which the caller has locked and read again, and sets `changes` with it.

        Returns False, and does nothing, when the row is already there. Raises IllegalTransition for any other move
        that the table doesn't have.
        """
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("A state changes inside a transaction, on a locked row.")
        if self.state == target:
            return False
        if not self.can_move_to(target):
            raise IllegalTransition(self, target)
        self.state = target
        for name, value in changes.items():
            setattr(self, name, value)
        self._write("state", *changes)
        return True

    def _write(self, *names: str) -> None:
        """Writes these columns. `save` would do the same and take six times as long, several times in each purchase."""
        connection = transaction.get_connection(router.db_for_write(type(self), instance=self))
        fields = [self._meta.get_field(name) for name in names]
        columns = ", ".join(f'"{field.column}" = %s' for field in fields)  # type: ignore[union-attr]
        values = [field.get_db_prep_save(field.pre_save(self, add=False), connection) for field in fields]  # type: ignore[union-attr]
        with connection.cursor() as cursor:
            cursor.execute(f'UPDATE "{self._meta.db_table}" SET {columns} WHERE id = %s', [*values, self.pk])  # noqa: S608
            if cursor.rowcount != 1:
                raise DatabaseError(f"{self._meta.verbose_name} {self.pk} is gone.")


def table(text: str) -> dict[str, frozenset[str]]:
    """Reads `"a -> b c; b -> c"` into a table of moves."""
    rows = (row.split("->") for row in text.split(";") if row.strip())
    return {start.strip(): frozenset(targets.split()) for start, targets in rows}


def trigger_sql(db_table: str, moves: str) -> tuple[str, str]:
    """SQL that makes, and SQL that drops, the trigger which allows only `moves` (in the form of `table`).

    It compares inside the function: `UPDATE OF state` would forbid later changes of the column's type. It is raised as
    a check violation with a name, so that Django reports an IntegrityError.
    """
    name = f"{db_table}_state_moves"
    pairs = ", ".join(f"('{start}', '{end}')" for start, ends in table(moves).items() for end in sorted(ends))
    forward = f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
            IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state, NEW.state) NOT IN ({pairs}) THEN
                RAISE EXCEPTION '{db_table}: no way from % to %', OLD.state, NEW.state
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
            END IF;
            RETURN NEW;
        END $body$;
        CREATE TRIGGER {name} BEFORE UPDATE ON {db_table} FOR EACH ROW EXECUTE FUNCTION {name}();
    """
    return forward, f"DROP TRIGGER {name} ON {db_table}; DROP FUNCTION {name}();"
