"""`manage.py tax_quote`: what tax a sale would bear, and by which law, without making one."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.core import get_global
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from privacy import clock
from shop import buyers, countries, tax, tax_schemes, territories, vat_numbers, vies, words
from shop.money import rounded
from shop.tax_rates import CannotSell

NOT_SOLD, WRONG = 1, 2


class Command(BaseCommand):
    """Prints a line for each part of the answer, or one JSON object."""

    help = (
        "Answers treatment, rate, tax and article of a sale by this shop, by its tax scheme of the day.\n"
        "With --vat-number the buyer is a business, and VIES is asked where the tax depends on it.\n\n"
        "exit codes:\n"
        "  0  answered; a number that VIES said nothing about is `pending`, and the tax is charged\n"
        "  1  the shop can't sell there on that day\n"
        "  2  wrong use\n"
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--country", required=True, metavar="DE", help="where the buyer is, ISO 3166 alpha-2")
        parser.add_argument("--postcode", default="", metavar="CODE", help="tells territories such as 35001 in ES")
        parser.add_argument("--vat-number", default="", metavar="NUMBER", help="of a business, with or without prefix")
        parser.add_argument("--business", action="store_true", help="the buyer is a business, also without a number")
        parser.add_argument("--date", default="", metavar="DAY", help="day of supply, 2026-11-27; today by default")
        parser.add_argument("--net", required=True, metavar="AMOUNT", help="net amount, such as 100.00")
        parser.add_argument("--currency", default=settings.STORE_CURRENCY, help="default: the shop's own")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        country, currency = options["country"].upper(), options["currency"].upper()
        if country not in countries.names():
            raise CommandError(f"--country must be a code such as DE, not {options['country']!r}.", returncode=WRONG)
        if currency not in get_global("all_currencies"):
            raise CommandError(f"--currency must be a code such as EUR, not {currency!r}.", returncode=WRONG)
        net, on = _amount(options["net"], currency), _day(options["date"])
        try:
            seller = tax_schemes.seller(on)
            buyer = _buyer(seller, country, options)
            treatment = tax.treatment(seller, buyer, on)
        except territories.WrongPostalCode as error:
            raise CommandError(str(error), returncode=WRONG) from None
        except CannotSell as error:
            raise CommandError(str(error), returncode=NOT_SOLD) from None
        answer = _answer(treatment, treatment.on_net(net, currency), buyer, on, currency)
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            for name, value in answer.items():
                self.stdout.write(f"{name.replace('_', ' ')}: {value or '-'}")


def _buyer(seller: tax.Seller, country: str, options: dict[str, Any]) -> tax.Buyer:
    """Raises CommandError for a number that can't be one, and territories.WrongPostalCode."""
    postcode, typed = options["postcode"], options["vat_number"]
    where = territories.of(country, postcode)
    if not typed:
        return tax.Buyer(country, postcode, options["business"])
    if not buyers.may_reverse_charge(seller, country, postcode):
        return tax.Buyer(country, postcode, is_business=True)
    try:
        number = vat_numbers.clean(typed[:60], where.country)
    except vat_numbers.WrongVatNumber as error:
        raise CommandError(f"--vat-number: {error}", returncode=WRONG) from None
    try:
        state = tax.Number.VALID if vies.ask(number).is_valid else tax.Number.INVALID
    except vies.NoAnswer:
        state = tax.Number.PENDING
    return tax.Buyer(country, postcode, is_business=True, number=state, number_country=number[:2])


def _answer(
    treatment: tax.Treatment, amounts: tax.Amounts, buyer: tax.Buyer, on: date, currency: str
) -> dict[str, str]:
    return {
        "treatment": treatment.rule.value,
        "country": treatment.country,
        "territory": treatment.territory,
        "rate": words.percent(treatment.percent).removesuffix("%"),
        "net": str(amounts.net),
        "tax": str(amounts.tax),
        "total": str(amounts.total),
        "currency": currency,
        "article": treatment.article,
        "vat_number": buyer.number.value,
        "date": on.isoformat(),
    }


def _amount(text: str, currency: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < 10**9:
        raise CommandError(f"--net must be an amount such as 100.00, not {text!r}.", returncode=WRONG)
    return rounded(amount, currency)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else clock.today()
    except ValueError:
        raise CommandError(f"--date must be a day such as 2026-11-27, not {text!r}.", returncode=WRONG) from None
