"""What goes with a copy of the data: why, how long, who sees it, and which rights there are (GDPR Art. 15(1), (2))."""

from typing import Any

from django.conf import settings

from privacy import places
from privacy.exports.presenters import Presenter
from privacy.inventory import Personal, Reader

RIGHTS = (
    "Have what is wrong put right (Art. 16).",
    "Have it deleted where it is no longer needed (Art. 17), or its use restricted (Art. 18).",
    "Take it with you: data.json is this same data for machines (Art. 20).",
    "Object to a use that rests on our legitimate interest (Art. 21).",
    "Take back a consent, for the time to come (Art. 7(3)).",
    "Complain to a data protection authority, such as the one where you live (Art. 77).",
)
DECISIONS = "No decision about you is made by machines alone. Where an order is held for a check, a person decides."


def of(presenters: list[Presenter]) -> dict[str, Any]:
    """The information as plain values, in the order in which a person reads it."""
    columns = [column for presenter in presenters for _, column in presenter.columns()]
    return {
        "controller": {
            "name": settings.STORE_NAME,
            "site": settings.SITE_URL,
            "email": settings.SUPPORT_EMAIL,
        },
        "purposes": [
            {"purpose": purpose.name, "words": purpose.words, "legal_basis": str(purpose.basis)}
            for purpose in dict.fromkeys(column.purpose for column in columns)
        ],
        "categories": sorted({str(column.category) for column in columns}),
        "sources": sorted({str(column.source) for column in columns}),
        "seen_by": _readers(columns),
        "passed_to": [
            {
                "name": recipient.name,
                "country": recipient.country,
                "role": recipient.role,
                "passed": recipient.passed,
                "purpose": recipient.purpose.words,
                "outside_the_eea": recipient.transfer,
                "policy": recipient.policy_url,
            }
            for recipient in places.all_of(places.Recipient)
            if recipient.is_used
        ],
        "automated_decisions": DECISIONS,
        "rights": list(RIGHTS),
    }


def _readers(columns: list[Personal]) -> list[str]:
    """Who sees any of it, in the order in which the inventory names them."""
    seen = {reader for column in columns for reader in column.readers}
    return [str(reader) for reader in Reader if reader in seen]
