"""On which telephone a colleague calls back, whether or not they take calls on it."""

from uuid import UUID

from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.clock import Clock
from desk.data_keys import new_data_key
from intake.phone.models import Duty


def keep_number(session: Session, user_id: UUID, number: str) -> None:
    """Remember a colleague's own number (E.164)."""
    clock: Clock = session.info["clock"]
    duty, now = session.get(Duty, user_id, with_for_update={"of": Duty}), clock.real()
    if duty is None:
        duty = Duty(id=user_id, data_key=new_data_key(session, "duty"), idle_since=now, changed_at=now)
        session.add(duty)
    if duty.number != number:
        duty.number, duty.changed_at = number, now
        audit(session, Act(f"user:{user_id}", "keep_number", f"user:{user_id}", origin="web"))
