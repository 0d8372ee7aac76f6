"""A customer hands in the logo of a company: picture, name and products, with the consent to show them."""

import secrets
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import images
from accounts.branding.words import TEXT
from accounts.models import License, LicenseKey, Logo, LogoManager, LogoPicture, User
from privacy import clock, consents, page_version
from shop.models import Product

#: The longest side in pixels of each drawing: twice of what pages show, for sharp screens.
SIDES = {LogoPicture.Size.FULL: 480, LogoPicture.Size.SMALL: 240}
#: A logo that is shown 120 pixels wide must have that many.
SMALLEST_SIDE = 80


class NotHandedIn(ValueError):
    """Why a logo can't be handed in like this: a sentence for the person."""


def products_of(user: User) -> QuerySet[Product]:
    """What a company can be named for: products on sale of which this person, or a colleague, has a license with a key.

    A colleague is who manages the same logo.
    """
    usable = LicenseKey.objects.filter(
        license=OuterRef("pk"), state__in=[LicenseKey.State.ASSIGNED, LicenseKey.State.SUSPENDED]
    )
    people = Q(user=user) | Q(user__logo_manager__logo__managers__user=user)
    theirs = License.objects.filter(Exists(usable), people, edition__product=OuterRef("pk"))
    return Product.objects.published().filter(Exists(theirs)).order_by("name")


def of(user: User) -> Logo | None:
    """The logo that this person manages."""
    return Logo.objects.filter(managers__user=user).first()


def hand_in(user: User, *, company: str, products: Iterable[Product], upload: bytes | None) -> Logo:
    """Writes what a company wants to be shown, with this person's yes to the words in force. A manager looks next.

    What was shown before isn't any more, until it was looked at. Without `upload` the picture stays. Raises
    `images.NotTaken` for a file that is no picture, and NotHandedIn.
    """
    chosen = list(products)
    if not chosen:
        raise NotHandedIn("Choose at least one product that your company uses.")
    if not {product.pk for product in chosen} <= set(products_of(user).values_list("pk", flat=True)):
        raise NotHandedIn("Choose among the products of which you have a license.")
    drawings = _drawings(upload) if upload is not None else []
    with transaction.atomic():
        # Of two forms of one person that come at once, the second finds the logo of the first.
        User.objects.select_for_update().get(pk=user.pk)
        logo = _own_locked(user)
        if logo is None:
            if not drawings:
                raise NotHandedIn("Choose the file with the logo.")
            logo = Logo.objects.create(company=company)
            LogoManager.objects.create(logo=logo, user=user)
        else:
            _submit_again(logo, company)
        logo.products.set(chosen)
        if drawings:
            logo.pictures.all().delete()
            LogoPicture.objects.bulk_create(_row(logo, size, drawn) for size, drawn in drawings)
        consents.give(user, TEXT.key)
        page_version.renew()
    return logo


def _own_locked(user: User) -> Logo | None:
    return Logo.objects.select_for_update().filter(managers__user=user).first()


def _submit_again(logo: Logo, company: str) -> None:
    again = {"company": company, "revision": logo.revision + 1, "submitted_at": clock.now()}
    undecided = {"decided_at": None, "decided_by": None, "reason": ""}
    if not logo.move_to(Logo.State.SUBMITTED, **again, **undecided):
        for name, value in again.items():
            setattr(logo, name, value)
        logo.save(update_fields=list(again))


def _drawings(upload: bytes) -> list[tuple[LogoPicture.Size, images.Picture]]:
    image, kind = images.decode(upload), images.kind_of(upload)
    if max(image.size) < SMALLEST_SIDE:
        raise images.NotTaken(f"The picture is too small to be shown. It needs {SMALLEST_SIDE} pixels or more.")
    return [(size, images.draw(image, kind, longest_side=side)) for size, side in SIDES.items()]


def _row(logo: Logo, size: LogoPicture.Size, drawn: images.Picture) -> LogoPicture:
    return LogoPicture(
        logo=logo,
        size=size,
        name=secrets.token_urlsafe(16),
        kind=drawn.kind.value,
        width=drawn.width,
        height=drawn.height,
        content=drawn.content,
    )
