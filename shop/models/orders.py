"""Orders: facts that name nobody (`Order`, `OrderLine`, `OrderUnit`), and the person apart (`OrderParty`)."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from privacy import clock
from privacy.transitions import StateModel, table
from shop.models.catalog import Edition
from shop.models.pages import PageVersion


class Order(StateModel):
    """A purchase, in facts that name nobody.

    Money is gross (`total`), net and tax, each the sum of the rounded lines, in `currency`. `country` is the billing
    country. `link_hash` finds the order by its unguessable link, which only the party's nonce lets the shop write anew:
    once the party is gone, the shop itself can't tell whose license this order was. `ended_at` and `captured_at` are
    written by triggers where nobody else does; the dates of the party follow from them (`shop_orderparty_periods` in
    the migrations).
    """

    class State(models.TextChoices):
        PENDING_PAYMENT = "pending_payment", "waits for payment"
        PAID = "paid", "paid"
        ON_HOLD = "on_hold", "on hold"
        CANCELLED = "cancelled", "cancelled"
        EXPIRED = "expired", "expired"

    class Delivery(models.TextChoices):
        SEALED = "sealed", "kept sealed"
        AT_ONCE = "at_once", "shown and mailed at once"

    TRANSITIONS = table(
        "pending_payment -> paid on_hold cancelled expired; paid -> on_hold; on_hold -> paid cancelled;"
        "cancelled -> paid on_hold; expired -> paid on_hold"
    )

    number = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=20, choices=State, default=State.PENDING_PAYMENT)
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2)
    evidence = models.JSONField(
        default=dict, help_text="Which kind of evidence said which country: billing, ip, payment."
    )
    is_business = models.BooleanField(default=False)
    net = models.DecimalField(max_digits=12, decimal_places=3)
    tax = models.DecimalField(max_digits=12, decimal_places=3)
    total = models.DecimalField(max_digits=12, decimal_places=3)
    discount = models.DecimalField(
        max_digits=12, decimal_places=3, default=0, db_default=0, help_text="What a coupon took off, tax included."
    )
    payment_method = models.CharField(max_length=20)
    delivery = models.CharField(max_length=10, choices=Delivery, default=Delivery.SEALED)
    consent_version = models.CharField(
        max_length=20, blank=True, help_text="Text of the consent to immediate performance."
    )
    consent_at = models.DateTimeField(null=True, blank=True)
    terms = models.ForeignKey(PageVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    policy_version = models.CharField(max_length=20)
    placed_at = models.DateTimeField(default=clock.now)
    paid_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(help_text="End of the time to pay.")
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="When it last expired, was cancelled or was put on hold."
    )
    captured_at = models.DateTimeField(
        null=True, blank=True, help_text="When money first arrived, also where the order was held and isn't paid."
    )
    link_hash = models.CharField(max_length=64, unique=True)
    email_corrected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-placed_at", "-id"]
        permissions: ClassVar = [
            ("hold_order", "Can put an order on hold"),
            ("release_order", "Can release an order"),
            ("cancel_order", "Can cancel an order"),
            ("resend_order", "Can send an order's mails again"),
            ("ask_vies_order", "Can have VIES asked again about an order's VAT number"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["pending_payment", "paid", "on_hold", "cancelled", "expired"]),
                name="order_state_known",
            ),
            models.CheckConstraint(condition=Q(total=F("net") + F("tax")), name="order_total_is_net_and_tax"),
            models.CheckConstraint(condition=Q(net__gte=0, tax__gte=0), name="order_money_not_negative"),
            models.CheckConstraint(condition=Q(discount__gte=0), name="order_discount_not_negative"),
            models.CheckConstraint(condition=~Q(state="paid") | Q(paid_at__isnull=False), name="order_paid_has_time"),
            models.CheckConstraint(
                condition=Q(delivery="sealed", consent_at__isnull=True, consent_version="")
                | Q(delivery="at_once", consent_at__isnull=False) & ~Q(consent_version=""),
                name="order_at_once_needs_consent",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-placed_at", "-id"], name="order_newest"),
            models.Index(fields=["expires_at"], condition=Q(state="pending_payment"), name="order_waiting"),
            models.Index(fields=["paid_at"], name="order_paid_at"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def party_removed_at(self) -> datetime | None:
        """When the person left this order; None where they didn't."""
        removal: PartyRemoval | None = getattr(self, "party_removal", None)
        return removal.removed_at if removal else None


