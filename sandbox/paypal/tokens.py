"""Access tokens: https://developer.paypal.com/api/rest/authentication/."""

import base64
import binascii
import hmac
import secrets
from urllib.parse import parse_qs

from sandbox.paypal.errors import PayPalError
from sandbox.paypal.identifiers import new
from sandbox.provider import Provider
from sandbox.server import Request, Response, answer_json

LIFE = 9 * 60 * 60
SCOPE = "https://uri.paypal.com/services/payments/payment https://uri.paypal.com/services/reporting/search/read"


def _credentials(request: Request) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        identifier, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return identifier, secret


def grant(sandbox: Provider, request: Request, client_id: str, client_secret: str) -> Response:
    """A token for the client's credentials, valid for nine hours."""
    given_id, given_secret = _credentials(request)
    known = hmac.compare_digest(given_id.encode(), client_id.encode())
    if not (known and hmac.compare_digest(given_secret.encode(), client_secret.encode())):
        error = {"error": "invalid_client", "error_description": "Client Authentication failed"}
        return answer_json(error, 401)
    if parse_qs(request.body.decode("utf-8", "replace")).get("grant_type") != ["client_credentials"]:
        error = {"error": "unsupported_grant_type", "error_description": "Grant Type is not supported"}
        return answer_json(error, 400)
    token = f"A21AA{secrets.token_urlsafe(48)}"
    sandbox.objects.add("token", {"id": token, "expires": sandbox.clock.now() + LIFE})
    return answer_json(
        {
            "scope": SCOPE,
            "access_token": token,
            "token_type": "Bearer",  # nosec B105: no secret
            "app_id": f"APP-{new()}",
            "expires_in": LIFE,
            "nonce": secrets.token_hex(16),
        }
    )


def check(sandbox: Provider, request: Request) -> None:
    """Raises PayPalError 401 without a valid token."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = sandbox.objects.find("token", token) if scheme.lower() == "bearer" else None
    if found is None or found["expires"] <= sandbox.clock.now():
        raise PayPalError(status=401)


def expire_all(sandbox: Provider) -> int:
    """Every token given so far is refused from now on; answers how many there were."""
    tokens = sandbox.objects.of("token")
    for token in tokens:
        sandbox.objects.remove(token["id"])
    return len(tokens)
