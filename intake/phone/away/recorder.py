"""Has what a webhook tells recorded, in the database or, while that is away, sealed beside it; then it is answered."""

import logging
from collections.abc import Callable

from flask import request
from sqlalchemy.orm import Session

from desk.database import AWAY
from desk.desk import Desk
from desk.patience import Patience
from intake.phone.away.outage import Outage
from intake.phone.away.spool import spool_of
from intake.phone.away.spooled import Spooled
from intake.phone.events import BadEvent, Event
from intake.phone.script import Line

log = logging.getLogger("meldpunt.phone")

ANSWERED_WITHIN = 3.5  # seconds for all that is asked of the database; the carrier waits 4.5 for an answer, 15 in all


class Recorder:
    """One for all webhooks of a process: they learn from each other that the database is away."""

    def __init__(self, desk: Desk) -> None:
        self._database, self._clock = desk.database, desk.clock
        self._outage, self._spool = Outage(), spool_of(desk)

    def ask(self, event: Event, question: Callable[[], str]) -> str:
        """The document that the database lets us write. Raises `DatabaseAway`, or what else is wrong."""
        return self._outage.ask(question, AWAY, event.call_sid)

    def record(
        self,
        event: Event,
        work: Callable[[Session], str],
        instead: str,
        last: Line | None = None,
        patience: Patience | None = None,
    ) -> str:
        """The document that comes of `work`, or `instead` when the database cannot do it now and the event is kept.

        `last`: what a caller hears in `instead`, after which the call ends. Raises `OSError` when nothing can be kept,
        `BadEvent` for what is about no call that came in.
        """
        patience = patience or Patience(ANSWERED_WITHIN)
        try:
            return self.ask(event, lambda: self._database.run(work, patience))
        except BadEvent:
            raise
        except Exception as error:  # noqa: BLE001  told in the log; whatever it is, the event must not be lost
            return self.keep(event, instead, last, error)

    def keep(self, event: Event, document: str, last: Line | None, why: Exception) -> str:
        """The document, once the request is safe beside the database. Raises `OSError` when it cannot be."""
        log.warning("a webhook waits beside the database", exc_info=why, extra={"call": event.call_sid})
        form = tuple(request.form.items(multi=True))
        self._spool.put(Spooled(request.path, form, self._clock.now(), self._clock.real(), last))
        return document
