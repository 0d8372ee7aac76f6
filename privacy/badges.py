"""How a state is shown on the desk: by its word, its shape and its color, in this order."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

# Kinds of states, for shape and color; a state that isn't here is over.
TONES = {
    "good": "paid fulfilled captured succeeded sent assigned won made completed completed_with_retention published",
    "waits": "pending_payment ordered requires_action processing created requested submitted pending reserved "
    "received triaged identity_pending verified planned approved executing verifying notifying "
    "unproven waiting refunding",
    "stopped": "on_hold backordered suspended open",
    "bad": "failed revoked lost declined",
}
_TONE_OF = {state: tone for tone, states in TONES.items() for state in states.split()}


def badge(state: str, word: str) -> SafeString:
    """The word for a state, with the shape and color of its kind."""
    return format_html('<span class="state state-{}">{}</span>', _TONE_OF.get(state, "over"), word)
