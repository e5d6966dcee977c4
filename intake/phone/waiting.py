"""What a caller in the queue hears next, and when the wait is over; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from intake.phone.menu import Line as Desk
from intake.phone.menu import Staff
from intake.phone.texts.line_rules import LineRules
from intake.phone.values import Leaving

FIRST, AGAIN = "T4", "T5"
AGAIN_AFTER = timedelta(seconds=60)
THEN_EVERY = timedelta(minutes=2)
OTHERWISE = "9"
"""The key for being called back."""


@dataclass(frozen=True)
class Wait:
    """How long somebody waits already. All times are real time, UTC; `said_at`: of the last text, `said`."""

    since: datetime
    now: datetime
    said: str | None = None
    said_at: datetime | None = None

    @property
    def waited(self) -> timedelta:
        """Since they came to the queue."""
        return self.now - self.since


def way_out(wait: Wait, keys: str, desk: Desk, rules: LineRules) -> Leaving | None:
    """Why the wait is over; None while it goes on. A free colleague must still be kept for this caller."""
    if OTHERWISE in keys:
        return Leaving.CALLBACK
    if not desk.open_now:
        return Leaving.CLOSING
    if desk.staff is Staff.FREE:
        return Leaving.COLLEAGUE
    if desk.staff is Staff.NOBODY or wait.waited >= timedelta(minutes=rules.longest_wait):
        return Leaving.TOO_LONG
    return None


def next_text(wait: Wait) -> str | None:
    """The code of what is said now: T4 at first, T5 after a minute and then every two; None for the tone alone."""
    if wait.said is None or wait.said_at is None:
        return FIRST
    pause = AGAIN_AFTER if wait.said == FIRST else THEN_EVERY
    return AGAIN if wait.now - wait.said_at >= pause else None
