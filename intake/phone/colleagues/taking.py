"""Taking a caller who waits, by a click: a second click on the same caller changes nothing."""

from uuid import UUID

from sqlalchemy.orm import Session

from desk.audit import Act, audit
from intake.phone.calls import find_call_of
from intake.phone.models import Call
from intake.phone.rings import ring_of, take


def take_once(session: Session, call_id: UUID, user_id: UUID) -> Call:
    """The caller is this colleague's, or was already. Raises `Gone` or `CannotTake`."""
    call = find_call_of(session, call_id)
    ring = ring_of(session, call) if call is not None else None
    if call is not None and ring is not None and ring.user_id == user_id:
        return call
    taken = take(session, call_id, user_id)
    audit(session, Act(f"user:{user_id}", "take_caller", f"contact:{call_id}", origin="web"))
    return taken
