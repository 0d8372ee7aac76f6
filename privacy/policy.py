"""Which text of the privacy policy is in force. The text itself is `templates/shop/policy.html`.

Who changes the text gives it a new version and a new day here: a test compares the rendered text with its digest.
"""

from datetime import date

from django.conf import settings

VERSION = "1"
LAST_CHANGED = date(2026, 11, 22)


def facts() -> dict[str, object]:
    """The figures that the text names, from the settings that the code keeps to, so that the two can't differ."""
    return {"policy_version": VERSION, "policy_changed_on": LAST_CHANGED, "order_years": settings.ORDER_RETENTION_YEARS}
