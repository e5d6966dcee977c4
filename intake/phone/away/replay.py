"""What waited beside the database is brought into it: in order, each in a transaction of its own, removed afterwards.

Killed at any line, it does the last one again, which changes nothing: every step upserts. Each is taken as if by a
clock that shows when it came, so that a call began when it began.
"""

import logging
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.database import AWAY
from desk.desk import Desk
from desk.patience import Patience
from intake.phone.away.spool import Spool, Unreadable, spool_of
from intake.phone.away.spooled import Spooled
from intake.phone.calls import find_call
from intake.phone.conversation import FIRST, Conversation
from intake.phone.events import read_event
from intake.phone.models import Call
from intake.phone.numbers import numbers_of

log = logging.getLogger("meldpunt.phone")

TURN = re.compile(r"/phone/(?:turn|wait)/(\d{1,9})(?:/.*)?")
TRIES = 3  # of one that fails while the database is well
SECONDS_EACH = 30.0


@dataclass(frozen=True)
class ArrivedClock:
    """Desk time stands where a webhook came. Real time goes on: jobs and the audit log tell when they were written."""

    arrived: datetime
    clock: Clock

    def now(self) -> datetime:
        """Desk time of the arrival, UTC."""
        return self.arrived

    def real(self) -> datetime:
        """Real time, UTC."""
        return self.clock.real()


class Replay:
    """Call it again and again, in any number of processes: one at a time does something."""

    def __init__(self, desk: Desk, spool: Spool | None = None) -> None:
        self._database, self._clock = desk.database, desk.clock
        self._spool = spool or spool_of(desk)
        own = numbers_of([desk.settings.phone_number])
        self._conversation = Conversation(numbers_of(desk.settings.contact_centre_numbers), own=own)
        self._failures = Counter[str]()

    def __call__(self) -> None:
        """Bring in what waits. Raises the database's error when that is away still."""
        if not self._spool.holds_any:
            return
        with self._spool.alone() as alone:
            if alone:
                self._bring_all()

    def _bring_all(self) -> None:
        for _part in self._spool.name_parts(self._clock.real()):
            log.error("a webhook was torn by a power cut, and is set aside")
        refused, was_refused = None, False
        for name in self._spool.waiting():
            try:
                self._bring(name)
                was_refused = False
            except AWAY as error:
                if was_refused:  # nobody's turn: the database is away
                    raise
                refused, was_refused = error, True
        if refused is not None:
            raise refused

    def _bring(self, name: str) -> None:
        try:
            spooled = self._spool.read(name)
            retell = partial(_retold, conversation=self._conversation, spooled=spooled)
            self._database.run(retell, Patience(SECONDS_EACH))
        except AWAY:
            raise
        except Exception as error:
            # Nobody can know what is wrong with it, and those behind it must not wait for that.
            log.exception("a webhook that waited could not be recorded")
            self._failed(name, for_good=isinstance(error, Unreadable))
        else:
            self._spool.remove(name)

    def _failed(self, name: str, *, for_good: bool) -> None:
        self._failures[name] += 1
        if for_good or self._failures[name] >= TRIES:
            self._spool.set_aside(name)
            del self._failures[name]
            log.error("a webhook that waited is set aside for a person")


def _retold(session: Session, conversation: Conversation, spooled: Spooled) -> None:
    session.info["clock"] = ArrivedClock(spooled.at, session.info["clock"])
    event = read_event(spooled.form)
    call = find_call(session, event.call_sid)
    if call is not None:  # a later webhook may have been recorded first
        call.contact.started_at = min(call.contact.started_at, spooled.at)
    turn = _turn(spooled.path)
    if spooled.last is None or (call is not None and _went_on(call, turn)):
        conversation.note(session, event)
    else:
        conversation.cut_off(session, event, turn, spooled.last)


def _turn(path: str) -> int:
    turn = TURN.fullmatch(path)
    return int(turn[1]) if turn else FIRST


def _went_on(call: Call, turn: int) -> bool:
    """Whether the caller never heard that answer: it came too late, and the carrier's next try got a proper one."""
    return call.turn > turn + 1
