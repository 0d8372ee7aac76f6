"""`manage.py privacy inventory`: everything that is declared, for people and for machines."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.logs import FIELDS
from privacy import inventory, inventory_listing, places
from privacy.inventory import Personal

TITLES = [
    *("personal columns", "other columns", "cookies", "browser storage", "cache keys", "log fields"),
    *("media folders", "mails", "recipients"),
]


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("privacy", "inventory", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.promise("P1")
def test_the_json_names_every_column_once() -> None:
    listing = json.loads(printed("--json"))
    assert list(listing) == TITLES
    named = [row["column"] for title in TITLES[:2] for row in listing[title]]
    declared = [
        f"{model._meta.label}.{field.name}"
        for model in inventory.stored_models()
        for field in inventory.stored_fields(model)
    ]
    tables = [f"{table}.{name}" for table, other in inventory.tables().items() for name in other.columns.split()]
    assert sorted(named) == sorted([*declared, *tables])


def test_a_personal_column_is_told_whole() -> None:
    (row,) = [
        row for row in json.loads(printed("--json"))["personal columns"] if row["column"] == "shop.OrderParty.email"
    ]
    assert row == {
        "column": "shop.OrderParty.email",
        "category": "e-mail address",
        "purpose": "tax records",
        "legal ground": "legal duty, Art. 6(1)(c)",
        "source": "typed by the customer at checkout",
        "readers": ["Administrators", "Shop Managers", "Support, through a case", "the customer"],
        "kept": (
            "3 years after the order was placed; an order that was never paid: "
            "30 days after it expired, was cancelled or was put on hold"
        ),
        "erasure": "kept and restricted until its period ends, then deleted",
        "exported": True,
        "scrubbed by": None,
    }


def test_what_stands_outside_of_tables_is_told_too() -> None:
    listing = inventory_listing.everything()
    assert [row["name"] for row in listing["log fields"]] == list(FIELDS)
    (viewed,) = [row for row in listing["cookies"] if row["name"] == "viewed"]
    assert (viewed["purpose"], viewed["lasts"], viewed["needs yes"]) == ("recently viewed", "90 days", True)
    assert {row["title"] for row in listing["recipients"]} == {"PayPal", "Stripe", "VIES", "Our mail provider"}
    assert len(listing["mails"]) == len(places.all_of(places.MailKind))


def test_the_table_has_a_line_for_each() -> None:
    lines = printed().splitlines()
    personal = sum(
        isinstance(column, Personal)
        for declaration in {inventory.declaration_of(model) for model in inventory.stored_models()}
        if declaration
        for _, column in declaration.columns()
    )
    assert f"Personal columns ({personal})" in lines
    assert any(line.startswith("  shop.OrderParty.email ") and "e-mail address" in line for line in lines)
    assert "Media folders (0)" in lines


def test_a_deed_must_be_named() -> None:
    with pytest.raises(CommandError, match="the following arguments are required: DEED"):
        call_command("privacy")
