"""When a decision is due: the urgency ladder over the opening hours (domain: "Urgency ladder of the desk")."""

from datetime import datetime, timedelta

from hours import Calendar, NeverOpens
from triage.values import Urgency

READ_WITHIN = timedelta(hours=1)  # working time
ACUTE_WITHIN = timedelta(minutes=30)  # wall clock, also after closing time
FIRST_HOUR = timedelta(hours=1)


def unread_due(calendar: Calendar, opened_at: datetime) -> datetime:
    """Read and rated within one working hour, and always before closing. Aware UTC, as are all results here.

    What a calendar without any opening would never make due is due at once: people must see it.
    """
    try:
        hour_later = calendar.add_working_time(opened_at, READ_WITHIN)
    except NeverOpens:
        return opened_at
    closing = calendar.closes_at(opened_at)
    return min(hour_later, closing) if closing else hour_later


def due(calendar: Calendar, urgency: Urgency, rated_at: datetime, opened_at: datetime) -> datetime:
    """When the decision on a ticket of this urgency is due.

    Acute runs on the wall clock from the rating. Today: before closing, or in the first hour of the next opening.
    One and three working days count from the opening of the ticket. Without any opening to come it is due at once.
    """
    if urgency is Urgency.ACUTE:
        return rated_at + ACUTE_WITHIN
    try:
        return _due_by_calendar(calendar, urgency, rated_at, opened_at)
    except NeverOpens:
        return rated_at


def _due_by_calendar(calendar: Calendar, urgency: Urgency, rated_at: datetime, opened_at: datetime) -> datetime:
    if urgency is Urgency.TODAY:
        return calendar.closes_at(rated_at) or calendar.next_opening(rated_at) + FIRST_HOUR
    return calendar.add_working_days(opened_at, 1 if urgency is Urgency.ONE_DAY else 3)


def rank(urgency: Urgency | None) -> int:
    """The queue's first order: acute, then unread, then everything that was rated."""
    if urgency is Urgency.ACUTE:
        return 0
    return 1 if urgency is None else 2
