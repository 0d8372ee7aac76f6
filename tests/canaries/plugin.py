"""A pytest plugin that runs each guard's tests once more without it, and tells which of them went red."""

from collections import defaultdict
from collections.abc import Generator
from typing import Any

import pytest

from tests.canaries.guard import Guard
from tests.canaries.guards import everyone

FIXTURE = "guard_taken_away"


class Canaries:
    """`red` and `green`: the tests of each guard by its name, as they went without it."""

    def __init__(self, wanted: str = "") -> None:
        """`wanted`: a part of the names of the guards that are taken away."""
        self.guards = [guard for guard in everyone() if wanted in guard.name]
        self.red: dict[str, list[str]] = defaultdict(list)
        self.green: dict[str, list[str]] = defaultdict(list)

    def files(self) -> list[str]:
        """Where the tests stand."""
        return sorted({test.partition("::")[0] for guard in self.guards for test in guard.tests})

    @pytest.fixture(name=FIXTURE)
    def taken_away(self, request: pytest.FixtureRequest) -> Guard:
        """Which guard a case is without."""
        guard: Guard = request.param
        return guard

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: Any) -> Generator[None, Any, Any]:
        """Takes the guard away when all is made ready. A patch ends with the call; what is dropped comes back with the
        test's transaction."""
        with pytest.MonkeyPatch.context() as patch:
            pyfuncitem.callspec.params[FIXTURE].remove(patch)
            return (yield)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Each test has a case for each guard that it is about."""
        name = metafunc.definition.nodeid.partition("[")[0]
        about = [guard for guard in self.guards if {name, name.partition("::")[0]} & set(guard.tests)]
        if not about:
            return
        metafunc.fixturenames.append(FIXTURE)
        metafunc.parametrize(FIXTURE, about, indirect=True, ids=[guard.name for guard in about])

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Of a test with parameters only the guard's own cases run."""
        items[:] = [item for item in items if self._counts(item)]

    def _counts(self, item: Any) -> bool:
        parameters: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
        guard: Guard | None = parameters.get(FIXTURE)
        return guard is not None and all(parameters.get(name) == value for name, value in guard.only.items())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: Any, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        """Remembers how it went. A guard that can't be taken away, or a test that can't begin, is no red test."""
        report = yield
        if call.when == "call":
            guard: Guard = item.callspec.params[FIXTURE]
            (self.red if report.failed else self.green)[guard.name].append(item.nodeid.partition("[")[0])
        return report

    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str]:
        """Nothing is told while it runs: here a failure is what should happen."""
        return "", "", ""
