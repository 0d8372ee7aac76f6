"""The Content-Security-Policy: strict in the shop, wider in the admin.

The admin's look (unfold) runs Alpine, which evaluates expressions and sets styles. Nothing outside `/admin/` gets this.
"""

from collections.abc import Callable, Collection

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponseBase

ADMIN_DIRECTIVES = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}
PAYMENT_PAGES = ["https://checkout.stripe.com", "https://www.paypal.com", "https://www.sandbox.paypal.com"]
PROVIDERS_APIS = {"https://api.stripe.com", "https://api-m.paypal.com", "https://api-m.sandbox.paypal.com"}


def shop_policy(*, payment_apis: Collection[str], debug: bool) -> dict[str, list[str]]:
    """The directives of every page. A payment API that isn't the provider's own shows its payment pages itself."""
    stand_ins = [address for address in payment_apis if address not in PROVIDERS_APIS]
    return {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF] if debug else [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [SELF] if debug else [NONE],
        # Browsers apply form-action to the redirect that follows a form as well: the payment pages must be named.
        "form-action": [SELF, *PAYMENT_PAGES, *stand_ins],
    }


def admin_policy(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: replaces two directives on pages under `/admin/`, and only there."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_replace = ADMIN_DIRECTIVES  # type: ignore[attr-defined]  # how django-csp takes it
        return response

    return respond
