"""Every state that somebody waits in has a mail, or a reason for none: the table of docs/mails.md against the code."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from privacy import mails
from privacy.transitions import StateModel

TEXT = (Path(__file__).parents[2] / "docs" / "mails.md").read_text(encoding="utf-8")
ROWS = [tuple(part.strip() for part in row) for row in re.findall(r"^\| (\w+\.\w+) \| (\w+) \| (.+) \|$", TEXT, re.M)]
#: States of which nobody outside of the shop knows: each step of a deletion, keys and mails in stock.
INSIDE = {"accounts.LicenseKey", "privacy.DeletionStep", "privacy.OutgoingMail"}


def states() -> list[tuple[str, str]]:
    """Every state of every row that a person outside waits for."""
    found = [model for model in apps.get_models() if hasattr(model, "State") and model._meta.label not in INSIDE]
    assert {model for model in apps.get_models() if issubclass(model, StateModel)} <= {
        *found,
        *(apps.get_model(label) for label in INSIDE),
    }
    return sorted((model._meta.label, state) for model in found for state in model.State.values)


@pytest.mark.promise("P6a")
def test_each_state_stands_in_the_table_once_and_no_other() -> None:
    assert sorted((label, state) for label, state, _ in ROWS) == states()


@pytest.mark.promise("P6a")
def test_the_table_names_kinds_that_exist_or_a_reason() -> None:
    known = set(mails.kinds())
    for label, state, said in ROWS:
        reason = said.removeprefix("none: ")
        names = set() if reason != said else set(said.split(", "))
        assert names <= known, (label, state)
        assert names or len(reason) > 12, (label, state)


def test_every_kind_is_of_a_state_or_named_as_one_of_none() -> None:
    of_states = {name for _, _, said in ROWS if not said.startswith("none: ") for name in said.split(", ")}
    of_none = set(re.findall(r"\w+_\w+", TEXT.rpartition("Mails of no state:")[2]))
    assert of_states | of_none >= set(mails.kinds())
    assert not of_states & of_none