class OrderPartyQuerySet(models.QuerySet["OrderParty"]):
    """Sets of parties."""

    def in_use(self) -> Self:
        """Those that may be shown, searched, written to and claimed: all that no deletion request has restricted."""
        return self.filter(restricted_at__isnull=True)


class OrderParty(models.Model):
    """Who bought: the only row that ties an order to a person. It is deleted or narrowed when its periods end.

    `link_nonce` lets the shop write the order's link anew, `checkout_token` is the form's: one form, one order. Both
    would tell the shop whose order it was, so they go with the row. `delivery_email` gets the keys where it is given;
    it never links to an account. The link to the user is here too.
    A trigger writes the three dates: when the row goes, and when address and browser are cleared. A date is empty where
    nothing is left to remove, or where a legal hold is open.

    `restricted_at`: since then the row is kept for the law alone (GDPR Art. 18), after a deletion request. It belongs
    to no account, and lists, searches and mailings leave it out; receipts, refunds, disputes and tax figures use it.
    """

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="party")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="order_parties"
    )
    email = models.EmailField(max_length=254)
    delivery_email = models.EmailField(max_length=254, blank=True)
    name = models.CharField(max_length=120)
    company = models.CharField(max_length=120, blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    purchase_order = models.CharField(max_length=60, blank=True)
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    browser_family = models.CharField(max_length=40, blank=True)
    link_nonce = models.UUIDField(default=uuid.uuid4, editable=False)
    checkout_token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    address_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    browser_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    restricted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = OrderPartyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "order parties"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(restricted_at__isnull=True) | Q(user__isnull=True),
                name="orderparty_restricted_is_nobodys_account",
            ),
        ]
        indexes: ClassVar = [
            models.Index(models.functions.Lower("email"), name="orderparty_email"),
            models.Index(fields=["expires_at", "id"], name="orderparty_due"),
            models.Index(fields=["address_expires_at", "id"], name="orderparty_address_due"),
            models.Index(fields=["browser_expires_at", "id"], name="orderparty_browser_due"),
        ]

    def __str__(self) -> str:
        return f"Party of order {self.order_id}"

    @property
    def keys_go_to(self) -> str:
        """The address that keys are mailed to."""
        return self.delivery_email or self.email


class PartyRemoval(models.Model):
    """When the person left an order. A trigger writes the row as the party goes, and deletes it with the order.

    A row of its own, because an order's is wide and stands in six indexes: to write it once more would cost the sweep
    ten times as much. The triggers are its foreign key: PostgreSQL would look up each order, a row at a time.
    """

    order = models.OneToOneField(
        Order, primary_key=True, on_delete=models.CASCADE, related_name="party_removal", db_constraint=False
    )
    removed_at = models.DateTimeField()

    class Meta:
        default_permissions: ClassVar = ()

    def __str__(self) -> str:
        return f"Removal of the party of order {self.order_id}"


