"""What the shop promises about people's data, by id. `config/promises.py` fills the registry when the shop starts.

Code keeps each of them, and tests that bear its id show so. A promise may have evidence: a counted figure that stands
beside its words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings


class Section(StrEnum):
    """The parts of the policy, in the order in which they stand there."""

    COLLECTING = "What we collect"
    USING = "What we use it for"
    KEEPING = "How long we keep it"
    ACCESS = "Who sees it"
    PAYING = "Payment providers"
    DELETING = "Having your data deleted"
    RIGHTS = "Your rights"
    EVERY_PAGE = "On every page"

    @property
    def slug(self) -> str:
        """The section's name within the page's address."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True)
class Figure:
    """A counted figure with what it counts. It names nobody. A broken one says by `note` what is wrong."""

    figure: str
    words: str
    note: str = ""
    is_broken: bool = False


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One promise. `words` may name `{support_email}` and `{order_period}`, and hold links as `[text](address)`.

    Where what is promised depends on a setting, they are a function that reads it.
    """

    id: str
    section: Section
    words: str | Callable[[], str]
    evidence: Callable[[], Figure] | None

    @property
    def text(self) -> str:
        """The words with the figures of the settings, so that the two can't differ."""
        return _filled(self.words() if callable(self.words) else self.words)


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Words of the policy that are no promise of their own: what the law gives anyway."""

    section: Section
    words: str

    @property
    def text(self) -> str:
        """The words with the figures of the settings."""
        return _filled(self.words)


def _filled(words: str) -> str:
    years = settings.ORDER_RETENTION_YEARS
    return words.format(
        support_email=f"[{settings.SUPPORT_EMAIL}](mailto:{settings.SUPPORT_EMAIL})",
        order_period="1 year" if years == 1 else f"{years} years",
    )


_promises: dict[str, Promise] = {}
_remarks: list[Remark] = []


def register(*promises: Promise) -> None:
    """Adds promises, in the order in which the policy says them. Raises ValueError for an id that is there."""
    for promise in promises:
        if promise.id in _promises:
            raise ValueError(f"The promise {promise.id} is made twice.")
        _promises[promise.id] = promise


def remark(*remarks: Remark) -> None:
    """Adds words to the end of their sections."""
    _remarks.extend(remarks)


def remarks() -> tuple[Remark, ...]:
    """What the policy says beside the promises."""
    return tuple(_remarks)


def all_promises() -> tuple[Promise, ...]:
    """Every promise, in the order of registration."""
    return tuple(_promises.values())
