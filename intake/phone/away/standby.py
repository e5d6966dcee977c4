"""What the telephone does beside the other work of a process: bring in what waited, and keep what is said meanwhile."""

import logging
import time

from desk.desk import Desk
from intake.phone.away.offline import Offline
from intake.phone.away.replay import Replay
from intake.phone.facts import Library

log = logging.getLogger("meldpunt.phone")

REFRESH = 60.0  # seconds


class Standby:
    """Call it every few seconds. Raises the database's error while that is away."""

    def __init__(self, desk: Desk) -> None:
        self._database = desk.database
        self._replay = Replay(desk)
        self._library = Library(Offline(desk.settings.data_dir).keep)
        self._next_refresh = 0.0

    def __call__(self) -> None:
        """Do what is due."""
        self._replay()
        if time.monotonic() >= self._next_refresh:
            self._refresh()
            self._next_refresh = time.monotonic() + REFRESH

    def _refresh(self) -> None:
        """Nobody may have rung since a closing day was added, and then the database goes away."""
        try:
            with self._database.reading() as session:
                self._library.in_force(session)
        except (LookupError, ValueError):  # a text that cannot be read: the last ones that could be stay
            log.exception("the texts for when the database is away could not be renewed")
