"""Which text of the privacy policy is in force. The text itself is `templates/shop/policy.html`.

Who changes the text gives it a new version and a new day here: a test compares the rendered text with its digest.
"""

from datetime import date

VERSION = "1"
LAST_CHANGED = date(2026, 11, 22)
