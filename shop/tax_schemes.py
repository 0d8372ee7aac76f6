"""How the shop itself is taxed on a day: the manager's rows, or the settings while there is none."""

from datetime import date
from decimal import Decimal

from django.conf import settings

from privacy import alerts, page_version
from privacy.prepared_queries import PreparedQuery
from shop.models import TaxScheme
from shop.tax import Buyer, Rule, Seller, Treatment, treatment
from shop.tax_rates import CannotSell
from shop.territories import WrongPostalCode

_ALL = PreparedQuery(lambda: TaxScheme.objects.order_by("-valid_from"))
#: The rows as last read, by the version of what everybody sees: their change renews it. Without Redis it stays empty.
_kept: dict[str, list[TaxScheme]] = {}


class NoScheme(CannotSell):
    """There are tax schemes, but none for this day."""

    sentence = "We can't sell today: our tax registration is being changed. Please come back tomorrow, or write to us."

    def __init__(self, on: date) -> None:
        super().__init__(f"No tax scheme is in force on {on}. Add one in the admin, under Catalog, Tax schemes.")


def seller(on: date) -> Seller:
    """The shop's side of a sale on a day.

    A shop without any row sells from STORE_COUNTRY through the One-Stop-Shop, at gross prices. Raises NoScheme.
    """
    rows = _rows()
    if not rows:
        return Seller(settings.STORE_COUNTRY, TaxScheme.Scheme.OSS)
    for row in rows:
        if row.counts_on(on):
            return Seller(row.country, row.scheme, row.charges_uk, row.prices == TaxScheme.Prices.GROSS)
    raise NoScheme(on)


def _rows() -> list[TaxScheme]:
    version = page_version.current()
    if version is None:
        return _ALL.rows()
    if version not in _kept:
        rows = _ALL.rows()
        _kept.clear()
        _kept[version] = rows
        return rows
    return _kept[version]


def treatment_of(buyer: Buyer, on: date) -> Treatment:
    """The tax of a sale by this shop, or one of Rule.UNKNOWN with a `problem`: no page breaks, and nothing is sold.

    The manager is told of what only he can mend.
    """
    try:
        return treatment(seller(on), buyer, on)
    except WrongPostalCode as wrong:
        problem = str(wrong)
    except CannotSell as error:
        problem = error.sentence
        if error.calls_a_person:
            alerts.raise_alert("no_tax_rate", buyer.country, f"The shop can't sell to {buyer.country}. {error}")
    return Treatment(Rule.UNKNOWN, buyer.country, Decimal(0), article="", problem=problem)
