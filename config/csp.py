"""The Content-Security-Policy: strict in the shop, wider in the admin.

The admin's look (unfold) runs Alpine, which evaluates expressions and sets styles; previews of mails stand in a frame.
Nothing outside `/admin/` gets this.
"""

from collections.abc import Callable, Collection
from functools import cache

from csp.constants import HEADER, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

ADMIN_DIRECTIVES = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE], "frame-src": [SELF]}
PAYMENT_PAGES = ["https://checkout.stripe.com", "https://www.paypal.com", "https://www.sandbox.paypal.com"]
#: Answers that Django draws itself while DEBUG is on, with styles of its own.
SHOWN_BY_DJANGO = {404, 500}
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


def policy(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: gives every answer without one its policy; pages under `/admin/`, and only those, have the admin's.

    Stands for django-csp's own middleware, which composes the same header anew for each answer, and once more for
    reports. Nothing here has a nonce or reports. In development Django's own pages about errors have no policy.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        is_djangos = settings.DEBUG and response.status_code in SHOWN_BY_DJANGO
        if not is_djangos and HEADER not in response.headers:
            response.headers[HEADER] = _header(is_admin=request.path.startswith("/admin/"))
        return response

    return respond


@cache
def _header(*, is_admin: bool) -> str:
    return build_policy(replace=ADMIN_DIRECTIVES if is_admin else None)
