"""Where an account is signed in: a browser family, a country and a day for each session, and no more (P3)."""

from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from accounts import unused
from accounts.models import Device
from privacy import clock
from shop import location

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.http import HttpRequest

SEEN = "device_seen"


def remember(request: "HttpRequest") -> None:
    """Notes a session's device, and that its account is in use: once a day, by a note in the session itself."""
    key, day = request.session.session_key, clock.today()
    note = f"{key} {day}"
    if key is None or request.session.get(SEEN) == note or not request.user.is_authenticated:
        return
    device = Device(
        user_id=request.user.pk,
        session_id=key,
        browser_family=location.browser_family(request),
        country=location.country_of(request) or "",
        last_seen_on=day,
    )
    columns = ["user", "browser_family", "country", "last_seen_on"]
    try:
        with transaction.atomic():
            Device.objects.bulk_create(
                [device], update_conflicts=True, unique_fields=["session"], update_fields=columns
            )
    except IntegrityError:
        return  # the session ended in another request meanwhile
    unused.used(request.user.pk)
    request.session[SEEN] = note


def sign_out(user: "AbstractBaseUser", *, keep: str | None = None) -> int:
    """Ends the sessions of an account, all but the one with the key `keep`; returns how many."""
    others = Device.objects.filter(user_id=user.pk).exclude(session_id=keep or "")
    keys = list(others.values_list("session_id", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)
