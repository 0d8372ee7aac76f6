"""What everybody sees of logos: those that are published, and nothing of any other."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import Logo, LogoPicture
from shop.models import Product

Size = LogoPicture.Size


@dataclass(frozen=True)
class Shown:
    """A company as pages show it: its name, the name of the drawing, and its size in pixels."""

    company: str
    name: str
    width: int
    height: int


def shown(size: Size, *, product: Product | None = None, most: int | None = None) -> list[Shown]:
    """The companies that are shown, of all products or of one, by their names. One query."""
    pictures = LogoPicture.objects.filter(size=size, logo__state=Logo.State.PUBLISHED)
    if product is not None:
        pictures = pictures.filter(logo__products=product)
    rows = pictures.order_by("logo__company", "logo_id").values_list("logo__company", "name", "width", "height")
    return [Shown(*row) for row in rows[:most]]


def companies(product: Product | None = None) -> QuerySet[Logo]:
    """The logos that are shown, of all products or of one, by company; each with `drawings` (the full one) and the
    products that are sold."""
    drawings = LogoPicture.objects.filter(size=Size.FULL).defer("content")
    of = Q() if product is None else Q(products=product)
    products = Product.objects.published().only("name", "slug").order_by("name")
    return (
        Logo.objects.filter(of, state=Logo.State.PUBLISHED)
        .prefetch_related(Prefetch("pictures", drawings, to_attr="drawings"), Prefetch("products", products))
        .order_by("company", "pk")
    )


def picture(name: str) -> LogoPicture | None:
    """The drawing of this name, while its logo is shown."""
    return LogoPicture.objects.filter(name=name, logo__state=Logo.State.PUBLISHED).first()
