"""A ticket's place in the queue: its rank and its due time. Both follow from what stands on the ticket."""

from collections.abc import Iterator
from datetime import datetime

from hours import Calendar
from triage.deadlines import due, rank, unread_due
from triage.models import Ticket
from triage.values import Urgency


def find_place(ticket: Ticket, calendar: Calendar) -> None:
    """Set rank and due time anew, after something changed that they follow from."""
    ticket.rank = _rank(ticket)
    ticket.due_at = min(_moments(ticket, calendar))


def something_came(ticket: Ticket, calendar: Calendar, at: datetime) -> None:
    """Something arrived that must be read within a working hour.

    Only the reading is reckoned here: a contact that comes in must not fail over how its ticket was rated.
    """
    ticket.news_since = ticket.news_since or at
    ticket.rank = _rank(ticket)
    ticket.due_at = min(ticket.due_at, unread_due(calendar, ticket.news_since))


def waits_for_a_partner(ticket: Ticket, calendar: Calendar, at: datetime) -> None:
    """One more handover: nobody has the ticket until a person confirms. An acute one takes half an hour again."""
    if ticket.taken_by is None:
        return
    ticket.taken_by = None
    if ticket.urgency is Urgency.ACUTE:
        ticket.urgent_since = at
    find_place(ticket, calendar)


def happens_at(ticket: Ticket, calendar: Calendar, at: datetime) -> None:
    """Something happens then (desk time, UTC): however it is rated, the ticket is due no later."""
    ticket.event_at = at
    find_place(ticket, calendar)


def taken_over(ticket: Ticket, calendar: Calendar, at: datetime, *, by: str) -> None:
    """A person of the partner `by` has it. From now on the clock is that of the answer to the reporter."""
    ticket.taken_by, ticket.answer_from = by, at
    find_place(ticket, calendar)


def begin_again(ticket: Ticket, calendar: Calendar, at: datetime) -> None:
    """A closed ticket is unread again: what was decided, called and given away before vouches for nothing now."""
    ticket.reopened_at, ticket.urgency, ticket.event_at = at, None, None
    ticket.urgent_since, ticket.news_since, ticket.taken_by, ticket.answer_from = None, None, None, None
    find_place(ticket, calendar)


def _rank(ticket: Ticket) -> int:
    own = rank(Urgency.ONE_DAY if ticket.urgency and ticket.taken_by else ticket.urgency)
    return own if ticket.news_since is None else min(own, rank(None))


def _moments(ticket: Ticket, calendar: Calendar) -> Iterator[datetime]:
    """All that it is due for; the first of them counts."""
    if ticket.urgency is None:
        yield unread_due(calendar, ticket.counts_from)
    elif not ticket.taken_by:
        yield due(calendar, ticket.urgency, ticket.urgent_since or ticket.counts_from, ticket.counts_from)
    if ticket.urgency and ticket.answer_from:
        yield calendar.add_working_days(ticket.answer_from, 1)
    if ticket.news_since:
        yield unread_due(calendar, ticket.news_since)
    if ticket.promised_at:
        yield ticket.promised_at
    if ticket.event_at and not ticket.taken_by:
        yield ticket.event_at
