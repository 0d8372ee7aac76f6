"""The look of the admin: names, colors after the shop's own, and the menu, of which a role sees its part."""

from collections.abc import Callable

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def _may(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(permission)


def _list(title: str, icon: str, model: str) -> dict[str, object]:
    """A line of the menu: the list of a model, for those who may see it."""
    app, name = model.split(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{name}_changelist"),
        "permission": _may(f"{app}.view_{name}"),
    }


def _store_name(_request: HttpRequest) -> str:
    from django.conf import settings  # this module is read while the settings are made

    return settings.STORE_NAME


UNFOLD = {
    "SITE_TITLE": _store_name,
    "SITE_HEADER": _store_name,
    "SITE_SUBHEADER": "Desk",
    "SITE_SYMBOL": "key",
    "SITE_URL": "/",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": True,
    "BORDER_RADIUS": "6px",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("img/icon.svg")}],
    "SCRIPTS": [lambda _request: static("js/desk.js")],
    "STYLES": [lambda _request: static("css/admin.css")],
    "ACCOUNT": {
        "navigation": [
            {"title": "Password", "link": reverse_lazy("account_change_password")},
            {"title": "Second factor", "link": reverse_lazy("mfa_index")},
        ]
    },
    # Steps of one gray-green and one teal between the tokens' lightest and darkest.
    "COLORS": {
        "base": {
            "50": "#f5f7f4",
            "100": "#e9eeea",
            "200": "#d3dad6",
            "300": "#c3cfca",
            "400": "#a3b1ad",
            "500": "#64706c",
            "600": "#54605d",
            "700": "#3a4844",
            "800": "#2e3936",
            "900": "#171e1c",
            "950": "#0f1413",
        },
        "primary": {
            "50": "#edf7f5",
            "100": "#dff0ed",
            "200": "#abd1cb",
            "300": "#86ddd4",
            "400": "#5ccbc0",
            "500": "#5ccbc0",
            "600": "#0b6b64",
            "700": "#084f4a",
            "800": "#14332f",
            "900": "#0d2a27",
            "950": "#04201d",
        },
        # Of css/admin.css: what is well, what stopped, what is bad.
        "state": {
            "good": "#1f6b36",
            "good-dark": "#86d39c",
            "stopped": "#7d5200",
            "stopped-dark": "#e8bb5c",
            "bad": "#a8261c",
            "bad-dark": "#ff9c8f",
        },
        "font": {
            "subtle-light": "var(--color-base-600)",
            "subtle-dark": "var(--color-base-400)",
            "default-light": "var(--color-base-700)",
            "default-dark": "var(--color-base-300)",
            "important-light": "var(--color-base-950)",
            "important-dark": "var(--color-base-50)",
        },
    },
    "SIDEBAR": {
        "navigation": [
            {
                "title": "Desk",
                "items": [
                    {"title": "What needs me", "icon": "inbox", "link": reverse_lazy("admin:index")},
                    _list("Cases", "support_agent", "accounts.case"),
                    _list("Deletions", "person_remove", "privacy.deletionrequest"),
                    _list("Orders", "receipt_long", "shop.order"),
                    _list("Reviews and questions", "reviews", "shop.post"),
                    _list("Customers and staff", "group", "accounts.user"),
                    _list("Licenses", "workspace_premium", "accounts.license"),
                    _list("Company logos", "domain", "accounts.logo"),
                ],
            },
            {
                "title": "Catalog",
                "items": [
                    _list("Products", "deployed_code", "shop.product"),
                    _list("Editions and prices", "sell", "shop.edition"),
                    _list("Categories", "shelves", "shop.category"),
                    _list("Coupons", "confirmation_number", "shop.coupon"),
                    _list("Key pools", "key", "accounts.keypool"),
                    _list("Keys", "password", "accounts.licensekey"),
                    _list("Pages", "article", "shop.page"),
                    _list("Canned answers", "quickreply", "accounts.cannedanswer"),
                    _list("Tax schemes", "account_balance", "shop.taxscheme"),
                ],
            },
            {
                "title": "Payments",
                "items": [
                    _list("Attempts", "credit_card", "payments.attempt"),
                    _list("Refunds", "undo", "payments.refund"),
                    _list("Disputes", "gavel", "payments.dispute"),
                    _list("Fraud reviews", "policy_alert", "payments.fraudassessment"),
                    _list("Fraud rules", "rule", "payments.fraudrules"),
                    _list("Webhook events", "webhook", "payments.webhookevent"),
                ],
            },
            {
                "title": "Running the shop",
                "items": [
                    _list("Alerts", "notification_important", "privacy.alert"),
                    _list("Mails", "mail", "privacy.mailwording"),
                    _list("Outgoing mail", "outgoing_mail", "privacy.outgoingmail"),
                    _list("Privacy policy", "policy", "privacy.policyversion"),
                    _list("Exports", "folder_zip", "privacy.export"),
                    _list("Legal holds", "gavel", "privacy.legalhold"),
                    _list("Who looked", "visibility", "privacy.look"),
                    _list("Roles", "badge", "auth.group"),
                ],
            },
        ]
    },
}
