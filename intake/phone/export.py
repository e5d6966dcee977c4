"""What the export tells of call-backs. The fields are a promise: docs/export.md."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from desk.export import BATCH, Exporter, Line, moment, rows_of, utc
from intake.phone.models import Callback
from triage.export import addresses
from triage.models import Ticket


def callbacks(session: Session) -> Iterator[Line]:
    """Every promise to call back, in the order of tickets and time."""
    colleagues = addresses(session)
    found = select(Callback, Ticket.number).join(Ticket, Callback.ticket_id == Ticket.id)
    ordered = found.options(lazyload(Callback.done_by)).order_by(Callback.ticket_id, Callback.promised_at)
    for callback, number in session.execute(ordered.execution_options(yield_per=BATCH)):
        yield {
            "id": str(callback.id),
            "ticket": number,
            "contact": str(callback.contact_id),
            "number": callback.number,
            "promised_at": utc(callback.promised_at),
            "tries": callback.tries,
            "next_at": moment(callback.next_at),
            "escalated_at": moment(callback.escalated_at),
            "done_at": moment(callback.done_at),
            "done_by": colleagues.get(callback.done_by_id),
        }


EXPORTERS = (Exporter("callback", rows_of(Callback), callbacks),)
"""What this part exports."""
