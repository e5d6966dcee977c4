"""Having the carrier call a colleague: asked once, and never again while nobody knows whether it did."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.desk import Desk
from desk.sender import GiveUp, TryAgain, Uncertain
from desk.worker import Handler
from intake.phone.calling_back.attempts import hear, held, put
from intake.phone.calling_back.out_twiml import OutLinks
from intake.phone.carrier.client import Carrier
from intake.phone.duty import PLACED_WITHIN
from intake.phone.models import Attempt, Duty
from intake.phone.twiml import LONGEST_TALK
from intake.phone.values import AttemptState

log = logging.getLogger("meldpunt.phone")

COLLEAGUE_RINGS = 25  # seconds
LONGEST_CALL = LONGEST_TALK + 300  # seconds, with all that rings before the talk
TOLERANCE = timedelta(seconds=10)  # the carrier's clock counts whole seconds, and is another one


@dataclass(frozen=True)
class _Order:
    """What to do: ring `to` (E.164), or only look whether it rings already since `since` (real time)."""

    to: str
    since: datetime
    fresh: bool


def placer(desk: Desk, carrier: Carrier) -> Handler:
    """The job that places a call. Run again after a crash, it only looks whether the call was placed."""
    placing = _Placing(desk, carrier)
    return lambda job: placing.place(UUID(job.payload["attempt"]))


class _Placing:
    """Asks the carrier, and writes down what it knows."""

    def __init__(self, desk: Desk, carrier: Carrier) -> None:
        settings = desk.settings
        self._database, self._clock, self._carrier = desk.database, desk.clock, carrier
        self._from = settings.phone_number
        self._links = OutLinks(settings.public_url, settings.voice, settings.phone_number)

    def place(self, attempt_id: UUID) -> None:
        """Ask once, or look up what became of having asked. Raises `TryAgain` while it certainly was not placed."""
        order = self._database.run(lambda session: _begin(session, attempt_id))
        if order is None:
            return
        try:
            sids = [self._ask(order, attempt_id)] if order.fresh else self._seen(order)
        except GiveUp as error:  # the colleague sees it; nothing is left for anybody else to mend
            log.warning("a call back was refused", exc_info=error, extra={"contact": str(attempt_id)})
            self._put(attempt_id, AttemptState.FAILED)
        except Uncertain:
            self._adopt(attempt_id, self._seen(order))
        else:
            self._adopt(attempt_id, sids)

    def _ask(self, order: _Order, attempt_id: UUID) -> str:
        try:
            return self._carrier.place_call(
                order.to,
                self._from,
                self._links.out(attempt_id, "colleague"),
                self._links.out(attempt_id, "status"),
                COLLEAGUE_RINGS,
                LONGEST_CALL,
            )
        except TryAgain:  # certainly not sent
            self._put(attempt_id, AttemptState.REQUESTED)
            raise

    def _seen(self, order: _Order) -> list[str]:
        """Calls that may be the one that was asked for, newest first. Raises `TryAgain` for a while."""
        if not order.to:
            return []
        try:
            found = self._carrier.find_calls(order.to, order.since - TOLERANCE)
        except GiveUp:
            return []
        except TryAgain:
            if self._clock.real() < order.since + PLACED_WITHIN:
                raise
            return []
        return [call.sid for call in found if call.from_ == self._from]

    def _put(self, attempt_id: UUID, state: AttemptState) -> None:
        self._database.run(lambda session: _put(session, attempt_id, state))

    def _adopt(self, attempt_id: UUID, sids: list[str]) -> None:
        self._database.run(lambda session: _adopt(session, attempt_id, sids))


def _begin(session: Session, attempt_id: UUID) -> _Order | None:
    """That the carrier is being asked is committed before it is. None when there is nothing to do (any more)."""
    clock: Clock = session.info["clock"]
    attempt = held(session, attempt_id)
    if attempt is None or attempt.state not in {AttemptState.REQUESTED, AttemptState.PLACING}:
        return None
    fresh = attempt.state is AttemptState.REQUESTED
    own = session.get(Duty, attempt.user_id)
    too_late = clock.real() - attempt.requested_at > PLACED_WITHIN
    if fresh and (too_late or own is None or not own.number or not attempt.contact.to_address):
        put(session, attempt, AttemptState.FAILED)
        return None
    since = clock.real() if fresh else attempt.changed_at
    if fresh:
        put(session, attempt, AttemptState.PLACING)
    return _Order((own.number if own else None) or "", since, fresh)


def _put(session: Session, attempt_id: UUID, state: AttemptState) -> None:
    """Only while the carrier is being asked: a webhook may have told more by now."""
    attempt = held(session, attempt_id)
    if attempt is not None and attempt.state is AttemptState.PLACING:
        put(session, attempt, state)


def _adopt(session: Session, attempt_id: UUID, sids: list[str]) -> None:
    """The call of this attempt is the newest of `sids` that is no other's; without one, nobody knows."""
    attempt = held(session, attempt_id)
    if attempt is None or attempt.call_sid is not None:
        return
    taken = set(session.scalars(select(Attempt.call_sid).where(Attempt.call_sid.in_(sids))))
    mine = next((sid for sid in sids if sid not in taken), None)
    if mine is None:
        hear(session, attempt, AttemptState.UNCERTAIN)
        return
    attempt.call_sid = mine
    hear(session, attempt, AttemptState.RINGING_COLLEAGUE)
