"""Calls whose last webhook never came: after a silence, a job gives their contacts an outcome too."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.desk import Desk
from desk.jobs import ClaimedJob
from desk.worker import Handler
from intake.phone.calls import find_call
from intake.phone.models import Call, Ring
from intake.phone.outcomes import settle
from intake.phone.rings import ring_of
from intake.phone.twiml import LONGEST_TALK
from intake.phone.values import RingState
from triage.models import Contact

JOB = "settle_calls"
# No caller can be silent for longer and still be there: the longest wait for a webhook is a message of three minutes,
# unless a colleague is on the line.
SILENCE = timedelta(minutes=15)
SILENCE_OF_A_TALK = timedelta(seconds=LONGEST_TALK) + SILENCE
MOST_AT_ONCE = 500


def settler(desk: Desk) -> Handler:
    """The job that settles silent calls, each in a transaction of its own. Run twice, it changes nothing."""

    def settle_silent(_job: ClaimedJob) -> None:
        with desk.database.reading() as session:
            silent = list(session.scalars(_silent(session)))
        for call_sid in silent:
            desk.database.run(partial(_settle, call_sid=call_sid))

    return settle_silent


def _silent(session: Session) -> Select[str]:
    now = _real(session)
    talking = exists().where(Ring.call_id == Call.id, Ring.ended_at.is_(None), Ring.state == RingState.ACCEPTED)
    over = or_(and_(~talking, Call.heard_at < now - SILENCE), Call.heard_at < now - SILENCE_OF_A_TALK)
    return (
        select(Contact.provider_ref)
        .join(Call, Call.id == Contact.id)
        .where(Call.settled.is_(False), over)
        .limit(MOST_AT_ONCE)
    )


def _settle(session: Session, call_sid: str) -> None:
    call = find_call(session, call_sid)
    if call is not None and not call.settled and call.heard_at < _real(session) - _silence(session, call):
        settle(session, call)


def _silence(session: Session, call: Call) -> timedelta:
    ring = ring_of(session, call)
    return SILENCE_OF_A_TALK if ring is not None and ring.state is RingState.ACCEPTED else SILENCE


def _real(session: Session) -> datetime:
    clock: Clock = session.info["clock"]
    return clock.real()
