"""`manage.py privacy publish`: puts what the code says in force as a new version of the policy."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from privacy import evidence, policy

HELP = "Publish the privacy policy as a new version, where it says otherwise than the last one; show the difference."


def add_arguments(parser: ArgumentParser) -> None:
    """`--dry-run` shows the difference and writes nothing."""
    parser.add_argument("--dry-run", action="store_true", help="Show the difference and write nothing.")


def run(command: BaseCommand, *, dry_run: bool, **_options: Any) -> None:
    """Shows the difference in words, then writes the version. A second run finds nothing to write."""
    difference = policy.unpublished()
    for line in difference:
        command.stdout.write(line)
    if dry_run:
        command.stdout.write("Nothing was written." if difference else "All of it is published.")
        return
    version = policy.publish()
    evidence.refresh()
    words = "is published" if difference else "is in force, and nothing changed since"
    command.stdout.write(f"Version {version.number} of the privacy policy {words}.")
