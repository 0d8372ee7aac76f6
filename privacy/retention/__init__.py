"""Retention: what was kept for its period goes, by a sweep that is derived from the inventory (P7).

**Declaring.** Nothing is said twice: a `keep` in a `personal_data.py` makes a rule. ::

    @inventory.register(Export)
    class ExportData(PersonalData):
        row = Days(7, since="made_at", at="expires_at")     # the row is deleted at `expires_at`
        user = Personal(..., keep=row)                      # goes with the row
        note = Personal(..., keep=Days(1, since="made_at", at="note_expires_at"))   # is cleared at its own date

    @inventory.register(Reference)
    class ReferenceData(PersonalData):
        row = With("shop.OrderParty", via="attempt__order")  # deleted with the party, in the same transaction

    @inventory.register(Aftermath)
    class AftermathData(PersonalData):
        row = Days(30, since="written_at", at="expires_at")
        stands_for = "shop.OrderParty"                       # all that goes with a party goes with this row, too

`at` is a nullable date column of the row, with `models.Index(fields=[at, "id"])`. It is empty where nothing is left to
remove. Columns are cleared to NULL where they may be NULL, else to the empty text; a row that others point at takes
them along by their own `With`.

**Writing the date.** A trigger in PostgreSQL writes `at`, so that no raw SQL and no import can miss it. The migration
that adds the column adds the trigger::

    triggers.period("privacy_export", model="privacy.Export", at="expires_at", since="NEW.made_at")

`since` is any SQL about `NEW`. The trigger asks the rule's row in `RetentionPeriod` for the period, moves the date to
the end of a legal hold, and lowers the sweep's watermark where a date is written that lies behind it. The migration
depends on the one of `privacy` that makes the functions (0004).

**Deeds beyond SQL.** A function that is given a batch of primary keys, in the batch's transaction, instead of the
DELETE or UPDATE; afterwards none of the rows may be due. A date that isn't the end of a declared keep, such as that of
a warning, states its period::

    @retention.deed("accounts.User", Days("ACCOUNT_WARNING_DAYS", since="last_used_on", at="warn_at"))
    def warn(users: Sequence[int]) -> None: ...

Register it where the app is loaded (`personal_data.py`, or a module that `AppConfig.ready` imports).
"""

from privacy.retention import checks as checks
from privacy.retention import replays as replays
from privacy.retention.health import last_success as last_success
from privacy.retention.health import overdue as overdue
from privacy.retention.health import watch as watch
from privacy.retention.locks import SweepRuns as SweepRuns
from privacy.retention.periods import PeriodChanged as PeriodChanged
from privacy.retention.periods import announce as announce
from privacy.retention.periods import is_in_force as is_in_force
from privacy.retention.rules import Rule as Rule
from privacy.retention.rules import all_rules as all_rules
from privacy.retention.rules import deed as deed
from privacy.retention.rules import gaps as gaps
from privacy.retention.rules import rules_of as rules_of
from privacy.retention.rules import short_rules as short_rules
from privacy.retention.sweep import Step as Step
from privacy.retention.sweep import due as due
from privacy.retention.sweep import run as run
