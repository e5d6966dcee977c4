"""Until when something is promised for the same day, so that two people can keep it (domain: "Texts", rules). Pure."""

from datetime import datetime, time, timedelta

from hours import at_local, local

SAME_DAY_UNTIL = time(15, 30)  # local
BEFORE_CLOSING = timedelta(minutes=90)
"""On a day with an earlier closing time, the last promise for that day is made this long before it."""


def latest_for_today(closing: datetime) -> datetime:
    """The last moment, UTC, at which something is promised for the day that ends at `closing`."""
    return min(at_local(local(closing).date(), SAME_DAY_UNTIL), closing - BEFORE_CLOSING)
