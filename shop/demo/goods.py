"""The shape of the demo catalog. Fields are named as those of the models they fill."""

from dataclasses import dataclass
from datetime import date

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class DemoCategory:
    """A shelf. `code` is what the key navigation spells."""

    slug: str
    name: str
    code: str
    intro: str
    gathers_edition: str = ""
    gathers_all: bool = False


@dataclass(frozen=True)
class DemoEdition:
    """An edition with its price in EUR, German VAT of 19% included, for one license or one seat."""

    name: str
    price: str
    summary: str
    term_months: int | None = None
    sold_per: str = "license"
    seats: int = 1
    quantity_min: int = 1
    devices: int = 1
    key_source: str = "generated"


@dataclass(frozen=True)
class DemoProduct:
    """A product. `compare` has a row a statement, with yes, no or a figure for each edition in their order."""

    slug: str
    name: str
    category: str
    tagline: str
    mark: str
    description: str
    facts: Pairs
    requirements: Pairs
    changes: list[tuple[str, date, str]]
    editions: list[DemoEdition]
    compare: list[tuple[str, tuple[str, ...]]]

    def features_of(self, place: int) -> list[list[str]]:
        """The features of the edition at this place, as pairs for `Edition.features`."""
        return [[statement, figures[place]] for statement, figures in self.compare]
