"""Every promise is in the table, and bears tests that would fail if it were broken (docs/privacy.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacy import promises

TESTS = Path(__file__).parents[1]
IDS = (
    *("P1", "P2", "P3", "P4", "P5", "P6a", "P6b", "P6c", "P6d", "P6e", "P6f", "P7a", "P7b", "P8"),
    *("P9a", "P9b", "P9c", "P10", "P11a", "P11b", "P12a", "P12b", "P12c", "P12d", "P13", "P14"),
)


def named_in(source: str) -> Iterator[str]:
    """The ids that the markers `promise(...)` of a file name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "promise":
            yield from (argument.value for argument in node.args if isinstance(argument, ast.Constant))


def test_the_table_holds_every_promise_in_its_order() -> None:
    assert tuple(promise.id for promise in promises.all_promises()) == IDS


def test_every_promise_has_a_test_and_every_test_names_a_promise() -> None:
    named = {name for file in TESTS.rglob("test_*.py") for name in named_in(file.read_text(encoding="utf-8"))}
    assert named == set(IDS)


def test_a_promise_without_a_test_would_be_noticed() -> None:
    assert list(named_in('import pytest\n@pytest.mark.promise("P1", "P99")\ndef test(): ...')) == ["P1", "P99"]


def test_an_id_is_given_once() -> None:
    first = promises.all_promises()[0]
    with pytest.raises(ValueError, match="P1 is made twice"):
        promises.register(first)
