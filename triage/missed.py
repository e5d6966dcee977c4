"""Callers who wait until a person ends that: after hours, not answered, or spoken to without a word written down."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.dates import written_moment
from hours import Calendar
from triage.actions import Doing
from triage.due import short_moment
from triage.models import Contact, Ticket
from triage.telephone import shown
from triage.tickets import add_entry
from triage.told import asked_to_be_called, told_words
from triage.values import Channel, EntryKind, Outcome
from triage.words import CALL_ENDS, MAIL_ENDS

MOST = 200

LastHeard = Callable[[Session, Sequence[UUID]], Mapping[UUID, str]]
"""The sentence that each of these callers heard last; the telephone knows, and triage may not know the telephone."""

OpenForContact = Callable[[Session, Contact], Ticket]
"""Makes a ticket for a contact; intake does that, and triage may not know intake."""


@dataclass(frozen=True)
class Call:
    """One contact, as a line: when, how it ended, what was heard."""

    id: UUID
    at: datetime
    moment: str
    ended: str
    told: tuple[str, ...]
    last: str
    """The sentence that was being spoken when it ended; empty when that is not known."""
    said: str


@dataclass(frozen=True)
class Caller:
    """All open contacts of one recognisable number, or one contact that cannot be told apart; the oldest first."""

    key: str
    number: str
    name: str
    since: str
    asked: bool
    """In one of these calls they chose to be called back."""
    newest: Contact
    """The last call; the telephone draws its button."""
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Missed:
    """The lists of the page, longest waiting first, and whether there are more than fit."""

    after_hours: tuple[Caller, ...]
    gone: tuple[Caller, ...]
    spoken: tuple[Caller, ...]
    """A colleague talked with them, and nothing is written down yet."""
    more: bool


def count_open(session: Session) -> int:
    """How many contacts wait to be ticked off."""
    return session.scalar(select(func.count()).where(Contact.to_tick_off.is_(True))) or 0


def nothing_known(_session: Session, _ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """A `LastHeard` of a desk without a telephone."""
    return {}


def missed(session: Session, calendar: Calendar, now: datetime, last_heard: LastHeard = nothing_known) -> Missed:
    """Who got nobody, or was spoken to without a word written down, at desk time `now`."""
    waiting = select(Contact).where(Contact.to_tick_off.is_(True)).order_by(Contact.started_at, Contact.id)
    contacts = list(session.scalars(waiting.limit(MOST + 1)))
    shown_now = contacts[:MOST]
    spoken = [each for each in shown_now if each.outcome is Outcome.ANSWERED]
    others = [each for each in shown_now if each.outcome is not Outcome.ANSWERED]
    last = last_heard(session, [each.id for each in others])
    closed = [each for each in others if _after_hours(each, calendar)]
    gone = [each for each in others if not _after_hours(each, calendar)]
    return Missed(
        after_hours=_callers(closed, now, last),
        gone=_callers(gone, now, last),
        spoken=tuple(_caller([each], now, {}) for each in spoken),  # every talk is written down by itself
        more=len(contacts) > MOST,
    )


def tick_off(session: Session, ids: Iterable[UUID], doing: Doing, reason: str) -> int:
    """Take contacts off the list, with the reason; gives how many a colleague had not ticked off before."""
    contacts = _held(session, ids)
    for contact in contacts:
        _tick(session, contact, doing, reason)
    return len(contacts)


def make_ticket(session: Session, ids: Iterable[UUID], doing: Doing, open_for_contact: OpenForContact) -> Ticket | None:
    """One ticket for all calls of a caller; None when a colleague was first. They leave the list."""
    contacts = _held(session, ids)
    if not contacts:
        return None
    newest = contacts[-1]
    ticket = open_for_contact(session, newest)
    for contact in contacts:
        if contact.ticket_id is None:
            contact.ticket_id = ticket.id
            add_entry(session, ticket, EntryKind.JOINED, at=doing.at, contact=contact, fact=f"contact:{contact.id}")
        _tick(session, contact, doing, f"Melding {ticket.number}")
    return ticket


def _held(session: Session, ids: Iterable[UUID]) -> list[Contact]:
    """Those that nobody ended. A talk is written down, not ticked off: what was typed during it would be lost."""
    open_ones = (Contact.to_tick_off.is_(True), Contact.outcome != Outcome.ANSWERED)
    query = select(Contact).where(Contact.id.in_(list(ids)), *open_ones)
    return list(session.scalars(query.order_by(Contact.started_at, Contact.id).with_for_update(of=Contact)))


def _tick(session: Session, contact: Contact, doing: Doing, reason: str) -> None:
    contact.to_tick_off = False
    contact.ticked_off_at, contact.ticked_off_by_id = doing.at, doing.actor_id
    contact.tick_off_reason = reason
    audit(session, Act(f"user:{doing.actor_id}", "tick_off", f"contact:{contact.id}", origin="web"))


def _after_hours(contact: Contact, calendar: Calendar) -> bool:
    if (
        contact.outcome is Outcome.ABANDONED
    ):  # whoever rang before nine and waited was greeted once more, by an open desk
        return False
    return contact.outcome is Outcome.TOLD_CLOSED or not calendar.is_open(contact.started_at)


def _callers(contacts: Sequence[Contact], now: datetime, last: Mapping[UUID, str]) -> tuple[Caller, ...]:
    together: dict[bytes | UUID, list[Contact]] = {}
    for contact in contacts:
        # A withheld number or that of a contact centre says nothing about who called: different people stand apart.
        together.setdefault(contact.from_hash or contact.id, []).append(contact)
    return tuple(_caller(group, now, last) for group in together.values())


def _caller(contacts: list[Contact], now: datetime, last: Mapping[UUID, str]) -> Caller:
    address = contacts[-1].from_address
    return Caller(
        key=contacts[-1].id.hex,
        number=shown(address) if address else "Nummer onbekend",
        name=contacts[-1].from_name or "",
        since=short_moment(contacts[0].started_at, now),
        asked=any(asked_to_be_called(each.told) for each in contacts),
        newest=contacts[-1],
        calls=tuple(_call(each, now, last.get(each.id, "")) for each in contacts),
    )


def _call(contact: Contact, now: datetime, last: str) -> Call:
    ends = CALL_ENDS if contact.channel is Channel.PHONE else MAIL_ENDS
    moment = written_moment(contact.started_at, now)
    return Call(
        contact.id,
        contact.started_at,
        moment,
        ends.get(contact.outcome, ""),
        told_words(contact.told),
        last,
        contact.text or "",
    )
