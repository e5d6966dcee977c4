"""What must hold after any calls at all, whatever their callers, colleagues and network did."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from demo.carrier import Call, Carrier
from demo.carrier.events import Direction
from intake.phone.models import Call as Record
from intake.phone.models import Callback, Ring
from tests.intake.phone.line import Line
from triage.models import Contact, Ticket
from triage.values import Channel, Outcome
from triage.values import Direction as Way

CAME_IN = (Contact.channel == Channel.PHONE, Contact.direction == Way.IN)
PROMISES = ("Wij bellen u terug, uiterlijk", "Wij gaan nu dicht en bellen u terug, uiterlijk")
MESSAGE = "Spreek na de piep in"


def assert_all_is_well(line: Line, network: Carrier, *, alerts: int = 0) -> None:
    """Each call is one contact with an outcome, nobody is kept on the line, and the carrier complains of nothing."""
    found = [f"{alert.code} {alert.text} in {alert.call_sid}" for alert in network.alerts][alerts:]
    with line.desk.database.reading() as session:
        found += faults(session, came_in(network))
    if found:
        raise AssertionError("\n".join(found))


def came_in(network: Carrier) -> list[Call]:
    """Every call from outside, as the network knows it."""
    return [call for call in network.calls.values() if call.direction is Direction.INBOUND]


def faults(session: Session, calls: list[Call]) -> Iterator[str]:
    """Everything that is not as it must be once all calls are over."""
    rows = session.execute(select(Contact.provider_ref, Contact.outcome, Contact.ticket_id).where(*CAME_IN)).all()
    found, sids = Counter(row.provider_ref for row in rows), {call.sid for call in calls}
    yield from (f"call {sid} is {found[sid]} contacts" for sid in sids if found[sid] != 1)
    yield from (f"call {sid} was never made" for sid in found.keys() - sids)
    yield from (f"call {row.provider_ref} has no outcome" for row in rows if row.outcome is Outcome.IN_PROGRESS)
    ticketed = {row.provider_ref for row in rows if row.ticket_id is not None}
    forgotten = [call.sid for call in calls if was_promised(call) and call.sid not in ticketed]
    yield from (f"call {sid} was promised a call and has no ticket" for sid in forgotten)
    yield from _left_behind(session)


def was_promised(call: Call) -> bool:
    """Whether this caller heard that we call back; before a message it is said to whoever may then say nothing."""
    return any(line.startswith(PROMISES) and MESSAGE not in line for line in call.heard)


def _left_behind(session: Session) -> Iterator[str]:
    lonely = ~select(Contact.id).where(Contact.ticket_id == Ticket.id).exists()
    for what, many in (
        ("calls go on for ever", select(func.count()).select_from(Record).where(Record.settled.is_(False))),
        ("tries never ended", select(func.count()).select_from(Ring).where(Ring.ended_at.is_(None))),
        ("tickets have no contact", select(func.count()).select_from(Ticket).where(lonely)),
        ("calls are not over", select(func.count()).select_from(Contact).where(*CAME_IN, Contact.ended_at.is_(None))),
        ("promises have no time", select(func.count()).select_from(Callback).where(Callback.promised_at.is_(None))),
    ):
        if count := session.scalar(many):
            yield f"{count} {what}"
