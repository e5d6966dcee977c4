"""When somebody who was not reached is tried again: within opening hours, whatever the clock says; pure."""

from datetime import datetime, timedelta

from hours import Calendar


def next_try(calendar: Calendar, now: datetime, pause: timedelta) -> datetime:
    """The first moment, UTC, at which the desk has been open for `pause` since now and still is.

    Raises `NeverOpens`.
    """
    at = calendar.add_working_time(now, pause)
    return at if calendar.is_open(at) else calendar.next_opening(at)
