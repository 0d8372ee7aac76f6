"""Coupons: codes that take something off a price, what each takes off in each currency, and who has used one."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Upper

from privacy import clock
from shop.models.catalog import Product
from shop.models.orders import Order

#: What a code looks like; such signs start no formula in a spreadsheet and need no quotes anywhere.
CODE = r"^[A-Z0-9]+(-[A-Z0-9]+)*$"
#: Signs that people mistake for one another: a code is found by either.
LOOK_ALIKES, INSTEAD = "OIL", "011"


class Coupon(models.Model):
    """A code that takes a share (`percent`) or an amount (of `CouponAmount`) off the prices of the catalog.

    It counts on the days from `valid_from` to `valid_until`, both included, in UTC. `uses` counts the orders that have
    it; a trigger on `CouponUse` moves it, and a constraint lets it never pass `most_uses`: there is no way around. It
    is withdrawn (`is_active`), never deleted: orders name it.
    """

    class Kind(models.TextChoices):
        PERCENT = "percent", "a share of the price"
        AMOUNT = "amount", "an amount"

    code = models.CharField(
        max_length=30,
        validators=[RegexValidator(CODE, "Write capital letters and digits, with single hyphens between them.")],
        help_text="Never a person's name. Buyers may type it in small letters, with O for 0, and I or L for 1.",
    )
    folded = models.GeneratedField(
        expression=Func(
            Func(Upper("code"), Value("-"), Value(""), function="replace"),
            Value(LOOK_ALIKES),
            Value(INSTEAD),
            function="translate",
        ),
        output_field=models.CharField(max_length=30),
        db_persist=True,
        unique=True,
        help_text="The code as it is looked for: two that look alike can't exist.",
    )
    kind = models.CharField("takes off", max_length=10, choices=Kind, default=Kind.PERCENT)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True, help_text="Of the price.")
    is_active = models.BooleanField("can be used", default=True, help_text="Untick it to withdraw the code.")
    valid_from = models.DateField(default=clock.today)
    valid_until = models.DateField(null=True, blank=True, help_text="The last day; empty: without an end.")
    is_for_all = models.BooleanField("for every product", default=True)
    products = models.ManyToManyField(
        Product, blank=True, related_name="+", help_text="Where it isn't for every product."
    )
    most_uses = models.PositiveIntegerField(null=True, blank=True, help_text="In how many orders; empty: any number.")
    most_per_person = models.PositiveIntegerField(
        "most uses a person", null=True, blank=True, help_text="By e-mail address or account; empty: any number."
    )
    uses = models.PositiveIntegerField(default=0, editable=False, help_text="Orders that have it, by a trigger.")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        default_permissions: ClassVar = ("add", "change", "view")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__regex=CODE), name="coupon_code_is_plain"),
            models.CheckConstraint(
                condition=Q(kind="percent", percent__isnull=False, percent__gt=0, percent__lte=100)
                | Q(kind="amount", percent__isnull=True),
                name="coupon_percent_of_kind",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="coupon_has_days"
            ),
            models.CheckConstraint(
                condition=Q(most_uses__isnull=True) | Q(uses__lte=F("most_uses")), name="coupon_within_most_uses"
            ),
            models.CheckConstraint(
                condition=Q(most_per_person__isnull=True) | Q(most_per_person__gte=1),
                name="coupon_person_has_uses",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Leaves `uses` alone: orders move it at the same time."""
        if not self._state.adding and update_fields is None:
            columns = [field.name for field in self._meta.concrete_fields if not (field.primary_key or field.generated)]
            update_fields = set(columns) - {"uses"}
        super().save(update_fields=update_fields, **options)


class CouponAmount(models.Model):
    """What a coupon takes off in a currency, and from which sum on, both in prices of the catalog.

    A share needs such a row only for a minimum; an amount is for the currencies that it has rows of. Nothing is ever
    converted.
    """

    coupon = models.ForeignKey(Coupon, on_delete=models.CASCADE, related_name="amounts")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True, help_text="What is taken off.")
    minimum = models.DecimalField(
        max_digits=12, decimal_places=3, default=0, help_text="What the tools that it is for must cost at least."
    )

    class Meta:
        ordering: ClassVar = ["currency"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["coupon", "currency"], name="couponamount_currency_once"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="couponamount_takes_something"
            ),
            models.CheckConstraint(condition=Q(minimum__gte=0), name="couponamount_minimum_not_negative"),
        ]

    def __str__(self) -> str:
        return self.currency


class CouponUse(models.Model):
    """That an order has a coupon. It names nobody: whose order it is stands in the order's party, while there is one.

    `given_back_at`: since then the use counts no more, because the order ended unpaid. A trigger counts, and refuses
    what `most_uses` and `most_per_person` don't allow; a use is never moved to another order or coupon.
    """

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="coupon_use")
    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="orders")
    given_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions: ClassVar = ()

    def __str__(self) -> str:
        return f"Use of coupon {self.coupon_id} in order {self.order_id}"
