"""Each try to have one colleague answer one caller: offered, rung, accepted with a key, over."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.base import new_id
from desk.clock import Clock
from desk.jobs import enqueue
from intake.phone import duty
from intake.phone.events import Dialled, Event
from intake.phone.menu import Step
from intake.phone.models import Call, Duty, Ring
from intake.phone.values import Leaving, RingState

LEAVE_QUEUE = "leave_queue"
"""The job that sends a caller on for whom a colleague is kept (`intake.phone.nudge`)."""
MOST_LOOKED_AT = 5  # callers, of whom the first may just have been tried with everybody who is free

ENDS = {
    "failed": RingState.FAILED,
    "canceled": RingState.TAKEN_BACK,
    "busy": RingState.UNANSWERED,
    "no-answer": RingState.UNANSWERED,
}
"""What the carrier says of a telephone that nobody took with the key; anything else: something else answered it."""


class Gone(Exception):
    """The caller waits no more, or a colleague has them: `by`, when it is known who."""

    def __init__(self, by: str | None = None) -> None:
        super().__init__(by or "gone")
        self.by = by


class CannotTake(Exception):
    """This colleague takes no calls now: no number, or already on the line."""


def offer(session: Session, call: Call) -> Ring | None:
    """Keep the colleague who is idle longest for this caller; None when nobody is free after all."""
    found = duty.next_free(session, call)
    return _new(session, call, found.id) if found is not None else None


def take(session: Session, call_id: UUID, user_id: UUID) -> Call:
    """A colleague takes a waiting caller: exactly one wins. Raises `Gone` or `CannotTake`."""
    call = _held(session, call_id)
    if call is None or call.settled:
        raise Gone
    if not _waits(call):
        ring = ring_of(session, call)
        raise Gone(ring.user.name if ring else None)
    own = session.get(Duty, user_id)
    if own is None or own.on_since is None or _on_the_telephone(session, user_id):
        raise CannotTake
    _new(session, call, user_id).by_click = True
    _let_out(session, call)
    return call


def serve_next(session: Session) -> None:
    """A colleague has become free: whoever waits longest is theirs, without waiting for the end of a round."""
    for waiting in duty.waiting_calls(session)[:MOST_LOOKED_AT]:
        call = _held(session, waiting.id)
        if call is not None and _waits(call) and offer(session, call):
            _let_out(session, call)
            return


def ring_of(session: Session, call: Call) -> Ring | None:
    """The try, or the conversation, that this caller is in."""
    return session.scalars(select(Ring).where(Ring.call_id == call.id, Ring.ended_at.is_(None))).one_or_none()


def kept_for(session: Session, call: Call) -> Ring | None:
    """The try that this caller is about to be in; None, and over, when that colleague has left the telephone since."""
    ring = ring_of(session, call)
    if ring is not None and not duty.still_takes(session, ring):
        end(session, call, None, timedelta(0))
        return None
    return ring


def was_answered(session: Session, call: Call) -> bool:
    """Whether a colleague ever took this caller."""
    accepted = select(Ring.id).where(Ring.call_id == call.id, Ring.state == RingState.ACCEPTED).limit(1)
    return session.scalar(accepted) is not None


def hear_of(ring: Ring, event: Event) -> None:
    """The colleague's telephone rings, or was answered by something."""
    if ring.ended_at is None:
        ring.leg_sid = event.leg[:34]
        if ring.state is RingState.OFFERED:
            ring.state = RingState.RINGING


def accept(session: Session, ring: Ring) -> bool:
    """The colleague pressed the key; False when the caller is gone, or theirs no more."""
    if ring.ended_at is not None:
        return False
    clock: Clock = session.info["clock"]
    ring.accepted_at = ring.accepted_at or clock.real()
    ring.state = RingState.ACCEPTED
    return True


def was_not_bridged(session: Session, call: Call, dialled: Dialled) -> None:
    """The carrier's last word on a try that was over before: the key was pressed, but the caller was gone by then."""
    last = select(Ring).where(Ring.call_id == call.id).order_by(Ring.started_at.desc()).limit(1)
    ring = session.scalars(last).one_or_none()
    if ring is not None and ring.ended_at is not None and ring.state is RingState.ACCEPTED:
        ring.state = ENDS.get(dialled.status, RingState.TAKEN_BACK)


def end(session: Session, call: Call, dialled: Dialled | None, wrap_up: timedelta) -> bool:
    """The try or the conversation is over; whether they talked. Without `dialled` the caller is gone.

    What the carrier says of a bridge counts more than the key: the caller may have hung up in that very second.
    """
    ring = ring_of(session, call)
    if ring is None:
        return False
    clock: Clock = session.info["clock"]
    ring.ended_at = clock.real()
    bridged = dialled.bridged if dialled is not None else None
    talked = bridged if bridged is not None else ring.state is RingState.ACCEPTED
    if talked:
        ring.state = RingState.ACCEPTED
        ring.accepted_at = ring.accepted_at or ring.ended_at
    else:
        ring.state = ENDS.get(dialled.status, RingState.REFUSED) if dialled is not None else RingState.TAKEN_BACK
    session.flush()  # the two unique indexes let the next try begin only now
    duty.free_again(session, ring.user_id, wrap_up if talked else timedelta(0))
    return talked


def _held(session: Session, call_id: UUID) -> Call | None:
    """A call as it is now, whatever was read of it before: the caller may have hung up meanwhile."""
    return session.get(Call, call_id, with_for_update={"of": Call}, populate_existing=True)


def _waits(call: Call) -> bool:
    return call.step is Step.WAITING and call.leaving is None and not call.settled


def _let_out(session: Session, call: Call) -> None:
    """The caller leaves the queue: sent on by a job at once, and else at the end of a round."""
    call.leaving = Leaving.COLLEAGUE
    if call.queue_sid is not None:
        enqueue(session, LEAVE_QUEUE, {"call": call.call_sid})


def _on_the_telephone(session: Session, user_id: UUID) -> bool:
    clock: Clock = session.info["clock"]
    return duty.on_the_line(session, user_id) is not None or duty.calls_back(session, user_id, clock.real())


def _new(session: Session, call: Call, user_id: UUID) -> Ring:
    clock: Clock = session.info["clock"]
    ring = Ring(id=new_id(), call_id=call.id, user_id=user_id, state=RingState.OFFERED, by_click=False)
    ring.started_at = clock.real()
    session.add(ring)
    session.flush()
    return ring
