"""Who takes the telephone: signing on with a number, pausing, and who may be rung now, longest idle first."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from desk.accounts import User
from desk.audit import Act, audit
from desk.clock import Clock
from desk.data_keys import new_data_key
from intake.phone.menu import Staff, Step
from intake.phone.models import Attempt, Call, Duty, Ring
from intake.phone.values import ENDED, AttemptState

SAME_COLLEAGUE_AFTER = timedelta(seconds=60)
"""Whoever did not answer a caller is not rung again for the same caller before this."""

PLACED_WITHIN = timedelta(minutes=2)
"""A call back that was not placed by then is not placed any more, and keeps nobody from the telephone."""
NOT_PLACED = frozenset({AttemptState.REQUESTED, AttemptState.PLACING})


@dataclass(frozen=True)
class Reach:
    """How many take the telephone, how many could be rung now, how many callers go before this one, and how many may.

    Whoever waits already stays, however many come.
    """

    on: int
    free: int = 0
    ahead: int = 0
    most: int = 1

    @property
    def staff(self) -> Staff:
        """Whether this caller can have a colleague now."""
        if not self.on:
            return Staff.NOBODY
        if self.free > self.ahead:
            return Staff.FREE
        return Staff.BUSY if self.ahead < self.most else Staff.FULL


def sign_on(session: Session, user_id: UUID, number: str) -> None:
    """From now on this colleague is rung on `number` (E.164). Again with another number: that one from now on."""
    now, duty = _real(session), session.get(Duty, user_id, with_for_update=True)
    if duty is None:
        duty = Duty(id=user_id, data_key=new_data_key(session, "duty"), idle_since=now, changed_at=now)
        session.add(duty)
    if duty.on_since is None:
        duty.on_since, duty.idle_since, duty.wrap_up_until = now, now, None
    if duty.number != number:
        duty.number = number
    duty.paused_since = None
    _told(session, duty, "take_telephone", now)


def sign_off(session: Session, user_id: UUID) -> None:
    """This colleague is rung no more; a call under way goes on."""
    if (duty := _held(session, user_id)) is not None and duty.on_since is not None:
        duty.on_since = duty.paused_since = duty.wrap_up_until = None
        _told(session, duty, "leave_telephone", _real(session))


def pause(session: Session, user_id: UUID) -> None:
    """Not rung until `resume`."""
    if (duty := _held(session, user_id)) is not None and duty.on_since is not None and duty.paused_since is None:
        duty.paused_since = _real(session)
        _told(session, duty, "pause_telephone", duty.paused_since)


def resume(session: Session, user_id: UUID) -> None:
    """Rung again from now on: after a pause, or before the time to write a call down is over."""
    if (duty := _held(session, user_id)) is not None and duty.on_since is not None:
        duty.paused_since = duty.wrap_up_until = None
        _told(session, duty, "resume_telephone", _real(session))


def roster(session: Session) -> list[Duty]:
    """Everybody who takes the telephone now, longest idle first."""
    return list(session.scalars(select(Duty).where(_takes()).order_by(Duty.idle_since, Duty.id)))


def reach(session: Session, call: Call, most_waiting: int) -> Reach:
    """What a caller who wants a person can expect now."""
    now = _real(session)
    on = session.scalar(select(func.count()).select_from(Duty).where(_takes())) or 0
    if not on:
        return Reach(0)
    free = session.scalar(select(func.count()).select_from(Duty).where(_may_ring(call.id, now))) or 0
    return Reach(on, free, _ahead_of(session, call, now), most_waiting if call.waiting_since is None else sys.maxsize)


def next_free(session: Session, call: Call) -> Duty | None:
    """Who is rung for this caller now: whoever is idle longest. Held against other writers."""
    found = select(Duty).where(_may_ring(call.id, _real(session))).order_by(Duty.idle_since, Duty.id).limit(1)
    return session.scalars(found.with_for_update(of=Duty, skip_locked=True)).one_or_none()


def still_takes(session: Session, ring: Ring) -> bool:
    """Whether the colleague of a try that has yet to begin is still there; a click counts for more than a pause."""
    there = [_takes(), Duty.id == ring.user_id, *([] if ring.by_click else [Duty.paused_since.is_(None)])]
    return session.scalar(select(Duty.id).where(*there)) is not None


def on_the_line(session: Session, user_id: UUID) -> Ring | None:
    """The try or the conversation that this colleague is in."""
    return session.scalars(select(Ring).where(Ring.user_id == user_id, Ring.ended_at.is_(None))).one_or_none()


def calls_back(session: Session, user_id: UUID, now: datetime) -> bool:
    """Whether this colleague is calling somebody back at real time `now`."""
    return session.scalar(select(Attempt.id).where(Attempt.user_id == user_id, under_way(now)).limit(1)) is not None


def under_way(now: datetime) -> ColumnElement[bool]:
    """Whether a call back goes on at real time `now`."""
    waits = and_(Attempt.state.in_(NOT_PLACED), Attempt.changed_at > now - PLACED_WITHIN)
    return or_(Attempt.state.not_in(ENDED | NOT_PLACED), waits)


def free_again(session: Session, user_id: UUID, wrap_up: timedelta) -> None:
    """This colleague's try or conversation is over: at the end of the line of those who wait for a call."""
    if (duty := _held(session, user_id)) is not None:
        now = _real(session)
        duty.idle_since = duty.changed_at = now
        duty.wrap_up_until = now + wrap_up if wrap_up and duty.on_since is not None else None


