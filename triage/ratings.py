"""How a ticket was rated until now: since when it is this urgent, and by whose word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from triage.models import Entry, Ticket
from triage.values import EntryKind, Urgency

LADDER = tuple(Urgency)


@dataclass(frozen=True)
class Rated:
    """One rating: how soon, when (desk time) and by whom."""

    urgency: Urgency
    at: datetime
    actor_id: UUID | None


def ratings_of(session: Session, ticket: Ticket) -> list[Rated]:
    """The ratings since the ticket was opened, last reopened, or last taken by a partner, the newest first."""
    anew = Entry.kind.in_((EntryKind.REOPENED, EntryKind.CONFIRMED))
    begun = select(func.max(Entry.n)).where(Entry.ticket_id == ticket.id, anew)
    since = func.coalesce(begun.scalar_subquery(), 0)
    query = select(Entry.after, Entry.at, Entry.actor_id).where(
        Entry.ticket_id == ticket.id, Entry.kind == EntryKind.RATED, Entry.n > since
    )
    return [Rated(Urgency(row.after), row.at, row.actor_id) for row in session.execute(query.order_by(Entry.n.desc()))]


def run_of(ratings: Sequence[Rated], urgency: Urgency) -> list[Rated]:
    """The last ratings without a break that were at least this urgent, the newest first."""
    most = LADDER.index(urgency)
    return list(takewhile(lambda rated: LADDER.index(rated.urgency) <= most, ratings))
