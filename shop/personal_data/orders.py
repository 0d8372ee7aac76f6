"""Orders, receipts, carts and the catalog, column by column."""

from privacy import holds, inventory
from privacy.inventory import (
    Category,
    Days,
    Erasure,
    NotPersonal,
    Personal,
    PersonalData,
    Source,
    Subject,
    Unless,
    UntilErased,
    With,
    Years,
)
from privacy.purposes import (
    BILLING,
    CART,
    CUSTOMER_AND_STAFF,
    CUSTOMER_ONLY,
    FRAUD_PREVENTION,
    FULFILMENT,
    MANAGERS,
    TAX_RECORDS,
    staff_link,
)
from shop.models import (
    AccountingDocument,
    CartLine,
    DocumentLine,
    DocumentSeries,
    Edition,
    Order,
    OrderEvent,
    OrderHold,
    OrderLine,
    OrderParty,
    OrderUnit,
    Page,
    PageVersion,
    PartyRemoval,
    Price,
    Product,
    ProductChange,
    TaxScheme,
    VatCheck,
)
from shop.models import (
    Category as ShopCategory,
)

#: The period of an order: the party goes, and everything that leads from the order to a person with it.
ORDER = Years(
    "ORDER_RETENTION_YEARS",
    since="order__placed_at",
    at="expires_at",
    unless=Unless("an order that was never paid", Days("UNPAID_RETENTION_DAYS", since="order__ended_at")),
)
WITH_PARTY = With("shop.OrderParty", via="order")


def _of_order(
    category: Category,
    *,
    purpose: inventory.Purpose = TAX_RECORDS,
    erasure: Erasure = Erasure.RESTRICT,
    source: Source = Source.CHECKOUT,
    keep: inventory.Keep = ORDER,
) -> Personal:
    """A column of the party: kept for the order's period and restricted on request, unless it says otherwise."""
    return Personal(
        category=category,
        purpose=purpose,
        source=source,
        readers=CUSTOMER_AND_STAFF,
        keep=keep,
        erasure=erasure,
        export=True,
        scrub=None,
    )


ADDRESS = Days(
    "ADDRESS_RETENTION_DAYS",
    since="order__paid_at",
    at="address_expires_at",
    unless=Unless(
        "a company's order, whose receipt needs it", Years("ORDER_RETENTION_YEARS", since="order__placed_at")
    ),
)


def _address() -> Personal:
    return _of_order(Category.ADDRESS, purpose=BILLING, keep=ADDRESS, erasure=Erasure.CLEAR)


@inventory.register(OrderParty)
class OrderPartyData(PersonalData):
    about = "your order"
    subject = Subject(email="email", user="user")
    row = ORDER
    restricted = "restricted_at"
    under = "order"
    email = _of_order(Category.EMAIL)
    name = _of_order(Category.NAME)
    company = _of_order(Category.COMPANY)
    vat_number = _of_order(Category.TAX_NUMBER)
    user = _of_order(Category.PURCHASE, purpose=FULFILMENT, erasure=Erasure.UNLINK, source=Source.SHOP)
    delivery_email = _of_order(Category.EMAIL, purpose=FULFILMENT, erasure=Erasure.CLEAR)
    purchase_order = _of_order(Category.COMPANY, purpose=BILLING)
    street = _address()
    postal_code = _address()
    city = _address()
    region = _address()
    browser_family = _of_order(
        Category.DEVICE,
        purpose=FRAUD_PREVENTION,
        source=Source.BROWSER,
        keep=Days("BROWSER_RETENTION_DAYS", since="order__placed_at", at="browser_expires_at"),
        erasure=Erasure.CLEAR,
    )
    keys = NotPersonal("keys", "id order")
    checkout_token = NotPersonal("of the form: one form, one order")
    link_nonce = NotPersonal("of the order's link; without the shop's secret it opens nothing")
    dates = NotPersonal("when the periods end", "expires_at address_expires_at browser_expires_at")
    restricted_at = NotPersonal("since when the row is kept for the law alone")


holds.register(holds.Kind(OrderParty, "order", lambda number: OrderParty.objects.filter(order__number__iexact=number)))


@inventory.register(Order)
class OrderData(PersonalData):
    facts = NotPersonal(
        "facts of a sale that name nobody",
        "id number state currency country is_business net tax total discount payment_method delivery "
        "consent_version consent_at terms policy_version placed_at paid_at expires_at ended_at captured_at "
        "email_corrected_at",
    )
    evidence = NotPersonal("which kind of evidence said which country: codes only")
    link_hash = NotPersonal("hash of the order's link: whoever kept the link finds the order, nobody else")


@inventory.register(PartyRemoval)
class PartyRemovalData(PersonalData):
    facts = NotPersonal("when the person left an order", "order removed_at")


