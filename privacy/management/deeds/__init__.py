"""The deeds of `manage.py privacy`, one file each. `DEEDS` names them in the order in which `--help` shows them.

A deed is a module with `HELP`, a sentence; `add_arguments(parser)`; and `run(command, **options)`, which writes to
`command.stdout`. It raises CommandError with a sentence, and `returncode` where the exit code must say more than 1.
"""

from collections.abc import Mapping
from types import ModuleType

from privacy.management.deeds import erase, export, inventory, prune, publish, replay, scan

DEEDS: Mapping[str, ModuleType] = {
    "erase": erase,
    "export": export,
    "inventory": inventory,
    "prune": prune,
    "publish": publish,
    "replay": replay,
    "scan": scan,
}
