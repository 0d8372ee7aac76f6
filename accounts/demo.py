"""Companies of the demo shop: made up, with logos drawn here, and agreed to by accounts of their own."""

import io
from collections.abc import Iterable

from django.db import transaction
from PIL import Image, ImageDraw, ImageFont

from accounts import branding, license_keys, staff
from accounts.models import License, LicenseKey, Logo, User
from privacy import clock
from shop.models import Edition

Color = tuple[int, int, int]
#: Name, first part of the address at example.com, color, and products by their slugs.
COMPANIES: tuple[tuple[str, str, Color, tuple[str, ...]], ...] = (
    ("Nordlicht Logistik", "nordlicht", (16, 78, 139), ("gridtrace", "sheetdiff")),
    ("Kestrel Analytics", "kestrel", (140, 52, 20), ("gridtrace",)),
    ("Almenwerk", "almenwerk", (38, 94, 52), ("sheetdiff",)),
)


@transaction.atomic
def make_companies(manager: User) -> int:
    """Makes the companies once, in a shop with demo products and without any logo; returns how many were made."""
    if Logo.objects.exists():
        return 0
    made = [_make(*company, manager=manager) for company in COMPANIES]
    return sum(made)


def _make(name: str, address: str, color: Color, slugs: Iterable[str], *, manager: User) -> bool:
    editions = [edition for slug in slugs if (edition := Edition.objects.filter(product__slug=slug).first())]
    if not editions:
        return False
    user = User.objects.create_user(f"{address}@example.com", company=name)
    staff.vouch_for_address(user)
    for edition in editions:
        _license(user, edition)
    logo = branding.hand_in(user, company=name, products=branding.products_of(user), upload=draw(name, color))
    branding.decide(logo.pk, revision=logo.revision, by=manager)
    return True


def _license(user: User, edition: Edition) -> None:
    granted = License.objects.create(
        user=user,
        edition=edition,
        product_name=edition.product.name,
        edition_name=edition.name,
        mark=edition.product.mark,
        seats=1,
        devices=edition.devices,
    )
    LicenseKey.objects.create(
        edition=edition,
        license=granted,
        state=LicenseKey.State.ASSIGNED,
        is_generated=True,
        assigned_at=clock.now(),
        **license_keys.sealed(license_keys.generate()),
    )


def draw(name: str, color: Color) -> bytes:
    """A logo as a PNG: three bars and the name, on nothing."""
    font = ImageFont.load_default(52)
    width = int(font.getlength(name)) + 150
    image = Image.new("RGBA", (width, 110), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    for place, height in enumerate((40, 62, 84)):
        left = 10 + 30 * place
        pen.rectangle((left, 98 - height, left + 20, 98), fill=color)
    pen.text((120, 78), name, fill=color, font=font, anchor="ls")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
