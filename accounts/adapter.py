"""How allauth behaves in this shop."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Registration, sign-in and their mails."""
