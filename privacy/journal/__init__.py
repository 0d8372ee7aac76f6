"""The journal of erasures: what was destroyed is destroyed again after a backup is restored.

A backup made yesterday still holds who was erased today. So before anything is destroyed, a line goes to a file outside
of the database and of its dumps (`ERASURE_JOURNAL`): row keys, keyed hashes of the person's addresses, the digest of
the plan; never a value. The database knows the last line whose deed it holds (`JournalPosition`, in the same
transaction). One that is behind the journal was restored: `/readyz` says no until `manage.py privacy replay` has
carried out the lines that it missed.

    with transaction.atomic():
        ...lock the rows...
        journal.write("erasure", hashes=journal.person_hashes(person), rows={"shop.OrderParty": [7, 8]}, plan=digest)
        ...destroy them...

Who destroys registers how its lines are carried out again: `@journal.replayer("sweep")`.
"""

from privacy.journal.hashes import is_any_of as is_any_of
from privacy.journal.hashes import person_hashes as person_hashes
from privacy.journal.hashes import word_hashes as word_hashes
from privacy.journal.hashes import words_in as words_in
from privacy.journal.readiness import is_ready as is_ready
from privacy.journal.readiness import problem as problem
from privacy.journal.readiness import prune as prune
from privacy.journal.readiness import watch as watch
from privacy.journal.replaying import Entry as Entry
from privacy.journal.replaying import Step as Step
from privacy.journal.replaying import model_of as model_of
from privacy.journal.replaying import replay as replay
from privacy.journal.replaying import replayer as replayer
from privacy.journal.writing import JournalUnavailable as JournalUnavailable
from privacy.journal.writing import book as book
from privacy.journal.writing import standing as standing
from privacy.journal.writing import write as write
