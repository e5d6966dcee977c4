"""What happens when, on an agenda; the virtual one, on which tests take no time. The live one is next door."""

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

Action = Callable[[], None]


class NeverHappened(AssertionError):
    """What was waited for did not come within the limit."""


class Clock(Protocol):
    """What messages are dated with: the desk's time, aware UTC."""

    def now(self) -> datetime:
        """Desk time, UTC."""


@runtime_checkable
class MovableClock(Protocol):
    """A clock that the agenda itself pushes forward; with one, calls run in virtual time."""

    def now(self) -> datetime:
        """The moment, UTC."""

    def advance(self, amount: timedelta) -> None:
        """Let time pass."""


class VirtualClock:
    """A clock that stands still until it is moved; also serves the desk, as its desk time and its real time."""

    def __init__(self, start: datetime) -> None:
        self._at = start

    def now(self) -> datetime:
        """Desk time, UTC."""
        return self._at

    def real(self) -> datetime:
        """The same moment."""
        return self._at

    def set(self, at: datetime) -> None:
        """Jump to a moment."""
        self._at = at

    def advance(self, amount: timedelta) -> None:
        """Let time pass."""
        self._at += amount


@dataclass(order=True)
class Appointment:
    """Something that will happen; `cancel` it and it does not, nor does anybody wait for it."""

    due: float
    turn: int
    action: Action = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Never mind."""
        self.cancelled = True


class Agenda(Protocol):
    """Keeps what will happen. Times are seconds on a scale of its own."""

    def seconds(self) -> float:
        """Where the agenda is."""

    def later(self, seconds: float, action: Action) -> Appointment:
        """Do something after so many seconds."""

    def soon(self, action: Action) -> None:
        """Do something now, without waiting for it on a live agenda."""

    def let_pass(self, seconds: float) -> None:
        """Come back after so many seconds."""

    def until(self, ready: Callable[[], bool], limit: float) -> None:
        """Come back when `ready`. Raises `NeverHappened` after `limit` seconds."""

    def idle(self) -> bool:
        """Whether nothing is due or being done."""


class VirtualAgenda:
    """Time is a number: waiting costs nothing, and everything happens in order, one thing at a time.

    The account may ask for a call, over REST, in a thread of its own, while a test lets time pass.
    """

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock
        self._seconds = 0.0
        self._turns = itertools.count()
        self._due: list[Appointment] = []
        self._one = threading.RLock()

    def seconds(self) -> float:
        """Since the agenda was made."""
        return self._seconds

    def later(self, seconds: float, action: Action) -> Appointment:
        """Do something after so many seconds."""
        with self._one:
            appointment = Appointment(self._seconds + max(seconds, 0.0), next(self._turns), action)
            heapq.heappush(self._due, appointment)
        return appointment

    def soon(self, action: Action) -> None:
        """Do it at once."""
        with self._one:
            action()

    def let_pass(self, seconds: float) -> None:
        """Do what is due in the coming seconds, and be there then."""
        end = self._seconds + seconds
        while self._stepped(end):
            pass
        with self._one:
            self._move(end)

    def until(self, ready: Callable[[], bool], limit: float) -> None:
        """Do what is due, one thing after the other, until `ready`."""
        end = self._seconds + limit
        while not ready():
            if not self._stepped(end):
                raise NeverHappened(f"not within {limit:g} seconds")

    def idle(self) -> bool:
        """Whether nothing is left to do."""
        with self._one:
            return self._first() is None

    def _first(self) -> Appointment | None:
        while self._due and self._due[0].cancelled:
            heapq.heappop(self._due)
        return self._due[0] if self._due else None

    def _stepped(self, end: float) -> bool:
        """Do the next thing; False when nothing is due until `end`."""
        with self._one:
            first = self._first()
            if first is None or first.due > end:
                return False
            heapq.heappop(self._due)
            self._move(first.due)
            first.action()
            return True

    def _move(self, seconds: float) -> None:
        if seconds > self._seconds:
            self._clock.advance(timedelta(seconds=seconds - self._seconds))
            self._seconds = seconds
