"""`manage.py privacy scan EMAIL`: whether anything is left of the person of an address, a line a place."""

import json as json_format
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from privacy import residue
from privacy.erasure import persons, plans
from privacy.erasure.cases import Case
from privacy.residue import Exempt, Finding, Progress, Report

HELP = "Look everywhere for what is left of a person. Exit code 0: nothing; 1: something; 2: wrong use."
_BAR = 30


def add_arguments(parser: ArgumentParser) -> None:
    """The address, in any casing."""
    parser.add_argument("email", metavar="EMAIL", help="The person's e-mail address, in any casing.")
    parser.add_argument("--json", action="store_true", help="Print the report as JSON.")
    parser.add_argument("--candidates", action="store_true", help="Show names, companies and streets too.")


def run(command: BaseCommand, *, email: str, json: bool, candidates: bool, **_options: Any) -> None:
    """Prints places and kinds, never a value. What a deletion leaves as it is for now is let pass.

    Raises CommandError (exit code 2) for what is no address, and SystemExit with 1 where something is left.
    """
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise CommandError("EMAIL must be an e-mail address, such as kim@example.com.", returncode=2) from error
    show = _bar if sys.stderr.isatty() and not json else None
    case = Case(persons.of_email(email))
    stays = {label: frozenset(str(key) for key in keys) for label, keys in plans.untouched_rows(case).items()}
    report = residue.scan(case.person, exempt=Exempt(rows=stays), progress=show)
    if json:
        command.stdout.write(json_format.dumps(_as_json(report), indent=2))
    else:
        for line in _lines(report, with_candidates=candidates):
            command.stdout.write(line)
    if not report.is_clean:
        raise SystemExit(1)


def _lines(report: Report, *, with_candidates: bool) -> list[str]:
    lines = [finding.line for finding in report.findings]
    if with_candidates:
        lines += [f"{finding.line}, to be judged" for finding in report.candidates]
    exempt = "".join(f" {count} {reason}." for reason, count in sorted(report.exempt.items()))
    looked = ", ".join(f"{count:,} {what}" for what, count in report.searched.items())
    verdict = "Nothing is left" if report.is_clean else f"Found at {len(report.findings)} places"
    lines.append(f"{verdict}. To be judged: {len(report.candidates)}.{exempt} Looked at {looked}.")
    return lines


def _as_json(report: Report) -> dict[str, Any]:
    def places(findings: tuple[Finding, ...]) -> list[dict[str, str]]:
        return [{"where": one.where, "key": one.key, "what": str(one.what), "how": one.how} for one in findings]

    return report.receipt | {"places": places(report.findings), "to_be_judged": places(report.candidates)}


def _bar(progress: Progress) -> None:
    part = progress.done * _BAR // max(progress.total, 1)
    bar = "#" * part + "." * (_BAR - part)
    sys.stderr.write(f"\r[{bar}] {progress.now:<40.40}")
    if progress.done == progress.total:
        sys.stderr.write("\r" + " " * (_BAR + 44) + "\r")
    sys.stderr.flush()
