"""Callbacks on their way to the desk: once and at once, or as the knobs say twice, late, out of order or never."""

import threading
from collections.abc import Callable
from functools import partial

from demo.carrier.agenda import Agenda, Appointment
from demo.carrier.courier import Errand
from demo.carrier.faults import Faults

LONGEST_HELD = 30.0  # seconds that a callback waits for one to come after


class Post:
    """Takes each callback to `tell`; what never leaves goes to `lose`."""

    def __init__(
        self, agenda: Agenda, faults: Faults, *, tell: Callable[[Errand], None], lose: Callable[[Errand], None]
    ) -> None:
        self._agenda, self._faults, self._tell, self._lose = agenda, faults, tell, lose
        self._held: dict[str, list[tuple[Appointment, Errand]]] = {}
        self._lock = threading.Lock()

    def send(self, errand: Errand, seconds: float) -> None:
        """Let it arrive after so many seconds, if nothing comes in between."""
        if self._faults.dropped():
            self._lose(errand)
            return
        for _ in range(2 if self._faults.doubled() else 1):
            wait = seconds + self._faults.lateness()
            if wait:
                self._agenda.later(wait, partial(self._arrive, errand))
            else:
                self._arrive(errand)

    def _arrive(self, errand: Errand) -> None:
        if self._faults.kept_back():
            self._hold(errand)
            return
        self._tell(errand)
        self._release(errand.call_sid)

    def _hold(self, errand: Errand) -> None:
        until = self._agenda.later(LONGEST_HELD, partial(self._release, errand.call_sid))
        with self._lock:
            self._held.setdefault(errand.call_sid, []).append((until, errand))

    def _release(self, call_sid: str) -> None:
        with self._lock:
            held = self._held.pop(call_sid, [])
        for until, errand in held:
            until.cancel()
            self._tell(errand)
