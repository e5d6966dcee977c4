"""What a colleague decides about their own telephone, beside signing on and off: its number, and time to write."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from desk.accounts import Role, User, roles_users
from desk.audit import Act, audit
from desk.clock import Clock
from desk.data_keys import new_data_key
from intake.phone.models import Duty

COORDINATOR = "coordinator"
MORE_TIME = timedelta(minutes=2)
"""What one click adds to the time to write a call down."""


def duty_of(session: Session, user_id: UUID) -> Duty | None:
    """This colleague and the telephone; None for whoever never named a number."""
    return session.get(Duty, user_id)


def keep_number(session: Session, user_id: UUID, number: str) -> None:
    """Remember the number (E.164) of somebody who need not take the telephone: a coordinator is alarmed there."""
    duty, now = session.get(Duty, user_id, with_for_update={"of": Duty}), _real(session)
    if duty is None:
        duty = Duty(id=user_id, data_key=new_data_key(session, "duty"), idle_since=now, changed_at=now)
        session.add(duty)
    if duty.number != number:
        duty.number, duty.changed_at = number, now
        audit(session, Act(f"user:{user_id}", "keep_number", f"user:{user_id}", origin="web"))


def more_time(session: Session, user_id: UUID) -> None:
    """Two more minutes without a ring, from now or from the end of those that are left."""
    duty, now = session.get(Duty, user_id, with_for_update={"of": Duty}), _real(session)
    if duty is not None and duty.on_since is not None:
        duty.wrap_up_until = max(now, duty.wrap_up_until or now) + MORE_TIME
        duty.changed_at = now
        audit(session, Act(f"user:{user_id}", "more_time", f"user:{user_id}", origin="web"))


def is_coordinator(session: Session, user_id: UUID) -> bool:
    """Whether this colleague is called when everybody is busy."""
    return session.scalar(_coordinators().where(User.id == user_id).limit(1)) is not None


def coordinators(session: Session) -> Sequence[Duty]:
    """Those who can be alarmed: their number is known, whether or not they take the telephone."""
    known = select(Duty).where(Duty.id.in_(_coordinators()), Duty.number_sealed.is_not(None))
    return session.scalars(known.order_by(Duty.id)).all()


def _coordinators() -> Select[UUID]:
    return (
        select(User.id)
        .join(roles_users, roles_users.c.user_id == User.id)
        .join(Role, Role.id == roles_users.c.role_id)
        .where(Role.name == COORDINATOR, User.active.is_(True))
    )


def _real(session: Session) -> datetime:
    clock: Clock = session.info["clock"]
    return clock.real()
