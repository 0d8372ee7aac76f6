"""Webhook events: https://developer.paypal.com/api/rest/webhooks/event-names/."""

from sandbox.clock import iso
from sandbox.objects import Document, shown
from sandbox.paypal.identifiers import event_id
from sandbox.provider import Provider

SUMMARIES = {
    "checkout-order": "An order has been approved by buyer",
    "capture": "A payment capture has changed",
    "refund": "A refund has changed",
    "dispute": "A dispute has changed",
}


def emit(sandbox: Provider, kind: str, resource_type: str, resource: Document) -> None:
    identifier = event_id()
    sandbox.webhooks.emit(
        {
            "id": identifier,
            "event_version": "1.0",
            "create_time": iso(sandbox.clock.now()),
            "resource_type": resource_type,
            "resource_version": "2.0",
            "event_type": kind,
            "summary": SUMMARIES[resource_type],
            "resource": shown(resource),
            "links": [
                {
                    "href": f"{sandbox.base_url}/v1/notifications/webhooks-events/{identifier}",
                    "rel": "self",
                    "method": "GET",
                }
            ],
        }
    )
