"""Which payments only the reconciler wrote: nobody told the shop of them, or the process that was told is dead."""

import os
from collections.abc import Callable
from functools import wraps
from typing import IO, Any

from payments import reckoning, reconciliation, settlement, statements
from payments.models import Attempt

_is_reconciling = False


def watch(journal: IO[bytes]) -> None:
    """From now on, in this process, the id of each attempt that the reconciler captures is added to `journal`.

    Its transaction may still fail or be killed: `healed` counts what stood in the end.
    """
    for module, name in ((reconciliation, "look_at_due"), (reconciliation, "expire_due"), (statements, "compare_all")):
        real, marked = getattr(module, name), _marked(getattr(module, name))
        setattr(module, name, marked)
        reckoning.SWEEPS.update({words: marked for words, sweep in reckoning.SWEEPS.items() if sweep is real})
    capture = settlement._capture

    def watched(order: Any, attempt: Attempt, *rest: Any) -> None:
        capture(order, attempt, *rest)
        if _is_reconciling:
            os.write(journal.fileno(), f"{attempt.pk}\n".encode())

    settlement._capture = watched


def _marked(real: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(real)
    def marked(*args: Any, **options: Any) -> Any:
        global _is_reconciling  # noqa: PLW0603  (each process has one thread)
        _is_reconciling = True
        try:
            return real(*args, **options)
        finally:
            _is_reconciling = False

    return marked


def healed(journal: IO[bytes]) -> int:
    """How many payments stand in our books because the reconciler wrote them."""
    journal.seek(0)
    ids = {int(line) for line in journal.read().split()}
    return Attempt.objects.filter(pk__in=ids, state=Attempt.State.CAPTURED).count()
