"""What PostgreSQL itself guards in the tables of money, licenses and mails, and how each guard is taken away."""

from dataclasses import dataclass

from django.db import connection

from tests.canaries import coupons, logos, posts

#: Of these tables every guard must have its canary.
TABLES = (
    *("shop_order", "shop_orderparty", "shop_orderline", "shop_orderunit", "shop_orderhold"),
    *("payments_attempt", "payments_reference", "payments_providercall", "payments_webhookevent", "payments_statement"),
    *("payments_refund", "payments_refundunit", "payments_dispute"),
    *("payments_fraudrules", "payments_fraudsighting", "payments_fraudassessment"),
    *("accounts_license", "accounts_licensekey", "accounts_suspension", "accounts_case", "accounts_caserefund"),
    *("shop_accountingdocument", "shop_documentline", "shop_documentseries"),
    *("shop_taxscheme", "shop_vatcheck"),
    *("privacy_alert", "privacy_look"),
    *("privacy_outgoingmail", "privacy_mailrecipient", "privacy_mailwording", "privacy_receivedmail"),
    *posts.TABLES,
    *logos.TABLES,
    *coupons.TABLES,
)
# Checks, unique and exclusion constraints (foreign keys and primary keys are Django's), unique indexes that are no
# constraint, and triggers that somebody wrote.
_GUARDS = """
    SELECT t.relname, c.conname, format('ALTER TABLE %%I DROP CONSTRAINT %%I', t.relname, c.conname)
      FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
     WHERE t.relname = ANY(%(tables)s) AND c.contype IN ('c', 'u', 'x')
    UNION ALL
    SELECT t.relname, i.relname, format('DROP INDEX %%I', i.relname)
      FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
     WHERE t.relname = ANY(%(tables)s) AND x.indisunique
       AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid AND c.contype IN ('p', 'u', 'x'))
    UNION ALL
    SELECT t.relname, g.tgname, format('DROP TRIGGER %%I ON %%I', g.tgname, t.relname)
      FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
     WHERE t.relname = ANY(%(tables)s) AND NOT g.tgisinternal
    ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Guard:
    """A constraint, unique index or trigger, with the statement that drops it."""

    table: str
    name: str
    drop: str


def guards() -> list[Guard]:
    """All that the database has now."""
    with connection.cursor() as cursor:
        cursor.execute(_GUARDS, {"tables": list(TABLES)})
        return [Guard(*row) for row in cursor.fetchall()]


def drop(name: str) -> None:
    """Takes a guard away, in the transaction under way. Raises LookupError where there is none of this name."""
    found = next((guard for guard in guards() if guard.name == name), None)
    if found is None:
        raise LookupError(f"The database has no guard named {name}.")
    connection.check_constraints()  # a table that is altered may have no checks waiting
    with connection.cursor() as cursor:
        cursor.execute(found.drop)
