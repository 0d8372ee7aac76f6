"""The addresses of an account: one of them, at most, is offered first."""

from django.db import transaction

from accounts.models import Address, User

MOST = 20


class TooMany(Exception):
    """The account has as many addresses as it may have. The text is for its owner."""


def save(address: Address, *, user: User) -> Address:
    """Stores an address of `user`; the first one becomes the default, and a new default ends the old one.

    Raises TooMany for the twenty-first.
    """
    with transaction.atomic():
        # The person's row is the lock: two saves at once can't both make a default or the twenty-first.
        User.objects.select_for_update().get(pk=user.pk)
        others = user.addresses.exclude(pk=address.pk)
        if others.count() >= MOST:
            raise TooMany(f"You have {MOST} addresses already. Delete one you no longer need.")
        address.user = user
        if address.is_default:
            others.update(is_default=False)
        elif not others.filter(is_default=True).exists():
            address.is_default = True
        address.save()
    return address


def delete(address: Address) -> None:
    """Deletes an address; where it was the default, the oldest other one takes its place."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=address.user_id)
        was_default, user_id = address.is_default, address.user_id
        address.delete()
        if was_default and (heir := Address.objects.filter(user_id=user_id).order_by("pk").first()):
            heir.is_default = True
            heir.save(update_fields=["is_default"])
