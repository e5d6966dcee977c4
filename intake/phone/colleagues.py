"""What a call back needs to know of a colleague: their own telephone, and whether they decide for others."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.accounts import Role, roles_users
from desk.audit import Act, audit
from desk.clock import Clock
from desk.data_keys import new_data_key
from intake.phone.models import Duty

COORDINATOR = "coordinator"


def keep_number(session: Session, user_id: UUID, number: str) -> None:
    """Remember on which telephone (E.164) this colleague calls back, without taking calls on it."""
    clock: Clock = session.info["clock"]
    duty, now = session.get(Duty, user_id, with_for_update={"of": Duty}), clock.real()
    if duty is None:
        duty = Duty(id=user_id, data_key=new_data_key(session, "duty"), idle_since=now, changed_at=now)
        session.add(duty)
    if duty.number != number:
        duty.number, duty.changed_at = number, now
        audit(session, Act(f"user:{user_id}", "keep_number", f"user:{user_id}", origin="web"))


def is_coordinator(session: Session, user_id: UUID) -> bool:
    """Whether this colleague decides what happens to a promise that could not be kept."""
    found = select(Role.id).join(roles_users, roles_users.c.role_id == Role.id)
    return session.scalar(found.where(roles_users.c.user_id == user_id, Role.name == COORDINATOR)) is not None
