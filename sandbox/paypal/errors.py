"""Errors in the shape of PayPal's interface. Names, messages and descriptions are those of its OpenAPI files."""

import secrets
from typing import Any

from sandbox.server import Response, answer_json

NAMES = {
    400: ("INVALID_REQUEST", "Request is not well-formed, syntactically incorrect, or violates schema."),
    401: (
        "AUTHENTICATION_FAILURE",
        "Authentication failed due to missing authorization header, or invalid authentication credentials.",
    ),
    403: ("NOT_AUTHORIZED", "Authorization failed due to insufficient permissions."),
    404: ("RESOURCE_NOT_FOUND", "The specified resource does not exist."),
    409: ("RESOURCE_CONFLICT", "The server has detected a conflict while processing this request."),
    422: (
        "UNPROCESSABLE_ENTITY",
        "The requested action could not be performed, semantically incorrect, or failed business validation.",
    ),
    429: ("RATE_LIMIT_REACHED", "Too many requests. Blocked due to rate limiting."),
    500: ("INTERNAL_SERVER_ERROR", "An internal server error occurred."),
}
# Status and description by issue.
ISSUES = {
    "INVALID_ARRAY_MAX_ITEMS": (400, "The number of items in an array parameter is too large."),
    "INVALID_ARRAY_MIN_ITEMS": (400, "The number of items in an array parameter is too small."),
    "INVALID_PARAMETER_SYNTAX": (400, "The value of a field does not conform to the expected format."),
    "INVALID_PARAMETER_VALUE": (400, "A parameter value is not valid."),
    "INVALID_STRING_LENGTH": (400, "The value of a field is either too short or too long"),
    "MALFORMED_REQUEST_JSON": (400, "The request JSON is not well formed."),
    "MISSING_REQUIRED_PARAMETER": (400, "A required parameter is missing."),
    "NOT_SUPPORTED": (400, "This field is not currently supported."),
    "PAYPAL_REQUEST_ID_REQUIRED": (
        400,
        (
            "A PayPal-Request-Id is required if you are trying to process payment for an Order. "
            "Please specify a PayPal-Request-Id or Create the Order without a 'payment_source' specified."
        ),
    ),
    "PERMISSION_DENIED": (403, "You do not have permission to access or perform operations on this resource."),
    "INVALID_RESOURCE_ID": (
        404,
        "Specified resource ID does not exist. Please check the resource ID and try again.",
    ),
    "PREVIOUS_REQUEST_IN_PROGRESS": (
        409,
        (
            "A previous request on this resource is currently in progress. Please wait for sometime and try again. "
            "It is best to space out the initial and the subsequent request(s) to avoid receiving this error."
        ),
    ),
    "AMOUNT_MISMATCH": (
        422,
        "Should equal item_total + tax_total + shipping + handling + insurance - shipping_discount - discount.",
    ),
    "CANNOT_BE_NEGATIVE": (
        422,
        (
            "Must be greater than or equal to 0. "
            "If the currency supports decimals, only two decimal place precision is supported."
        ),
    ),
    "CANNOT_BE_ZERO_OR_NEGATIVE": (
        422,
        "Must be greater than zero. If the currency supports decimals, only two decimal place precision is supported.",
    ),
    "CAPTURE_FULLY_REFUNDED": (422, "The capture has already been fully refunded"),
    "DECIMAL_PRECISION": (422, "If the currency supports decimals, only two decimal place precision is supported."),
    "INSTRUMENT_DECLINED": (
        422,
        "The instrument presented  was either declined by the processor or bank, or it can't be used for this payment.",
    ),
    "INVALID_CURRENCY_CODE": (
        422,
        (
            "Currency code is invalid or is not currently supported. Please refer "
            "https://developer.paypal.com/api/rest/reference/currency-codes/ for list of supported currency codes."
        ),
    ),
    "ITEM_TOTAL_MISMATCH": (
        422,
        "Should equal sum of (unit_amount * quantity) across all items for a given purchase_unit.",
    ),
    "ITEM_TOTAL_REQUIRED": (
        422,
        (
            "If item details are specified (items.unit_amount and items.quantity) corresponding "
            "amount.breakdown.item_total is required."
        ),
    ),
    "MULTI_CURRENCY_ORDER": (
        422,
        (
            "Multiple differing values of currency_code are not supported. "
            "Entire Order request must have the same currency_code."
        ),
    ),
    "ORDER_ALREADY_CAPTURED": (
        422,
        "Order already captured.If 'intent=CAPTURE' only one capture per order is allowed.",
    ),
    "ORDER_NOT_APPROVED": (
        422,
        (
            "Payer has not yet approved the Order for payment. Please redirect the payer to the 'rel':'approve' url "
            "returned as part of the HATEOAS links within the Create Order call or provide a valid `payment_source` "
            "in the request."
        ),
    ),
    "PENDING_CAPTURE": (
        422,
        (
            "Cannot initiate a refund as the capture is pending. "
            "Capture is typically pending when the payer has funded the transaction using e-check/bank funded."
        ),
    ),
    "REFUND_AMOUNT_EXCEEDED": (
        422,
        "The refund amount must be less than or equal to the capture amount that has not yet been refunded.",
    ),
    "REFUND_CAPTURE_CURRENCY_MISMATCH": (422, "Refund must be in the same currency as the capture"),
    "REFUND_NOT_ALLOWED": (422, "Capture cannot be refunded."),
    "TAX_TOTAL_MISMATCH": (422, "Should equal sum of (tax * quantity) across all items for a given purchase_unit."),
    "TAX_TOTAL_REQUIRED": (
        422,
        (
            "If item details are specified (items.tax_total and items.quantity) corresponding "
            "amount.breakdown.tax_total is required."
        ),
    ),
    "TRANSACTION_DISPUTED": (
        422,
        (
            "Partial refunds cannot be offered at this time because there is an open case on this transaction. "
            "Visit the PayPal Resolution Center to review this case."
        ),
    ),
}


class PayPalError(Exception):
    """An error by one of the issues above, or, without an issue, by its status alone."""

    def __init__(
        self,
        issue: str | None = None,
        *,
        field: str | None = None,
        value: str | None = None,
        status: int = 400,
        links: list[dict[str, str]] | None = None,
    ) -> None:
        super().__init__(issue or NAMES[status][0])
        self.issue = issue
        self.status = ISSUES[issue][0] if issue else status
        self.links = links or []
        detail = {"field": field, "value": value, "location": "body" if field else None, "issue": issue}
        if issue:
            detail["description"] = ISSUES[issue][1]
        self.detail = {name: text for name, text in detail.items() if text is not None}

    def response(self) -> Response:
        name, message = NAMES[self.status]
        debug_id = secrets.token_hex(7)[:13]
        document: dict[str, Any] = {"name": name, "message": message, "debug_id": debug_id, "links": self.links}
        if self.detail:
            document["details"] = [self.detail]
        return answer_json(document, self.status, {"Paypal-Debug-Id": debug_id})
