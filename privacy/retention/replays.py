"""What a restored backup brings back although the sweep had removed it, removed again."""

from datetime import datetime

from privacy import journal
from privacy.journal import Entry
from privacy.retention import sweep
from privacy.retention.rules import all_rules


@journal.replayer("sweep")
def remove_again(entry: Entry) -> int:
    """The rows of a batch; those of a rule that is no longer there are left to whatever took its place."""
    rules = {rule.name: rule for rule in all_rules()}
    as_of = datetime.fromisoformat(entry.plan)
    return sum(sweep.again(rules[name], keys, as_of) for name, keys in entry.rows.items() if name in rules)
