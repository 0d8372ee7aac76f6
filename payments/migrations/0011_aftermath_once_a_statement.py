"""Whether a person has left an order is asked once a statement, and of the table that remembers nothing else.

A batch of the sweep writes thousands of rows.
"""

from django.db import migrations

OF = """
CREATE FUNCTION {table}_aftermath() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    INSERT INTO payments_aftermath (order_id, written_at)
        SELECT DISTINCT shop_partyremoval.order_id, clock_timestamp() FROM written {join}
        JOIN shop_partyremoval ON shop_partyremoval.order_id = {order}
        ON CONFLICT (order_id) DO UPDATE SET written_at = excluded.written_at;
    RETURN NULL;
END $body$;
"""
# A trigger that sees what was written belongs to one kind of statement.
WATCH = """
CREATE TRIGGER {table}_aftermath_{kind} AFTER {kind} ON {table} REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_aftermath();
"""
# As 0009 made them.
OF_ROW = """
CREATE FUNCTION payments_aftermath_of(late_order bigint) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    INSERT INTO payments_aftermath (order_id, written_at)
        SELECT id, clock_timestamp() FROM shop_order WHERE id = late_order AND party_removed_at IS NOT NULL
        ON CONFLICT (order_id) DO UPDATE SET written_at = excluded.written_at;
END $body$;
"""
EACH_ROW = """
CREATE FUNCTION {table}_aftermath() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM payments_aftermath_of({order});
    RETURN NULL;
END $body$;
CREATE TRIGGER {table}_aftermath AFTER INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_aftermath();
"""
DROP_EACH_ROW = "DROP TRIGGER {table}_aftermath ON {table}; DROP FUNCTION {table}_aftermath();"
DROP = """
DROP TRIGGER {table}_aftermath_insert ON {table};
DROP TRIGGER {table}_aftermath_update ON {table};
DROP FUNCTION {table}_aftermath();
"""
OF_ATTEMPT = "JOIN payments_attempt ON payments_attempt.id = written.attempt_id"
#: How the order of what was written is found, and its name; and how 0009 said so of one row.
ORDERS = {
    "shop_orderevent": ("", "written.order_id", "NEW.order_id"),
    "shop_orderhold": ("", "written.order_id", "NEW.order_id"),
    **dict.fromkeys(
        ("payments_reference", "payments_refund", "payments_dispute"),
        (
            OF_ATTEMPT,
            "payments_attempt.order_id",
            "(SELECT order_id FROM payments_attempt WHERE id = NEW.attempt_id)",
        ),
    ),
}


def _of_a_statement(table: str, join: str, order: str, of_row: str) -> migrations.RunSQL:
    watches = "".join(WATCH.format(table=table, kind=kind) for kind in ("insert", "update"))
    return migrations.RunSQL(
        DROP_EACH_ROW.format(table=table) + OF.format(table=table, join=join, order=order) + watches,
        DROP.format(table=table) + EACH_ROW.format(table=table, order=of_row),
    )


class Migration(migrations.Migration):
    # Between the shop's move of the day to its own table and the end of the former column, which 0009 reads, and whose
    # neighbor accounts' 0005 reads.
    dependencies = [
        ("payments", "0010_refunded_seats"),
        ("accounts", "0009_room_between_hashes"),
        ("shop", "0015_links_move_to_the_person"),
    ]
    run_before = [("shop", "0016_links_leave_the_order")]

    operations = [
        *(_of_a_statement(table, *ways) for table, ways in ORDERS.items()),
        migrations.RunSQL("DROP FUNCTION payments_aftermath_of(bigint);", OF_ROW),
    ]
