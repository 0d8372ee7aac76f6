"""What the ground floor and Django's own tables store."""

from privacy.personal_data import deletion as deletion
from privacy.personal_data import ground as ground
from privacy.personal_data import mails as mails