class OrderLine(models.Model):
    """One edition of an order. Names, price and tax are copied: what was agreed doesn't change with the catalog.

    `unit_price` is what one license or seat cost with tax as shown, before a coupon; `net`, `tax`, `total` are what the
    line's buyer pays, rounded once. `discount` is what a coupon took off, tax included, and `discount_net` without.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    edition = models.ForeignKey(Edition, null=True, on_delete=models.SET_NULL, related_name="+")
    sku = models.CharField(max_length=50)
    product_name = models.CharField(max_length=80)
    edition_name = models.CharField(max_length=60)
    mark = models.CharField(max_length=25)
    sold_per = models.CharField(max_length=10, choices=Edition.SoldPer)
    seats = models.PositiveIntegerField(help_text="Seats of one unit.")
    devices = models.PositiveIntegerField()
    term_months = models.PositiveIntegerField(null=True)
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=12, decimal_places=3)
    net = models.DecimalField(max_digits=12, decimal_places=3)
    tax = models.DecimalField(max_digits=12, decimal_places=3)
    total = models.DecimalField(max_digits=12, decimal_places=3)
    discount = models.DecimalField(max_digits=12, decimal_places=3, default=0, db_default=0)
    discount_net = models.DecimalField(max_digits=12, decimal_places=3, default=0, db_default=0)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2, help_text="Percent.")
    tax_rule = models.CharField(max_length=30)
    tax_country = models.CharField(max_length=2)
    tax_territory = models.CharField(
        max_length=40, blank=True, db_default="", help_text="A part of the country, if it is told apart."
    )
    tax_article = models.CharField(
        max_length=150, blank=True, db_default="", help_text="The law that the rule rests on."
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "sku"], name="orderline_edition_once"),
            models.CheckConstraint(condition=Q(total=F("net") + F("tax")), name="orderline_total_is_net_and_tax"),
            models.CheckConstraint(
                condition=Q(net__gte=0, tax__gte=0, unit_price__gte=0), name="orderline_money_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(discount_net__gte=0, discount__gte=F("discount_net")),
                name="orderline_discount_adds_up",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=999), name="orderline_quantity_1_to_999"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_name} {self.edition_name}"

    @property
    def full_net(self) -> Decimal:
        """What it would have cost without a coupon, without tax."""
        return self.net + self.discount_net


class OrderUnit(StateModel):
    """What gets one key: a license, or the seats of a line that is sold per seat. One unit is one row."""

    class State(models.TextChoices):
        ORDERED = "ordered", "ordered"
        FULFILLED = "fulfilled", "delivered"
        BACKORDERED = "backordered", "on back order"
        REFUNDED = "refunded", "refunded"

    TRANSITIONS = table(
        "ordered -> fulfilled backordered refunded; backordered -> fulfilled refunded; fulfilled -> refunded;"
        "refunded -> ordered fulfilled backordered"
    )

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="units")
    position = models.PositiveIntegerField()
    seats = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.ORDERED)

    class Meta:
        ordering: ClassVar = ["line_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "position"], name="orderunit_position_once"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="orderunit_has_seats"),
            models.CheckConstraint(
                condition=Q(state__in=["ordered", "fulfilled", "backordered", "refunded"]), name="orderunit_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Unit {self.position} of line {self.line_id}"


class OrderHold(models.Model):
    """Why an order waits for a person, who said so, and who ended it. One open hold an order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=200)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    placed_at = models.DateTimeField(default=clock.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order"], condition=Q(released_at__isnull=True), name="orderhold_one_open"),
        ]

    def __str__(self) -> str:
        return self.reason


class OrderEvent(models.Model):
    """What happened to an order, in order of time: a kind, a moment, and the staff member who did it, if one did."""

    class Kind(models.TextChoices):
        PLACED = "placed", "Order placed"
        PAYMENT_STARTED = "payment_started", "Payment started"
        PAYMENT_FAILED = "payment_failed", "Payment failed"
        PAID = "paid", "Paid"
        KEYS_ASSIGNED = "keys_assigned", "Keys assigned"
        BACKORDERED = "backordered", "Waits for keys"
        MAIL_SENT = "mail_sent", "Mail sent"
        KEY_OPENED = "key_opened", "Key opened"
        EMAIL_CORRECTED = "email_corrected", "E-mail address corrected"
        LINK_RENEWED = "link_renewed", "New link made"
        HELD = "held", "Put on hold"
        RELEASED = "released", "Released"
        CANCELLED = "cancelled", "Cancelled"
        EXPIRED = "expired", "Time to pay ended"
        REFUND_REQUESTED = "refund_requested", "Refund requested"
        REFUNDED = "refunded", "Refunded"
        REFUND_FAILED = "refund_failed", "Refund failed"
        JOINED_ACCOUNT = "joined_account", "Joined an account"
        DISPUTED = "disputed", "Payment disputed"
        DISPUTE_WON = "dispute_won", "Dispute won"
        DISPUTE_LOST = "dispute_lost", "Dispute lost"
        PAYMENT_RECORDED = "payment_recorded", "Payment recorded by hand"
        REFUND_RECORDED = "refund_recorded", "Refund recorded by hand"
        VAT_CONFIRMED = "vat_confirmed", "VAT number confirmed"
        VAT_REFUSED = "vat_refused", "VAT number not confirmed"
        VAT_ASKED = "vat_asked", "VIES is asked again"
        COUPON_RETURNED = "coupon_returned", "Use of the coupon given back"
        COUPON_COUNTED = "coupon_counted", "Use of the coupon counted again"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    detail = models.CharField(
        max_length=120, blank=True, help_text="Names of products, providers, states; never a person."
    )

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.get_kind_display()
