"""Calls back whose last webhook never came: the carrier is asked how they ended, else nobody knows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.desk import Desk
from desk.jobs import ClaimedJob
from desk.sender import GiveUp, TryAgain
from desk.worker import Handler
from intake.phone.calling_back.attempts import held, put
from intake.phone.calling_back.placing import TOLERANCE
from intake.phone.calling_back.progress import further, of_colleague
from intake.phone.carrier.client import Carrier
from intake.phone.duty import NOT_PLACED
from intake.phone.events import CallState
from intake.phone.models import Attempt, Duty
from intake.phone.twiml import LONGEST_TALK
from intake.phone.values import ENDED, AttemptState

JOB = "settle_attempts"
SILENCE = timedelta(minutes=3)  # both telephones ring for less
LONGEST_WAIT = timedelta(seconds=LONGEST_TALK) + timedelta(minutes=15)
NEVER_PLACED_AFTER = timedelta(minutes=15)  # the job that places it is gone
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class _Silent:
    """What the carrier is asked about. `to` is the colleague's number (E.164)."""

    id: UUID
    sid: str | None
    to: str | None
    since: datetime


def settler(desk: Desk, carrier: Carrier) -> Handler:
    """The job that settles silent calls back, each in a transaction of its own. Run twice, it changes nothing."""

    def settle(_job: ClaimedJob) -> None:
        with desk.database.reading() as session:
            silent = _silent(session)
        for each in silent:
            desk.database.run(partial(_settle, attempt_id=each.id, state=_asked(carrier, each)))

    return settle


def _silent(session: Session) -> list[_Silent]:
    clock: Clock = session.info["clock"]
    found = (
        select(Attempt, Duty)
        .outerjoin(Duty, Duty.id == Attempt.user_id)
        .where(Attempt.state.not_in(ENDED), Attempt.changed_at < clock.real() - SILENCE)
        .limit(MOST_AT_ONCE)
    )
    return [
        _Silent(attempt.id, attempt.call_sid, _number_of(own), attempt.requested_at)
        for attempt, own in session.execute(found)
    ]


def _number_of(own: Duty | None) -> str | None:
    return None if own is None else own.number


def _asked(carrier: Carrier, silent: _Silent) -> CallState | None:
    """How far the carrier says the colleague's call is; None when it does not say."""
    if not (silent.sid and silent.to):
        return None
    try:
        calls = carrier.find_calls(silent.to, silent.since - TOLERANCE)
    except (TryAgain, GiveUp):
        return None
    return next((call.state for call in calls if call.sid == silent.sid), None)


def _settle(session: Session, attempt_id: UUID, state: CallState | None) -> None:
    clock: Clock = session.info["clock"]
    attempt = held(session, attempt_id)
    if attempt is None or attempt.state.over:
        return
    silence = clock.real() - attempt.changed_at
    if silence < SILENCE:
        return
    if attempt.state in NOT_PLACED and silence > NEVER_PLACED_AFTER:
        asked = attempt.state is AttemptState.PLACING
        put(session, attempt, AttemptState.UNCERTAIN if asked else AttemptState.FAILED)
    elif state is not None and state.final:
        # That the reporter rang is known, and not whether anybody answered.
        lost = attempt.state is AttemptState.RINGING_REPORTER
        end = AttemptState.UNCERTAIN if lost else further(attempt.state, of_colleague(state, attempt.state))
        put(session, attempt, end)
    elif silence > LONGEST_WAIT:
        put(session, attempt, AttemptState.UNCERTAIN)
