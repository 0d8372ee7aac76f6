"""Licenses: given out when an order is paid, opened, suspended, revoked, and linked to accounts."""

from accounts.licenses.backorders import deliver_backorders
from accounts.licenses.guests import join_account
from accounts.licenses.issuing import delivered_late, issue
from accounts.licenses.opening import KeyNotUsable, keys_of, open_all, open_key, open_key_by_link, open_own_key
from accounts.licenses.suspensions import assign_again, lift, resize, revoke, suspend

__all__ = [
    "KeyNotUsable",
    "assign_again",
    "deliver_backorders",
    "delivered_late",
    "issue",
    "join_account",
    "keys_of",
    "lift",
    "open_all",
    "open_key",
    "open_key_by_link",
    "open_own_key",
    "resize",
    "revoke",
    "suspend",
]
