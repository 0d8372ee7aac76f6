"""What staff type on the ground floor's own pages."""

from privacy.forms.holds import HoldForm
from privacy.forms.searches import ReasonField, SearchForm

__all__ = ["HoldForm", "ReasonField", "SearchForm"]
