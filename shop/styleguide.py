"""The page of all parts, for those who build pages. Its figures are samples; it exists in development only."""

import datetime
from decimal import Decimal

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from shop.demo.catalog import CATEGORIES, PRODUCTS


class SampleForm(forms.Form):
    """One field that is right and one that is wrong."""

    vat_number = forms.CharField(label="VAT number", required=False, help_text="It goes on the invoice.")
    country = forms.ChoiceField(label="Country", choices=[("DE", "Germany"), ("US", "United States")])
    email = forms.EmailField(
        label="E-mail address", error_messages={"invalid": "Write the address with an @, as in name@company.com."}
    )
    business = forms.BooleanField(label="I buy for a company", required=False)


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part in every state. Raises 404 outside development."""
    if not settings.DEBUG:
        raise Http404
    form = SampleForm(
        {"vat_number": "DE 281430967", "country": "DE", "email": "katrin.vogel.example"}, auto_id="sample_%s"
    )
    return render(request, "styleguide.html", {**SAMPLES, "form": form})


def _product(slug: str) -> dict[str, object]:
    product = next(product for product in PRODUCTS if product.slug == slug)
    return {
        "slug": slug,
        "name": product.name,
        "tagline": product.tagline,
        "mark": product.mark,
        "get_absolute_url": f"/products/{slug}/",
        "from_price": min(Decimal(edition.price) for edition in product.editions),
        "from_currency": "EUR",
    }


def _line(slug: str, *, edition: str, quantity: int, unit_price: str, unit: str) -> dict[str, object]:
    product = _product(slug)
    return {
        "product": product,
        "edition": {"name": edition},
        "key": slug,
        "label": f"{product['name']} {edition}",
        "terms": "No end" if unit == "each" else "One year",
        "unit": unit,
        "minimum": 1,
        "quantity": quantity,
        "unit_price": Decimal(unit_price),
        "total": quantity * Decimal(unit_price),
    }


def _plan(deed: str, word: str, note: str, row: tuple[str, str, int]) -> dict[str, object]:
    what, ground, count = row
    rows = [{"what": what, "ground": ground, "count": count}]
    return {"deed": deed, "word": word, "note": note, "count": count, "rows": rows}


NOVEMBER = datetime.datetime(2026, 11, 22, 21, 5, 31, tzinfo=datetime.UTC)

SAMPLES: dict[str, object] = {
    "products": [_product(product.slug) for product in PRODUCTS],
    "entries": [(category, {"count": 4, "from_price": Decimal("49.00"), "currency": "EUR"}) for category in CATEGORIES],
    "ledger": [("Statement on the start side", "figure"), ("Workbooks that leave your machine", "0")],
    "amounts": {"net": Decimal("289.08"), "total": Decimal("344.00")},
    "taxes": [("VAT, 19%, Germany", Decimal("54.92"))],
    "price": {"gross": Decimal("149.00"), "net": Decimal("125.21"), "tax": Decimal("23.79")},
    "currency": "EUR",
    "lines": [
        _line("gridtrace", edition="Professional", quantity=1, unit_price="149.00", unit="each"),
        _line("costline", edition="Team", quantity=5, unit_price="39.00", unit="a seat"),
    ],
    "keys": [
        {"state": "sealed"},
        {"state": "open", "key": "K7RWP-3XHQ9-TMB4V-E2NYC-8DFJ6"},
        {"state": "revoked", "key": "P4TNX-W9K2H-RVCM7-6YQEB-J3GD8"},
    ],
    "badges": [
        ("active", "Active"),
        ("sealed", "Sealed"),
        ("open", "Open"),
        ("due", "Ready to erase"),
        ("revoked", "Revoked"),
        ("waiting", "Waits for the person"),
    ],
    "notices": [
        ("warning", "Costline Team went from €42.00 to €39.00 a seat since you added it. You pay the lower price."),
        ("info", "This order joins your account when you register."),
        ("success", "Key copied."),
        ("danger", "The payment did not go through. Nothing was taken. Choose a way to pay and try again."),
    ],
    "gauges": [
        ("Rating", Decimal("4.6"), 5, "4.6 of 5"),
        ("Seats", 3, 5, "3 of 5"),
        ("Seats, twelve", 8, 12, "8 of 12"),
    ],
    "clocks": [
        ("One month, calm", 21, "21 days left, 13 December"),
        ("One month, near", 8, "8 days left, 30 November"),
        ("One month, urgent", 3, "3 days left, 25 November"),
    ],
    "events": [
        {"text": "Order placed as a guest", "at": NOVEMBER, "done": True},
        {"text": "€344.00 paid by card at Stripe", "at": NOVEMBER, "done": True},
        {"text": "Your name leaves this order", "at": datetime.date(2029, 11, 22), "done": False},
    ],
    "evidence": [
        {
            "figure": "2 years, 364 days",
            "words": "age of the oldest order that still names a person",
            "note": "Last sweep: today, 03:10.",
        },
        {
            "figure": "1 late",
            "words": "request took 33 days instead of one month",
            "note": "The person was told why.",
            "broken": True,
        },
    ],
    "groups": [
        _plan("erase", "Erase", "at once", ("Account, sign-in, sessions", "Not needed any more", 4)),
        _plan("restrict", "Restrict", "then erased", ("Order AO-4183: name, e-mail", "Tax records, until 2029", 3)),
        _plan("refuse", "Refuse", "for now", ("Dispute on AO-3902: two letters", "Claim is open", 2)),
    ],
    "head": ["Device", "Activated", "Last check"],
    "rows": [
        ["NH-FIN-014, Windows", "24 November 2026", "today, 08:12"],
        ["NH-FIN-022, Windows", "24 November 2026", "yesterday"],
    ],
    "trail": [("All tools", "/"), ("Excel", "/excel/"), ("Gridtrace", "")],
}
