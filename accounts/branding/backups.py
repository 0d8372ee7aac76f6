"""A logo that was taken back doesn't come back with a backup: the journal of erasures names it, too."""

from accounts.branding.words import TEXT
from accounts.models import Logo, LogoManager, User
from privacy import alerts, consents, journal
from privacy.journal import Entry, JournalUnavailable

KIND = "logo"
LABEL = "accounts.Logo"


def remember(logo: Logo) -> None:
    """Writes the line, in the transaction that takes the locked logo away.

    Where no line can be written, the logo goes all the same, because its company wants it so; a person hears of it.
    """
    try:
        journal.write(KIND, rows={LABEL: [logo.pk]})
    except JournalUnavailable:
        alerts.raise_alert(
            "logo_not_in_journal",
            str(logo.pk),
            f"Logo {logo.pk} was taken back, and the journal of erasures couldn't be written. After a restore of an "
            "older backup, decline it by hand.",
        )


@journal.replayer(KIND)
def take_away_again(entry: Entry) -> int:
    """The logos of a line, which a restored backup brought back, with the consents that stood on them."""
    logos = [key for key in entry.rows.get(LABEL, []) if isinstance(key, int)]
    for manager in User.objects.filter(logo_manager__logo__in=logos):
        consents.end(manager, TEXT.key)
    count, _ = LogoManager.objects.filter(logo__in=logos).delete()
    return count
