"""What accounts store, column by column."""

from accounts.personal_data import branding as branding
from accounts.personal_data import cases as cases
from accounts.personal_data import people as people
