"""Recurring work: whichever machine comes first puts the job of a time slot in, under a unique key."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from desk.clock import Clock
from desk.database import Database
from desk.jobs import enqueue


@dataclass(frozen=True)
class Recurring:
    """One kind of job, once in every `every` of real time."""

    kind: str
    every: timedelta

    def slot(self, at: datetime) -> int:
        """The number of the time slot that `at` lies in, counted from 1970."""
        return int((at - datetime(1970, 1, 1, tzinfo=UTC)) / self.every)


class Schedule:
    """Called often and from several machines; asks the database only when a new slot has begun."""

    def __init__(self, database: Database, clock: Clock, recurring: Iterable[Recurring]) -> None:
        self._database = database
        self._clock = clock
        self._recurring = tuple(recurring)
        self._seen: dict[str, int] = {}
        self._lock = threading.Lock()

    def __call__(self) -> None:
        """Put in the jobs whose slot has begun."""
        now = self._clock.real()
        with self._lock:
            for item in self._recurring:
                slot = item.slot(now)
                if self._seen.get(item.kind) != slot:
                    self._enqueue(item, slot)
                    self._seen[item.kind] = slot

    def _enqueue(self, item: Recurring, slot: int) -> None:
        self._database.run(lambda session: enqueue(session, item.kind, {}, key=f"{item.kind}:{slot}"))
