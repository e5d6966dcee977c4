"""Whether the database is worth asking: when it was away a moment ago, no caller waits to learn that again. Pure."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

IN_A_ROW = 2  # calls that failed; one alone, however often it asks, may be a single row that somebody else holds
PAUSE = 5.0  # seconds after which one webhook tries again, for all others


class DatabaseAway(Exception):
    """The database did not answer, or did not a moment ago."""


class Outage:
    """Counts calls that failed one after the other; shared by all webhooks of a process."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        """`seconds`: a clock that never goes back."""
        self._seconds = seconds
        self._lock = threading.Lock()
        self._failed_calls = set[str]()
        self._next_try = 0.0

    def ask(self, question: Callable[[], T], faults: tuple[type[Exception], ...], about: str) -> T:
        """The answer of the database. Raises `DatabaseAway` for `faults`, and at once during an outage.

        `about`: the call that it is asked for.
        """
        if not self._worth_asking():
            raise DatabaseAway
        try:
            answer = question()
        except faults as error:
            self._failed(about)
            raise DatabaseAway from error
        self._answered()
        return answer

    def _worth_asking(self) -> bool:
        with self._lock:
            if len(self._failed_calls) < IN_A_ROW:
                return True
            if self._seconds() < self._next_try:
                return False
            self._next_try = self._seconds() + PAUSE  # whoever comes while this one tries does not wait for it
            return True

    def _failed(self, about: str) -> None:
        with self._lock:
            if len(self._failed_calls) < IN_A_ROW:
                self._failed_calls.add(about)
            self._next_try = self._seconds() + PAUSE

    def _answered(self) -> None:
        with self._lock:
            self._failed_calls.clear()
