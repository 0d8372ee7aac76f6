"""Every promise is in the table, and bears tests that would fail if it were broken (docs/privacy.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.checks import run_checks

from privacy import promises
from privacy.promises import Figure, Promise, Section, Status

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


def warnings(*, deploys: bool) -> list[str]:
    found = run_checks(tags=["privacy"], include_deployment_checks=deploys)
    return [message.msg for message in found if message.id == "privacy.W001"]


def test_code_keeps_every_promise() -> None:
    assert promises.planned() == ()
    assert warnings(deploys=True) == []


def test_the_deploy_check_warns_of_those_that_no_code_keeps_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promises, "planned", lambda: ("P1", "P2"))
    assert warnings(deploys=True) == ["Promises that no code keeps yet: P1, P2."]
    assert warnings(deploys=False) == []


def test_a_planned_promise_has_no_evidence_and_an_id_is_given_once() -> None:
    def counted() -> Figure:
        return Figure("1", "review")

    with pytest.raises(ValueError, match="P8 is planned: there is nothing to count yet"):
        Promise(id="P8", section=Section.KEEPING, words="", status=Status.PLANNED, evidence=counted)
    first = promises.all_promises()[0]
    with pytest.raises(ValueError, match="P1 is made twice"):
        promises.register(first)
