"""*Iedereen in gesprek*: the coordinators' telephones ring when a caller waits too long for anybody."""

from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.clock import Clock
from desk.desk import Desk
from desk.jobs import ClaimedJob, Job, enqueue
from desk.sender import Uncertain
from desk.worker import Handler
from intake.phone.colleagues.roster import coordinators
from intake.phone.models import Call, Duty
from intake.phone.rings import was_answered

WATCH, RING = "watch_queue", "alarm_coordinator"
# A constant and not one of the rules of the line: it says when a person of the desk is called, not what a caller hears.
TOO_LONG = timedelta(seconds=30)
AT_MOST_EVERY = timedelta(minutes=10)
USELESS_AFTER = timedelta(minutes=3)
"""An alarm that could not be placed by then tells of a caller who is long gone."""
RINGS, LASTS = 25, 40  # seconds
TEXT = "Dit is het meldpunt. Iedereen is in gesprek en er wacht een beller. Kunt u komen helpen?"


class Placer(Protocol):
    """Whoever has the carrier call a number; `intake.phone.carrier.client.Carrier`."""

    def place_call(self, to: str, from_: str, url: str, status_url: str, timeout: int, time_limit: int) -> str:
        """Call a number once, and give the call's sid."""


def watch_later(session: Session, call: Call) -> None:
    """Look after half a minute whether this caller still waits: once for each call."""
    clock: Clock = session.info["clock"]
    enqueue(session, WATCH, {"call": str(call.id)}, key=f"{WATCH}:{call.id}", run_at=clock.real() + TOO_LONG)


def watcher(desk: Desk) -> Handler:
    """The job that looks, and has every coordinator rung whose number is known. Run twice, it rings nobody twice."""

    def look(job: ClaimedJob) -> None:
        if desk.settings.phone_number:  # a desk without a number of its own cannot call anybody
            desk.database.run(lambda session: _look(session, UUID(job.payload["call"])))

    return look


def alarmer(desk: Desk, carrier: Placer) -> Handler:
    """The job that rings one coordinator. What nobody knows of is not tried again: it may have rung."""
    settings = desk.settings
    url = f"{settings.public_url}/phone/alarm"

    def ring(job: ClaimedJob) -> None:
        if desk.clock.real() > datetime.fromisoformat(job.payload["until"]):
            return
        with desk.database.reading() as session:
            duty = session.get(Duty, UUID(job.payload["duty"]))
            number = duty.number if duty is not None else None
        if not number:
            return
        try:
            carrier.place_call(number, settings.phone_number, url, f"{url}/verloop", RINGS, LASTS)
        except Uncertain:
            return

    return ring


def _look(session: Session, call_id: UUID) -> None:
    call = session.get(Call, call_id)
    if call is None or call.settled or call.waiting_since is None or was_answered(session, call):
        return
    clock: Clock = session.info["clock"]
    until = (clock.real() + USELESS_AFTER).isoformat()
    for duty in coordinators(session):
        if not _rung_lately(session, duty.id, clock.real()):
            enqueue(session, RING, {"duty": str(duty.id), "until": until}, key=_key(duty.id, clock.real()))
            audit(session, Act("desk", "alarm", f"user:{duty.id}", origin="phone"))


def _rung_lately(session: Session, duty_id: UUID, now: datetime) -> bool:
    """By the keys of this stretch of ten minutes and of the one before it: two may lie seconds apart."""
    keys = [_key(duty_id, now), _key(duty_id, now - AT_MOST_EVERY)]
    asked = select(Job.id).where(Job.key.in_(keys), Job.run_at > now - AT_MOST_EVERY)
    return session.scalar(asked.limit(1)) is not None


def _key(duty_id: UUID, now: datetime) -> str:
    return f"{RING}:{duty_id}:{int(now.timestamp() // AT_MOST_EVERY.total_seconds())}"
