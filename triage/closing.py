"""When a ticket may be closed, and for which reasons: sentences for whoever wants to."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from triage.models import Ticket
from triage.number import numbers_in
from triage.values import Channel, CloseReason, Urgency


def hurdles(ticket: Ticket) -> tuple[str, ...]:
    """What must be done first, whatever the reason; empty when nothing stands in the way."""
    found = []
    if ticket.urgency is None:
        found.append("Beoordeel eerst hoe snel dit moet. Daarna kunt u de melding afsluiten.")
    # Closing takes acute off as much as a lower rating does, and that has a rule of its own.
    if ticket.urgency is Urgency.ACUTE and not ticket.taken_by:
        found.append("Deze melding is acuut. Laat de overdracht bevestigen, of beoordeel opnieuw hoe snel dit moet.")
    # Only callers are promised a call; the first reaction that a mail was promised ends with its closing.
    if ticket.channel is Channel.PHONE and ticket.promised_at is not None:
        found.append("Er staat nog een belofte om terug te bellen. Zet die eerst op teruggebeld.")
    return tuple(found)


def reasons_for(ticket: Ticket) -> tuple[CloseReason, ...]:
    """The reasons that can be true of this ticket."""
    return tuple(each for each in CloseReason if each is not CloseReason.HANDED_OVER or ticket.taken_by)


def untrue(session: Session, ticket: Ticket, reason: CloseReason, text: str) -> str | None:
    """Why this reason, with this explanation, is not true of the ticket; None when it may be."""
    if reason not in reasons_for(ticket):
        return "Nog niemand nam deze melding over. Laat de overdracht eerst bevestigen."
    if reason is CloseReason.DOUBLE and not _names_another(session, ticket, text):
        return "Schrijf het nummer van de andere melding op. Dit is geen nummer van een andere melding."
    return None


def _names_another(session: Session, ticket: Ticket, text: str) -> bool:
    others = [number for number in numbers_in(text) if number != ticket.number]
    itself_no_double = or_(Ticket.close_reason.is_(None), Ticket.close_reason != CloseReason.DOUBLE)
    there = select(Ticket.id).where(Ticket.number.in_(others), itself_no_double)  # or nobody would have the concern
    return session.scalar(there.limit(1)) is not None
