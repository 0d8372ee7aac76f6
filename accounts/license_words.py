"""Sentences about licenses and keys that pages and mails say alike."""

from accounts.models import License, LicenseKey
from privacy import clock
from shop import words


def terms(granted: License) -> str:
    """Edition, size and end of a license: `Team, 5 seats, until 22 November 2027`."""
    size = words.seats(granted.seats) if granted.seats > 1 else "1 license"
    return f"{granted.edition_name}, {size}, {end(granted)}"


def end(granted: License) -> str:
    """Until when a license may be used."""
    if granted.ends_at is None:
        return "no end"
    day = words.day(granted.ends_at.date())
    return f"until {day}" if granted.ends_at > clock.now() else f"ended {day}"


def keys(number: int) -> str:
    """A number of keys."""
    return "1 key" if number == 1 else f"{number:,} keys"


def note(key: LicenseKey) -> str:
    """What the customer should know beside a key."""
    match key.state:
        case LicenseKey.State.REVOKED:
            return "This key was given back. It no longer works."
        case LicenseKey.State.SUSPENDED:
            return "This key is paused while a refund or a dispute is open."
    if key.opened_at is None:
        # Without its order, the days in which a key could be returned are long over.
        return "Opening ends your right to return it." if key.unit_id else "Nobody has seen this key yet."
    day = words.day(key.opened_at.date())
    # Such a key keeps days alone (accounts/migrations/0005).
    opened = f"Opened {day}." if key.unit_id is None else f"Opened {day}, {key.opened_at:%H:%M} UTC."
    return f"{opened} Letters I and O and digits 0 and 1 are never used." if key.is_generated else opened


def state(granted: License, key: LicenseKey | None) -> tuple[str, str]:
    """The badge of a license: its drawing and its word."""
    if key is None or key.state == LicenseKey.State.REVOKED:
        return "revoked", "Revoked"
    if key.state == LicenseKey.State.SUSPENDED:
        return "waiting", "Paused"
    if granted.ends_at is not None and granted.ends_at <= clock.now():
        return "revoked", "Ended"
    return ("sealed", "Sealed") if key.opened_at is None else ("active", "Active")
