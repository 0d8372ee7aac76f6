"""Sales of the demo shop: made-up buyers who paid by bank transfer, got their keys, and wrote about the product.

Each order goes the way of every order, at a date that is over: placed, paid, delivered. Only its mails are left out.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from payments import attempts, bank_transfers
from payments.models import Attempt
from privacy import clock
from privacy.models import OutgoingMail
from shop import checkout
from shop.cart import Cart
from shop.cart_store import Kept
from shop.checkout import Purchase
from shop.demo.posts import QUESTIONS, REVIEWS, DemoQuestion, DemoReview
from shop.models import Edition, Order, Post, Product
from shop.posts import moderation, writing
from shop.posts.writers import Writer
from shop.posts.writing import Words
from shop.tax import Buyer

_NAMES = (
    "Anna Berg", "Paul Krause", "Mara Lenz", "Tom Vogt", "Nele Frank", "Jan Peters", "Ida Seidel", "Max Horn",
    "Eva Brandt", "Leo Busch", "Mia Pohl", "Finn Adler", "Ute Sommer", "Kai Engel", "Lena Graf", "Ole Winter",
    "Rita Jung", "Nils Berger", "Tina Roth", "Udo Keller",
)  # fmt: skip
_TOWNS = {"DE": ("10115", "Berlin"), "BE": ("9000", "Gent"), "FI": ("33100", "Tampere")}
_PAID_AFTER, _ANSWERED_AFTER = timedelta(days=1), timedelta(days=2)


@transaction.atomic
def make_posts(manager: User) -> int:
    """Sells to buyers who write, once, in a shop without a post; returns how many posts were made.

    `manager` records the money and answers. Nobody is mailed: there is nobody at these addresses.
    """
    if Post.objects.exists():
        return 0
    last = OutgoingMail.objects.aggregate(last=Max("pk"))["last"] or 0
    editions = _offered()
    sales = [(slug, review) for slug in REVIEWS if slug in editions for review in REVIEWS[slug]]
    orders = {
        (slug, review.shown_as): _sell(editions[slug], review, number, manager)
        for number, (slug, review) in enumerate(sorted(sales, key=lambda sale: -sale[1].days))
    }
    for slug, edition in editions.items():
        people = {name: Writer(None, order.party.email) for (of, name), order in orders.items() if of == slug}
        said: list[DemoReview | DemoQuestion] = [*REVIEWS[slug], *QUESTIONS.get(slug, ())]
        for each in said:
            _write(edition.product, each, people, manager)
    OutgoingMail.objects.filter(pk__gt=last).delete()
    return Post.objects.count()


def _offered() -> dict[str, Edition]:
    """What these buyers take, by the product. The keys in a pool are left to whoever tries the shop."""
    made = Edition.objects.filter(key_source=Edition.KeySource.GENERATED, is_offered=True).select_related("product")
    last_to_first = made.filter(product__slug__in=REVIEWS).order_by("-position")
    return {edition.product.slug: edition for edition in last_to_first}


def _sell(edition: Edition, review: DemoReview, number: int, manager: User) -> Order:
    at = clock.now() - timedelta(days=review.days)
    with clock.at(at):
        order = checkout.place(_cart(edition, review.country), _purchase(number, review.country))
        attempts.begin(order, "manual")
    with clock.at(at + _PAID_AFTER):
        attempt = Attempt.objects.get(order=order)
        bank_transfers.record_arrival(attempt.pk, amount=attempt.amount, by=manager)
    return order


def _cart(edition: Edition, country: str) -> Cart:
    price = edition.prices.get(currency=settings.STORE_CURRENCY)
    kept = {edition.pk: Kept(edition.quantity_min, price.amount)}
    return Cart(kept, Buyer(country), settings.STORE_CURRENCY)


def _purchase(number: int, country: str) -> Purchase:
    postal_code, city = _TOWNS[country]
    return Purchase(
        token=uuid.uuid4(),
        country=country,
        party={
            "email": f"buyer-{number}@example.com",
            "name": _NAMES[number % len(_NAMES)],
            "street": f"Bahnhofstr. {number}",
            "postal_code": postal_code,
            "city": city,
        },
        is_business=False,
        payment_method="bank_transfer",
        delivery=Order.Delivery.SEALED,
        terms=checkout.terms(),
        user=None,
        ip_country=country,
        browser_family="Firefox",
    )


def _write(product: Product, said: DemoReview | DemoQuestion, people: dict[str, Writer], manager: User) -> None:
    days = said.days - said.after if isinstance(said, DemoReview) else said.days
    at = clock.now() - timedelta(days=days)
    with clock.at(at):
        if isinstance(said, DemoReview):
            words = Words(said.text, said.shown_as, title=said.title, stars=said.stars)
            post = writing.leave_review(people[said.shown_as], product, words)
        else:
            post = writing.ask(people[said.shown_as], product, Words(said.text, said.shown_as))
    with clock.at(at + _ANSWERED_AFTER):
        for shown_as, text in said.replies:
            writing.comment(people[shown_as], post.pk, Words(text, shown_as))
        if said.answer:
            moderation.answer(post.pk, by=manager, text=said.answer)
