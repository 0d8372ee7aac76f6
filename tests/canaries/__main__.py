"""`python -m tests.canaries`: takes each guard of the money away and lists the tests that notice."""

import argparse
import contextlib
import io
import sys

import pytest

EXIT_CODES = """\
exit codes:
  0  without any of the guards, at least one test goes red
  1  a guard can be taken away unnoticed; the list says which
  2  wrong use
"""


def main(arguments: list[str]) -> int:
    """Runs the canaries and prints a line for each guard; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="make canaries",
        description="Takes away each lock, constraint, trigger and second look in turn, and runs its tests without it.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--only", default="", metavar="WORDS", help="guards whose names have these words in them")
    options = parser.parse_args(arguments)
    starter = Starter(options.only)
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        code = pytest.main(["-qq", "-n0", "--tb=no", "--no-header", "--no-summary", "-W", "ignore"], plugins=[starter])
    if code not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} or starter.canaries is None:
        print(told.getvalue(), file=sys.stderr)
        return 1
    return _tell(starter.canaries)


class Starter:
    """Registers the canaries once Django is ready, which needs the servers that pytest starts."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        self.canaries: object = None

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """The files to collect follow from the guards."""
        from tests.canaries.plugin import Canaries

        self.canaries = canaries = Canaries(self.wanted)
        config.args[:] = canaries.files()
        config.pluginmanager.register(canaries)


def _tell(canaries: object) -> int:
    from tests.canaries.plugin import Canaries

    assert isinstance(canaries, Canaries)
    unnoticed = 0
    for guard in canaries.guards:
        red = sorted(set(canaries.red[guard.name]))
        unnoticed += not red
        print(f"{'ok    ' if red else 'MISSED'} {guard.name}")
        for test in red or [f"none of {', '.join(guard.tests)}"]:
            print(f"         {test}")
    print(f"{len(canaries.guards)} guards, {unnoticed} of them can be taken away unnoticed.")
    return 1 if unnoticed or not canaries.guards else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
