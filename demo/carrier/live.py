"""The agenda in real time, for the demonstration and for load."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable

from demo.carrier.agenda import Action, Appointment, NeverHappened

LONGEST_WAIT = 3600.0  # seconds between two looks at an empty agenda


class LiveAgenda:
    """Time is time. One thread watches the agenda; each action gets its own thread, so that none waits for another."""

    def __init__(self) -> None:
        self._turns = itertools.count()
        self._due: list[Appointment] = []
        self._running = 0
        self._closed = False
        self._changed = threading.Condition()
        threading.Thread(target=self._watch, name="telephone network", daemon=True).start()

    def seconds(self) -> float:
        """Of the machine's monotonic clock, which nobody sets."""
        return time.monotonic()

    def later(self, seconds: float, action: Action) -> Appointment:
        """Do something after so many seconds."""
        appointment = Appointment(self.seconds() + max(seconds, 0.0), next(self._turns), action)
        with self._changed:
            heapq.heappush(self._due, appointment)
            self._changed.notify_all()
        return appointment

    def soon(self, action: Action) -> None:
        """Begin it now; it runs beside whatever else runs."""
        with self._changed:
            self._running += 1
        threading.Thread(target=self._run, args=(action,), name="telephone call", daemon=True).start()

    def let_pass(self, seconds: float) -> None:
        """Wait."""
        threading.Event().wait(seconds)

    def until(self, ready: Callable[[], bool], limit: float) -> None:
        """Wait until `ready`; looked at again whenever something was done."""
        with self._changed:
            if not self._changed.wait_for(ready, limit):
                raise NeverHappened(f"not within {limit:g} seconds")

    def idle(self) -> bool:
        """Whether nothing is left to do."""
        return self._running == 0 and all(appointment.cancelled for appointment in self._due)

    def close(self) -> None:
        """Do nothing more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _run(self, action: Action) -> None:
        try:
            action()
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _watch(self) -> None:
        while not self._closed:
            with self._changed:
                wait = self._due[0].due - self.seconds() if self._due else LONGEST_WAIT
                if wait > 0:
                    self._changed.wait(wait)
                    continue
                appointment = heapq.heappop(self._due)
                if not appointment.cancelled:
                    self.soon(appointment.action)
