"""Calls whose last webhook never came: after a silence, a job gives their contacts an outcome too."""

from datetime import timedelta
from functools import partial

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.desk import Desk
from desk.jobs import ClaimedJob
from desk.worker import Handler
from intake.phone.calls import find_call
from intake.phone.models import Call
from intake.phone.outcomes import settle
from triage.models import Contact

JOB = "settle_calls"
# No caller can be silent for longer and still be there: the longest wait for a webhook is a message of three minutes.
SILENCE = timedelta(minutes=15)
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
    clock: Clock = session.info["clock"]
    since = clock.real() - SILENCE
    return (
        select(Contact.provider_ref)
        .join(Call, Call.id == Contact.id)
        .where(Call.settled.is_(False), Call.heard_at < since)
        .limit(MOST_AT_ONCE)
    )


def _settle(session: Session, call_sid: str) -> None:
    call = find_call(session, call_sid)
    clock: Clock = session.info["clock"]
    if call is not None and not call.settled and call.heard_at < clock.real() - SILENCE:
        settle(session, call)
