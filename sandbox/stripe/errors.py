"""Errors in the shape of Stripe's interface: https://docs.stripe.com/api/errors."""

from typing import Any

from sandbox.server import Response, answer_json


class StripeError(Exception):
    """`saved` says whether the answer is kept for the idempotency key.

    Stripe keeps what an endpoint has acted on, not what it refused to read.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        saved: bool = False,
        **more: str,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.saved = saved
        self.error: dict[str, Any] = {"message": message, "type": kind, **more}
        if code:
            self.error |= {"code": code, "doc_url": f"https://docs.stripe.com/error-codes#{code.replace('_', '-')}"}
        if param:
            self.error["param"] = param

    def response(self) -> Response:
        return answer_json({"error": self.error}, self.status)


def missing_object(kind: str, identifier: str, param: str = "id") -> StripeError:
    return StripeError(f"No such {kind}: '{identifier}'", status=404, code="resource_missing", param=param)
