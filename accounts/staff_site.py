"""The admin site: who may enter, and its start page."""

from unfold.sites import UnfoldAdminSite


class StaffSite(UnfoldAdminSite):
    """The admin. Staff enter it with a second factor, unless DEBUG is on."""
