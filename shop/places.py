"""Where the shop keeps or sends something of a person outside of its tables."""

from django.conf import settings

from privacy.inventory import Category
from privacy.places import BrowserStorage, CachePrefix, Cookie, MailKind, Recipient, declare
from privacy.purposes import (
    ACCOUNT,
    BILLING,
    CART,
    CONSENT_PROOF,
    FULFILMENT,
    INVITATION,
    OPERATION,
    POSTS,
    RECENTLY_VIEWED,
    STAFF_WORK,
)
from shop import cookies

#: Why each cookie of `shop.cookies` may be set. One without a purpose stops the start.
_PURPOSES = {
    cookies.CART.name: CART,
    cookies.COUPON.name: CART,
    cookies.CONSENT.name: CONSENT_PROOF,
    cookies.PLACE.name: BILLING,
    cookies.VIEWED.name: RECENTLY_VIEWED,
    settings.SESSION_COOKIE_NAME: ACCOUNT,
    settings.CSRF_COOKIE_NAME: OPERATION,
    "messages": OPERATION,
}
declare(
    *(
        Cookie(
            name=cookie.name,
            words=cookie.purpose,
            purpose=_PURPOSES[cookie.name],
            lasts=cookie.lasts,
            needs_yes=cookie.needs_yes,
        )
        for cookie in cookies.declared()
    )
)

#: What scripts keep: htmx on every page, unfold at the desk.
declare(
    BrowserStorage(
        name="htmx-current-path-for-history",
        words="Keeps the address of the page you see, within your browser.",
        purpose=OPERATION,
        lasts="until you close the tab",
        for_staff=False,
    ),
    BrowserStorage(
        name="adminTheme",
        words="Keeps whether the desk is shown light or dark.",
        purpose=STAFF_WORK,
        lasts="until it is changed",
        for_staff=True,
    ),
    BrowserStorage(
        name="sidebarDesktopOpen",
        words="Keeps whether the menu of the desk is open.",
        purpose=STAFF_WORK,
        lasts="until it is changed",
        for_staff=True,
    ),
    BrowserStorage(
        name="commandHistory",
        words="Keeps what was searched for at the desk.",
        purpose=STAFF_WORK,
        lasts="until it is cleared",
        for_staff=True,
    ),
)

declare(
    CachePrefix(name="stock-word:", words="what the shop says about the stock of an edition", lasts=None),
)

_TO_THE_BUYER = frozenset({Category.EMAIL, Category.NAME, Category.PURCHASE})
declare(
    MailKind(
        name="order_cancelled",
        template="mails/order_cancelled",
        words="tells the buyer that an order was cancelled",
        purpose=FULFILMENT,
        carries=_TO_THE_BUYER,
    ),
    MailKind(
        name="order_cancelled_paid",
        template="mails/order_cancelled",
        words="tells the buyer that a paid order was cancelled and that the money goes back",
        purpose=FULFILMENT,
        carries=_TO_THE_BUYER,
    ),
    MailKind(
        name="vat_number_invalid",
        template="mails/vat_number_invalid",
        words="tells a company that its VAT number was not confirmed, so that the tax stays",
        purpose=BILLING,
        carries=_TO_THE_BUYER | {Category.TAX_NUMBER},
    ),
    MailKind(
        name="order_links",
        template="mails/order_links",
        words="sends the links of an address's orders again",
        purpose=FULFILMENT,
        carries=frozenset({Category.EMAIL, Category.PURCHASE}),
    ),
    MailKind(
        name="review_invitation",
        template="mails/review_invitation",
        words="asks the buyer once how what was delivered works",
        purpose=INVITATION,
        carries=_TO_THE_BUYER,
    ),
    MailKind(
        name="post_refused",
        template="mails/post_refused",
        words="tells an author why a review or comment isn’t shown",
        purpose=POSTS,
        carries=frozenset({Category.EMAIL, Category.NAME}),
    ),
    MailKind(
        name="post_answered",
        template="mails/post_answered",
        words="sends an author our answer to a review or question",
        purpose=POSTS,
        carries=frozenset({Category.EMAIL, Category.NAME, Category.FREE_TEXT}),
    ),
)

declare(
    Recipient(
        name="European Commission, VIES",
        title="VIES",
        role="public authority",
        words="says whether a company's VAT number exists",
        passed="the VAT number of a company that buys from another member state",
        purpose=BILLING,
        country="Belgium",
        transfer="",
        policy_url="https://ec.europa.eu/taxation_customs/vies/#/privacy-statement",
        is_used=True,
    ),
)
