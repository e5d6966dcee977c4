"""Acts as tests do them: each in a transaction of its own, and what the timeline then says."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.desk import Desk
from tests.builders import Colleague
from triage import actions
from triage.actions import Doing, Rating
from triage.case import find_ticket
from triage.marks import held
from triage.models import Entry, Ticket
from triage.values import CloseReason, EntryKind, Urgency

Act = Callable[[Session, Ticket, Doing], None]
TODAY = Rating(Urgency.TODAY, "De buurvrouw hoort al dagen niets.")
ACUTE = Rating(Urgency.ACUTE, "Het kind vertelde het zelf.", "melder, 9.19 uur")


def act(desk: Desk, number: str, who: Colleague, *deeds: Act) -> None:
    """Do these one after the other, each in a transaction of its own."""
    for deed in deeds:
        doing = Doing(who.id, desk.clock.now())
        desk.database.run(lambda session, deed=deed, doing=doing: deed(session, held(session, number), doing))  # type: ignore[misc]


def rated(rating: Rating) -> Act:
    """Rate it so."""
    return lambda session, ticket, doing: actions.rate(session, ticket, doing, rating)


def closed(reason: CloseReason = CloseReason.ADVISED, text: str = "Besproken.") -> Act:
    """Close it for this reason."""
    return lambda session, ticket, doing: actions.close(session, ticket, doing, reason, text)


def reopened(session: Session, ticket: Ticket, doing: Doing) -> None:
    """Reopen it."""
    actions.reopen(session, ticket, doing, "Toch geen hulp.")


def promised(at: datetime | None) -> Act:
    """Promise somebody outside a call or an answer by then."""

    def promise(_session: Session, ticket: Ticket, _doing: Doing) -> None:
        ticket.promised_at = at

    return promise


def something_new(session: Session, ticket: Ticket, doing: Doing) -> None:
    """Something arrived on it."""
    actions.put_among_unread(session, ticket, at=doing.at)


def last_line(desk: Desk, number: str) -> tuple[EntryKind, str | None, str | None, str | None]:
    """Kind, before, after and words of the newest line."""
    with desk.database.reading() as session:
        ticket = find_ticket(session, number)
        newest = select(Entry).where(Entry.ticket_id == ticket.id).order_by(Entry.n.desc()).limit(1)
        entry = session.scalars(newest).one()
        return entry.kind, entry.before, entry.after, entry.text
