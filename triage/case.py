"""One ticket with all that its page shows, read in a handful of queries however long its story is."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, lazyload

from desk.accounts import User
from desk.audit import AuditLine
from triage.files import File, file_of
from triage.marks import NoSuchTicket
from triage.models import Attachment, Contact, Entry, Ticket
from triage.timeline import Line, lines_of
from triage.values import EntryKind

MOST_LINES = 200
MOST_FILES = 400
WATCHERS = 5


@dataclass(frozen=True)
class Story:
    """What happened to a ticket, newest first. `older` is the line before which it goes on, None at the end."""

    lines: tuple[Line, ...]
    older: int | None
    opening_files: tuple[File, ...]
    opening_subject: str
    """Of the mail that it began with; the ticket's own title may have been changed."""


def find_ticket(session: Session, number: str) -> Ticket:
    """The ticket of this number, for reading. Raises `NoSuchTicket`."""
    ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one_or_none()
    if ticket is None:
        raise NoSuchTicket(number)
    return ticket


def story_of(session: Session, ticket: Ticket, before: int | None = None) -> Story:
    """The newest lines of a ticket, or those before line `before`."""
    query = _entries(ticket).order_by(Entry.n.desc()).limit(MOST_LINES + 1)
    entries = list(session.scalars(query.where(Entry.n < before) if before else query))
    more, entries = len(entries) > MOST_LINES, entries[:MOST_LINES]
    contacts = [*_told_by(session, entries), *([] if before else _untold(session, ticket))]
    files = _files(session, ticket)
    # They stand with the text above the timeline.
    opening = _opening(session, ticket)
    opening_files = files.pop(opening.id if opening else None, ())
    older = entries[-1].n if more else None
    return Story(tuple(lines_of(entries, contacts, files)), older, opening_files, (opening and opening.subject) or "")


def changes_since(session: Session, ticket: Ticket, seen: int) -> list[Line]:
    """What came into the timeline after line `seen`, newest first."""
    query = _entries(ticket).where(Entry.n > seen).order_by(Entry.n.desc()).limit(MOST_LINES)
    entries = list(session.scalars(query))
    return lines_of(entries, _told_by(session, entries), {})


def seen_by(session: Session, number: str) -> list[tuple[str, datetime]]:
    """The colleagues who opened this ticket last, and when (real time), from the audit log."""
    reads = (
        select(AuditLine.actor, func.max(AuditLine.at).label("at"))
        .where(AuditLine.object == f"ticket:{number}", AuditLine.action == "read")
        .group_by(AuditLine.actor).order_by(func.max(AuditLine.n).desc()).limit(WATCHERS)
    )  # fmt: skip
    last: dict[str, datetime] = dict(session.execute(reads).all())
    ids = {actor: UUID(actor.removeprefix("user:")) for actor in last if actor.startswith("user:")}
    names = dict(session.execute(select(User.id, User.name).where(User.id.in_(ids.values()))).all())
    return [(names[ids[actor]], at) for actor, at in last.items() if actor in ids and ids[actor] in names]


def _entries(ticket: Ticket) -> Select[Entry]:
    return select(Entry).where(Entry.ticket_id == ticket.id).options(joinedload(Entry.actor), lazyload(Entry.contact))


def _told_by(session: Session, entries: list[Entry]) -> list[Contact]:
    """The contacts that these lines tell of."""
    ids = {entry.contact_id for entry in entries if entry.contact_id}
    return list(session.scalars(select(Contact).where(Contact.id.in_(ids)))) if ids else []


def _untold(session: Session, ticket: Ticket) -> list[Contact]:
    """Contacts that no line tells of yet: letters on their way, or that never left."""
    told = select(Entry.n).where(Entry.contact_id == Contact.id).exists()
    query = select(Contact).where(Contact.ticket_id == ticket.id, ~told).order_by(Contact.started_at.desc())
    return list(session.scalars(query.limit(MOST_LINES)))


def _opening(session: Session, ticket: Ticket) -> Contact | None:
    """The contact with which the ticket began."""
    opened = Entry.ticket_id == ticket.id, Entry.kind == EntryKind.OPENED
    return session.scalar(select(Contact).join(Entry.contact).where(*opened).order_by(Entry.n).limit(1))


def _files(session: Session, ticket: Ticket) -> dict[UUID | None, tuple[File, ...]]:
    found: dict[UUID, list[File]] = defaultdict(list)
    query = select(Attachment).where(Attachment.ticket_id == ticket.id).order_by(Attachment.position).limit(MOST_FILES)
    for attachment in session.scalars(query):
        found[attachment.contact_id].append(file_of(attachment))
    return {contact: tuple(sorted(files, key=lambda file: file.raw)) for contact, files in found.items()}
