"""Companies with a logo, for the tests of branding and of what touches it."""

from accounts import branding
from accounts.models import Logo, LogoPicture, User
from shop.models import Product
from tests import desk
from tests.accounts import pictures, purchases
from tests.accounts.conftest import person


def customer(email: str = "ada@example.com", **fields: object) -> User:
    """Somebody who has an account and a license."""
    user = User.objects.filter(email=email).first() or person(email, name="Ada Lovelace", **fields)
    purchases.paid((purchases.edition(), 1), user=user, email=email)
    return user


def handed_in(
    user: User | None = None, *, company: str = "Nordhafen GmbH", products: list[Product] | None = None
) -> Logo:
    """A logo that waits for a look."""
    user = user or customer()
    chosen = products if products is not None else list(branding.products_of(user))
    return branding.hand_in(user, company=company, products=chosen, upload=pictures.png())


def published(user: User | None = None, **fields: object) -> Logo:
    """A logo that everybody sees."""
    logo = handed_in(user, **fields)  # type: ignore[arg-type]
    branding.decide(logo.pk, revision=logo.revision, by=desk.person("Shop Manager"))
    return Logo.objects.get(pk=logo.pk)


def with_colleague(user: User, colleague: User) -> Logo:
    """A published logo that both manage."""
    logo = published(user)
    branding.join(branding.invite(user), colleague)
    return logo


def names(logo: Logo) -> dict[str, str]:
    """The names of its drawings, by size."""
    return dict(LogoPicture.objects.filter(logo=logo).values_list("size", "name"))


def left() -> int:
    """How many rows there are of any logo, in all tables."""
    tables = (Logo, LogoPicture, Logo.products.through, *(rel.related_model for rel in Logo._meta.related_objects))
    return sum(model._default_manager.count() for model in set(tables))
