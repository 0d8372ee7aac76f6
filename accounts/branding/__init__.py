"""Branding pages: a company's logo, with its consent, for products that it named (P6f; docs/branding.md).

A customer hands a logo in and agrees for the company; a manager of the shop publishes it or declines; whoever manages
it may take the consent back, and then nothing of it is left. Colleagues who join by a link manage it as well.
"""

from accounts.branding.colleagues import NotJoinable, company_of_link, invite, join, leave, remove
from accounts.branding.consent import withdraw
from accounts.branding.deciding import Changed, decide, waiting
from accounts.branding.handing_in import NotHandedIn, hand_in, of, products_of
from accounts.branding.showing import Shown, picture, shown
from accounts.branding.words import TEXT

__all__ = [
    "TEXT",
    "Changed",
    "NotHandedIn",
    "NotJoinable",
    "Shown",
    "company_of_link",
    "decide",
    "hand_in",
    "invite",
    "join",
    "leave",
    "of",
    "picture",
    "products_of",
    "remove",
    "shown",
    "waiting",
    "withdraw",
]
