"""How orders and carts are shown to the person they are about."""

from typing import Any

from django.db.models import Field, QuerySet

from privacy import look_alikes, looks
from privacy.exports import presenters, words
from privacy.exports.presenters import Presenter
from privacy.models import Look
from shop import coupons, location
from shop.models import CartLine, InvitationRefusal, OrderHold, OrderLine, OrderParty, Post, PostAuthor, VatCheck

looks.register(OrderParty, Look.Kind.ORDER)
looks.register(Post, Look.Kind.OTHER)


def _address_of_order(number: str) -> list[str]:
    """The address of an order, in any casing of its number; restricted people are found here too."""
    return list(OrderParty.objects.filter(order__number__iexact=number).values_list("email", flat=True))


look_alikes.register_finder("order number", _address_of_order)


@presenters.of(OrderParty)
class Orders(Presenter):
    """The person's part of an order, and with it the whole order: what was bought, for how much, what happened."""

    title, one, many, position = "Orders", "order", "orders", 20
    correct_at = "account_orders"
    labels = {
        "email": "E-mail address",
        "delivery_email": "Keys go to",
        "purchase_order": "Your order number",
        "vat_number": "VAT number",
        "region": "State or region",
        "street": "Street and number",
        "city": "Town",
        "browser_family": "Browser",
        "vat": "VAT",
        "vat_rate_percent": "VAT rate in percent",
    }

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("order__terms__page").prefetch_related("order__lines__units", "order__events")

    def heading(self, row: OrderParty) -> str:
        return f"Order {row.order.number}, {words.day(row.order.placed_at)}"

    def facts(self, row: OrderParty, *, for_staff: bool) -> dict[str, Any]:
        order = row.order
        return {
            "number": order.number,
            "state": order.get_state_display(),
            "placed_at": order.placed_at,
            "paid_at": order.paid_at,
            "country": location.country_name(order.country),
            "for_a_company": order.is_business,
            "currency": order.currency,
            "net": order.net,
            "vat": order.tax,
            "total": order.total,
            **({"discount": order.discount, "code": coupons.code_of(order)} if order.discount else {}),
            "paid_by": order.payment_method,
            "keys_were": order.get_delivery_display(),
            "agreed_to_immediate_delivery_at": order.consent_at,
            "terms": f"{order.terms.page.title}, version {order.terms.number}",
            "privacy_policy": f"version {order.policy_version}",
            "country_was_told_by": [
                {"what": what, "country": location.country_name(country)} for what, country in order.evidence.items()
            ],
            "lines": [_line(line) for line in order.lines.all()],
            "what_happened": [{"what": event.get_kind_display(), "when": event.at} for event in order.events.all()],
        }


def _line(line: OrderLine) -> dict[str, Any]:
    units = list(line.units.all())
    return {
        "product": f"{line.product_name} {line.edition_name}",
        "quantity": line.quantity,
        "sold_per": line.sold_per,
        "net": line.net,
        "vat": line.tax,
        "vat_rate_percent": line.tax_rate,
        "law": line.tax_article,
        "total": line.total,
        **({"discount": line.discount} if line.discount else {}),
        "delivered": sum(unit.state == unit.State.FULFILLED for unit in units),
        "refunded": sum(unit.state == unit.State.REFUNDED for unit in units),
        "of_units": len(units),
    }


@presenters.of(VatCheck)
class VatChecks(Presenter):
    title, one, many, position = "VAT numbers", "answer of VIES", "answers of VIES", 46
    labels = {"consultation": "Consultation number"}

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("order")

    def heading(self, row: VatCheck) -> str:
        return f"Order {row.order.number}"

    def facts(self, row: VatCheck, *, for_staff: bool) -> dict[str, Any]:
        return {"answer": row.get_state_display(), "asked": row.asked_at, "answered": row.answered_at}


@presenters.of(OrderHold)
class Holds(Presenter):
    title, one, many, position = "Checks of orders", "check", "checks", 45
    labels = {"reason": "Why the order was checked"}

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("order")

    def heading(self, row: OrderHold) -> str:
        return f"Order {row.order.number}"

    def facts(self, row: OrderHold, *, for_staff: bool) -> dict[str, Any]:
        return {"from": row.placed_at, "until": row.released_at}


@presenters.of(Post)
class Posts(Presenter):
    title, one, many, position = "Reviews and comments", "post", "posts", 55
    correct_at = "account_posts"

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("product", "author")

    def heading(self, row: Post) -> str:
        return f"{row.get_kind_display().capitalize()} about {row.product.name}, {words.day(row.written_at)}"

    def facts(self, row: Post, *, for_staff: bool) -> dict[str, Any]:
        return {
            "state": row.get_state_display(),
            "why": row.get_reason_display() if row.reason else "",
            "written": row.written_at,
            "changed": row.edited_at,
            "published": row.published_at,
        }


@presenters.of(PostAuthor)
class Authors(Presenter):
    title, one, many, position = "Names you wrote under", "name", "names", 56
    labels = {"shown_as": "Name that is shown", "wish": "When you leave", "email": "Your address"}
    correct_at = "account_posts"

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("post__product")

    def heading(self, row: PostAuthor) -> str:
        return f"{row.post.get_kind_display().capitalize()} about {row.post.product.name}"


@presenters.of(InvitationRefusal)
class Refusals(Presenter):
    title, one, many, position = "No invitations", "wish", "wishes", 57
    labels = {"email": "Not invited at"}

    def facts(self, row: InvitationRefusal, *, for_staff: bool) -> dict[str, Any]:
        return {"since": row.refused_at}


@presenters.of(CartLine)
class Cart(Presenter):
    title, one, many, position = "Your cart", "line of the cart", "lines of the cart", 60
    correct_at = "cart"

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("edition__product")

    def heading(self, row: CartLine) -> str:
        return f"{row.edition.product.name} {row.edition.name}"

    def facts(self, row: CartLine, *, for_staff: bool) -> dict[str, Any]:
        return {"quantity": row.quantity, "price_when_added": row.price_seen, "currency": row.currency}


def country_words(field: "Field[Any, Any]", value: Any) -> str:
    """A country by its name, any other column as it is."""
    named = location.country_name(value) if field.name == "country" and value else ""
    return named or words.of_column(field, value)
