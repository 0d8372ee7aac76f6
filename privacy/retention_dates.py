"""When a period ends."""

from datetime import datetime


def years_after(moment: datetime, years: int) -> datetime:
    """The same moment `years` calendar years later, in UTC; 29 February counts as 1 March where there is none."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, month=3, day=1)
