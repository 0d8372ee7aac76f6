"""The shape of the demo catalog. Fields are named as those of the models they fill."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shop import money

Pairs = list[tuple[str, str]]


#: What a buyer outside the EU pays, in USD and in GBP, for an edition of this price in EUR. Set one by one, as by a
#: manager: nothing is converted.
ELSEWHERE: dict[str, tuple[str, str]] = {
    "39.00": ("39.00", "29.00"),
    "49.00": ("45.00", "36.00"),
    "59.00": ("55.00", "44.00"),
    "69.00": ("65.00", "50.00"),
    "79.00": ("75.00", "58.00"),
    "89.00": ("85.00", "65.00"),
    "99.00": ("95.00", "72.00"),
    "119.00": ("109.00", "87.00"),
    "129.00": ("119.00", "95.00"),
    "139.00": ("129.00", "102.00"),
    "149.00": ("139.00", "109.00"),
    "169.00": ("155.00", "124.00"),
    "179.00": ("165.00", "131.00"),
    "189.00": ("175.00", "138.00"),
    "219.00": ("199.00", "160.00"),
    "229.00": ("209.00", "167.00"),
    "290.00": ("269.00", "212.00"),
    "359.00": ("329.00", "262.00"),
    "390.00": ("359.00", "285.00"),
    "429.00": ("395.00", "315.00"),
    "449.00": ("415.00", "328.00"),
    "519.00": ("479.00", "379.00"),
    "590.00": ("549.00", "431.00"),
    "690.00": ("639.00", "505.00"),
    "990.00": ("915.00", "725.00"),
    "1490.00": ("1379.00", "1090.00"),
}
#: The German VAT that prices of the catalog contain where they are entered gross.
CONTAINED = Decimal("1.19")


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

    @property
    def prices(self) -> dict[str, Decimal]:
        """Its price by currency, each with the German VAT in it."""
        usd, gbp = ELSEWHERE[self.price]
        return {
            "EUR": Decimal(self.price),
            "USD": money.rounded(Decimal(usd) * CONTAINED, "USD"),
            "GBP": money.rounded(Decimal(gbp) * CONTAINED, "GBP"),
        }


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