def waiting_calls(session: Session) -> Sequence[Call]:
    """Callers in the queue whom nobody has yet, longest waiting first."""
    return session.scalars(select(Call).where(*_WAITING).order_by(Call.waiting_since, Call.id)).all()


_WAITING: tuple[ColumnElement[bool], ...] = (
    Call.waiting_since.is_not(None),
    Call.step == Step.WAITING,
    Call.leaving.is_(None),
    Call.settled.is_(False),
)


def _ahead_of(session: Session, call: Call, now: datetime) -> int:
    """Callers who are served first. Whoever was just tried with everybody who is free keeps nobody waiting."""
    before = [] if call.waiting_since is None else [Call.waiting_since < call.waiting_since]
    tried = exists().where(Ring.call_id == Call.id, Ring.started_at > now - SAME_COLLEAGUE_AFTER)
    ahead = select(func.count()).select_from(Call).where(*_WAITING, *before, Call.id != call.id, ~tried)
    return session.scalar(ahead) or 0


def _takes() -> ColumnElement[bool]:
    return and_(Duty.on_since.is_not(None), exists().where(User.id == Duty.id, User.active))


def _may_ring(call_id: UUID, now: datetime) -> ColumnElement[bool]:
    in_a_call = exists().where(Ring.user_id == Duty.id, Ring.ended_at.is_(None))
    calling_back = exists().where(Attempt.user_id == Duty.id, under_way(now))
    just_tried = exists().where(
        Ring.user_id == Duty.id, Ring.call_id == call_id, Ring.ended_at > now - SAME_COLLEAGUE_AFTER
    )
    return and_(
        _takes(),
        Duty.paused_since.is_(None),
        or_(Duty.wrap_up_until.is_(None), Duty.wrap_up_until <= now),
        ~in_a_call,
        ~calling_back,
        ~just_tried,
    )


def _held(session: Session, user_id: UUID) -> Duty | None:
    return session.get(Duty, user_id, with_for_update={"of": Duty})


def _told(session: Session, duty: Duty, action: str, now: datetime) -> None:
    duty.changed_at = now
    audit(session, Act(f"user:{duty.id}", action, f"user:{duty.id}", origin="web"))


def _real(session: Session) -> datetime:
    clock: Clock = session.info["clock"]
    return clock.real()