@inventory.register(OrderLine)
class OrderLineData(PersonalData):
    facts = NotPersonal(
        "what was sold, its price and its tax",
        "id order edition sku product_name edition_name mark sold_per seats devices term_months quantity unit_price "
        "net tax total discount discount_net tax_rate tax_rule tax_country tax_territory tax_article",
    )


@inventory.register(VatCheck)
class VatCheckData(PersonalData):
    about = "your order"
    subject = Subject(email="order__party__email", user="order__party__user")
    row = WITH_PARTY
    consultation = Personal(
        category=Category.TAX_NUMBER,
        purpose=TAX_RECORDS,
        source=Source.REGISTER,
        readers=CUSTOMER_AND_STAFF,
        keep=WITH_PARTY,
        erasure=Erasure.RESTRICT,
        export=True,
        scrub=None,
    )
    facts = NotPersonal(
        "whether a number is valid, when that was asked, and whether tax goes back; never the number",
        "id order state answered_at asked_at tries next_try_at problem returns_tax tax_returned_at",
    )


@inventory.register(AccountingDocument)
class AccountingDocumentData(PersonalData):
    facts = NotPersonal(
        "the accounting fact, which names nobody; whom it is for is read from the order's party, while there is one",
        "id order kind series year number about corrects issued_at supplied_on is_invoice currency net tax total",
    )


@inventory.register(DocumentLine)
class DocumentLineData(PersonalData):
    facts = NotPersonal(
        "what was sold or given back, with its tax",
        "id document order_line words quantity tax_country tax_rate tax_rule tax_article net tax total",
    )


@inventory.register(DocumentSeries)
class DocumentSeriesData(PersonalData):
    facts = NotPersonal("the last number of a series", "id series year last")


@inventory.register(OrderUnit)
class OrderUnitData(PersonalData):
    facts = NotPersonal("what gets a key", "id line position seats state")


@inventory.register(OrderHold)
class OrderHoldData(PersonalData):
    about = "your order"
    subject = Subject(email="order__party__email", user="order__party__user")
    placed_by = staff_link(WITH_PARTY)
    released_by = staff_link(WITH_PARTY)
    reason = Personal(
        category=Category.FREE_TEXT,
        purpose=FRAUD_PREVENTION,
        source=Source.STAFF,
        readers=MANAGERS,
        keep=WITH_PARTY,
        erasure=Erasure.CLEAR,
        export=True,
        scrub=inventory.scrub_text,
    )
    facts = NotPersonal("which order, and when", "id order placed_at released_at")


@inventory.register(OrderEvent)
class OrderEventData(PersonalData):
    about = "your order"
    subject = Subject(user="by")
    row = WITH_PARTY  # moments at which a person did something, to be compared with those of an account
    by = staff_link(WITH_PARTY)
    facts = NotPersonal("what happened, by kind; details name products and states only", "id order kind at detail")


@inventory.register(CartLine)
class CartLineData(PersonalData):
    about = "your cart"
    subject = Subject(user="user")
    user = Personal(
        category=Category.PREFERENCE,
        purpose=CART,
        source=Source.ACCOUNT,
        readers=CUSTOMER_ONLY,
        keep=UntilErased("the cart is emptied or the account closed"),
        erasure=Erasure.DELETE_ROW,
        export=True,
        scrub=None,
    )
    facts = NotPersonal("what is in the cart", "id edition quantity price_seen currency")


@inventory.register(ShopCategory)
class CategoryData(PersonalData):
    facts = NotPersonal("the catalog", "id slug name code intro position gathers_edition gathers_all")


@inventory.register(Product)
class ProductData(PersonalData):
    facts = NotPersonal(
        "the catalog",
        "id slug name tagline category mark description facts requirements drawing is_published position updated_at "
        "search",
    )


@inventory.register(ProductChange)
class ProductChangeData(PersonalData):
    facts = NotPersonal("the catalog", "id product version released_on text")


@inventory.register(Edition)
class EditionData(PersonalData):
    facts = NotPersonal(
        "the catalog",
        "id product sku name summary sold_per seats quantity_min devices term_months key_source low_pool_at features "
        "is_offered position",
    )


@inventory.register(Price)
class PriceData(PersonalData):
    facts = NotPersonal("the catalog", "id edition currency amount")


@inventory.register(TaxScheme)
class TaxSchemeData(PersonalData):
    facts = NotPersonal(
        "how the shop itself is taxed",
        "id country scheme registration charges_uk uk_registration prices valid_from valid_until",
    )


@inventory.register(Page)
class PageData(PersonalData):
    facts = NotPersonal("the shop's own texts", "id slug title")


@inventory.register(PageVersion)
class PageVersionData(PersonalData):
    facts = NotPersonal("the shop's own texts", "id page number body published_at")


#: What happens at the dates that periods count from, for the policy.
inventory.name_moments(
    {
        "shop.Order.placed_at": "the order was placed",
        "shop.Order.paid_at": "the order was paid",
        "shop.Order.ended_at": "it expired, was cancelled or was put on hold",
    }
)
