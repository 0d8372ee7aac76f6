"""A till for cases, and a mailbox."""

from tests.accounts.cases.asking import till as till
from tests.privacy.mailbox.conftest import maildir as maildir
