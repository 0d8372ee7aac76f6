"""What the ground floor stores."""

from privacy.models.alerts import Alert as Alert
from privacy.models.mails import OutgoingMail as OutgoingMail
