"""A till for cases, and a mailbox."""

from tests.accounts.cases.asking import till as till
from tests.accounts.conftest import ada as ada
from tests.accounts.conftest import as_ada as as_ada
from tests.privacy.mailbox.conftest import maildir as maildir
