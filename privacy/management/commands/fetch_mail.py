"""`manage.py fetch_mail`: takes the mails that came to support, or says what would become of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy import mailbox
from privacy.mailbox import Judged

NO_MAILBOX = "MAILBOX_URL isn't set, so there is no mailbox to read. The table in README.md says what it means."


class Command(BaseCommand):
    help = (
        "Takes the mails that came into the support mailbox (MAILBOX_URL), each once, and leaves their flags alone: "
        "requests for deletion, proofs, withdrawals and bounces. A job does it every minute. "
        "Ends with 0 when all is done, with 1 when the mailbox can't be read, with 2 when there is none."
    )
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what each new mail would be, and take none")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not mailbox.is_there():
            raise CommandError(NO_MAILBOX, returncode=2)
        with _sentences():
            if options["dry_run"]:
                self._show()
            else:
                count = mailbox.fetch()
                self.stdout.write(f"{count} mail{'s' if count != 1 else ''} taken.")

    def _show(self) -> None:
        count = 0
        for judged in mailbox.preview():
            count += 1
            message = judged.message
            size = f"{message.size:,} bytes"
            self.stdout.write(f"Mail {message.ref.uid}, {size}, from {judged.origin}: {_verdict(judged)}.")
            for reason in [*judged.recognition.reasons, *judged.doubts]:
                self.stdout.write(f"  {reason}")
        self.stdout.write(f"{count} mail{'s' if count != 1 else ''} would be looked at. Nothing was taken.")


def _verdict(judged: Judged) -> str:
    if not judged.may_be_a_request:
        return "no request for deletion"
    return "perhaps a request for deletion, for a person to read" if judged.is_doubtful else "a request for deletion"


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except mailbox.MailboxError as error:
        raise CommandError(str(error)) from error
