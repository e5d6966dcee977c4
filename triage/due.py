"""The time people steer by: when something is due, what is left of it in words, and the share that is used. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.dates import time_left, written_day, written_time
from hours import Calendar, local
from triage.deadlines import ACUTE_WITHIN
from triage.values import Urgency

DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
NEAR = timedelta(days=6)


@dataclass(frozen=True)
class Due:
    """`clock` is short for a narrow column ("9.51", "di 16.30", "27 april"); `share` counts from 0 to 100."""

    at: datetime
    clock: str
    left: str
    late: bool
    share: int


def due_of(calendar: Calendar, urgency: Urgency | None, opened_at: datetime, due_at: datetime, now: datetime) -> Due:
    """How a due time looks at desk time `now`. Acute burns on the wall clock, the rest only while the desk is open."""
    left = time_left(due_at, now, None if urgency is Urgency.ACUTE else calendar)
    share = _share(calendar, urgency, opened_at, due_at, now)
    return Due(due_at, short_moment(due_at, now), left, due_at <= now, share)


def short_moment(at: datetime, now: datetime) -> str:
    """The time today, the weekday and time within six days, else the date."""
    day, today = local(at).date(), local(now).date()
    if day == today:
        return written_time(at)
    if abs(day - today) <= NEAR:
        return f"{DAYS[day.weekday()]} {written_time(at)}"
    return written_day(at, now).partition(" ")[2]


def _share(calendar: Calendar, urgency: Urgency | None, opened_at: datetime, due_at: datetime, now: datetime) -> int:
    if due_at <= now:
        return 100
    if urgency is Urgency.ACUTE:
        used = ACUTE_WITHIN - (due_at - now)
        return _percent(used, ACUTE_WITHIN)
    return _percent(calendar.working_time_between(opened_at, now), calendar.working_time_between(opened_at, due_at))


def _percent(used: timedelta, whole: timedelta) -> int:
    return max(0, min(100, round(100 * (used / whole)))) if whole > timedelta() else 0
