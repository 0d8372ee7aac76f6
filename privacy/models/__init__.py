"""What the ground floor stores."""

from privacy.models.alerts import Alert as Alert
from privacy.models.consents import Consent as Consent
from privacy.models.exports import Export as Export
from privacy.models.holds import LegalHold as LegalHold
from privacy.models.mails import OutgoingMail as OutgoingMail
from privacy.models.policy import PolicyVersion as PolicyVersion
from privacy.models.retention import RetentionPeriod as RetentionPeriod
