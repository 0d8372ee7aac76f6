"""What the ground floor stores."""

from privacy.models.alerts import Alert as Alert
from privacy.models.consents import Consent as Consent
from privacy.models.deletion_plans import DeletionPlan as DeletionPlan
from privacy.models.deletion_plans import DeletionStep as DeletionStep
from privacy.models.deletion_requests import DeletionRequest as DeletionRequest
from privacy.models.deletion_requests import RequestAddress as RequestAddress
from privacy.models.deletion_requests import RequestEvent as RequestEvent
from privacy.models.deletion_requests import RequestSubject as RequestSubject
from privacy.models.exports import Export as Export
from privacy.models.holds import LegalHold as LegalHold
from privacy.models.journal import JournalPosition as JournalPosition
from privacy.models.looks import Look as Look
from privacy.models.mails import MailRecipient as MailRecipient
from privacy.models.mails import MailWording as MailWording
from privacy.models.mails import OutgoingMail as OutgoingMail
from privacy.models.notices import SealedAddress as SealedAddress
from privacy.models.policy import PolicyVersion as PolicyVersion
from privacy.models.proofs import ProofToken as ProofToken
from privacy.models.received_mails import ReceivedMail as ReceivedMail
from privacy.models.remainders import Remainder as Remainder
from privacy.models.retention import RetentionPeriod as RetentionPeriod
