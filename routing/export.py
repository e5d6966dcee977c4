"""What the export tells of handovers. The fields are a promise: docs/export.md."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from desk.export import BATCH, Exporter, Line, moment, rows_of, utc
from routing.models import Handover
from triage.export import addresses
from triage.models import Ticket


def handovers(session: Session) -> Iterator[Line]:
    """Every handover, in the order of tickets and time."""
    colleagues = addresses(session)
    found = select(Handover, Ticket.number).join(Ticket, Handover.ticket_id == Ticket.id)
    plain = found.options(lazyload(Handover.by), lazyload(Handover.confirmed_to), lazyload(Handover.letter))
    for handover, number in session.execute(
        plain.order_by(Handover.ticket_id, Handover.at).execution_options(yield_per=BATCH)
    ):
        yield {
            "id": str(handover.id),
            "ticket": number,
            "partner": handover.partner,
            "partner_name": handover.partner_name,
            "status": handover.status,
            "by": colleagues.get(handover.by_id),
            "at": utc(handover.at),
            "person": handover.person,
            "spoken_at": moment(handover.spoken_at),
            "why": handover.why,
            "rule": handover.rule,
            "letter": None if handover.letter_id is None else str(handover.letter_id),
            "confirmed_by": handover.confirmed_by,
            "confirmed_at": moment(handover.confirmed_at),
        }


EXPORTERS = (Exporter("handover", rows_of(Handover), handovers),)
"""What this part exports."""
