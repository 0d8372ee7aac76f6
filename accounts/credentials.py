"""Ways into an account that were made before anybody had shown that its address is theirs.

Anybody can register with somebody else's address and choose a password: the account stays closed, as nobody confirms
the address. A code that is typed where the password was given confirms both. Whoever shows by other means that the
address is theirs need not be who chose that password, and mustn't share the account with a stranger who did.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import devices
from accounts.models import User


def drop_unproven(user: User, *, keep_password: bool = False, keep_session: str | None = None) -> bool:
    """Ends every way into an account whose address isn't confirmed: password, second factors, passkeys and sessions.

    To be called before the address counts as confirmed, so that no moment is left in which an old password opens the
    account. `keep_password` is for a password that whoever shows the address just set; `keep_session` is the key of
    their session. Does nothing where the address is confirmed already. Returns whether a password was dropped.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists():
            return False
        Authenticator.objects.filter(user=user).delete()
        devices.sign_out(user, keep=keep_session)
        if keep_password or not user.has_usable_password():
            return False
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return True
