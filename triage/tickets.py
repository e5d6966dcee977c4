"""Opening a ticket and writing its timeline: what every part that adds to a file goes through."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, insert, inspect, select
from sqlalchemy.orm import Session

from desk import counters
from desk.base import new_id
from desk.calendar import calendar_of
from desk.data_keys import new_data_key
from desk.database import before_commit
from desk.search import analyse_all
from desk.vault import Vault
from triage.deadlines import rank, unread_due
from triage.models import Contact, Entry, Term, Ticket
from triage.number import new_number
from triage.values import Channel, EntryKind, Status

TAKEN = select(Ticket.id).where(Ticket.number == bindparam("drawn"))
TERMS = Term.metadata.tables[Term.__tablename__]  # past the mapper, which costs more than the rest of a mail


@dataclass(frozen=True)
class Reporter:
    """Who reports, as far as known."""

    name: str | None = None
    organisation: str | None = None
    email: str | None = None
    phone: str | None = None


def open_ticket(
    session: Session, *, channel: Channel, opened_at: datetime, subject: str, text: str, reporter: Reporter
) -> Ticket:
    """A new, unread ticket in this transaction. `opened_at` is desk time."""
    calendar = calendar_of(session)
    ticket = Ticket(
        id=new_id(),
        number=free_number(session),
        data_key=new_data_key(session, "ticket"),
        status=Status.NEW,
        is_open=True,
        rank=rank(None),
        channel=channel,
        opened_at=opened_at,
        due_at=unread_due(calendar, opened_at),
        opened_while_closed=not calendar.is_open(opened_at),
        other_categories="",
    )
    ticket.subject, ticket.text = subject, text
    ticket.reporter_name, ticket.reporter_organisation = reporter.name, reporter.organisation
    ticket.reporter_email, ticket.reporter_phone = reporter.email, reporter.phone
    session.add(ticket)
    counters.add(session, "tickets")
    reported_by = (reporter.name, reporter.organisation, reporter.email, reporter.phone)
    _add_terms(session, ticket, analyse_all((subject, *reported_by, text)))
    return ticket


def free_number(session: Session, draw: Callable[[], str] = new_number) -> str:
    """A number that no ticket has. Two of one moment break the unique constraint, and the transaction is rerun.

    Of ten million numbers a million tickets leave nine in ten: without asking, groups of mails would rarely fit.
    """
    connection = session.connection()
    while connection.execute(TAKEN, {"drawn": (number := draw())}).first() is not None:
        pass
    return number


def add_entry(  # noqa: PLR0913  every field of a line is named at the call
    session: Session,
    ticket: Ticket,
    kind: EntryKind,
    *,
    at: datetime,
    actor_id: UUID | None = None,
    contact: Contact | None = None,
    fact: str | None = None,
    text: str | None = None,
    before: str | None = None,
    after: str | None = None,
) -> Entry | None:
    """Add a line to the timeline. A `fact` that stands there already adds nothing and gives None."""
    if fact is not None and not _unheard_of(contact) and session.scalar(select(Entry.n).where(Entry.fact == fact)):
        return None
    entry = Entry(
        id=new_id(), ticket=ticket, data_key=ticket.data_key, at=at, kind=kind, actor_id=actor_id,
        contact=contact, fact=fact, before=before, after=after,
    )  # fmt: skip
    entry.text = text
    session.add(entry)
    return entry


def _unheard_of(contact: Contact | None) -> bool:
    """A contact that is not stored yet: nothing can have been told of it."""
    return contact is not None and inspect(contact).pending


def index_words(session: Session, ticket: Ticket, texts: Iterable[str | None]) -> None:
    """Make a ticket findable by the words of `texts`; words that it has already are passed over."""
    if terms := analyse_all(texts):
        known = session.scalars(select(Term.hash).where(Term.ticket_id == ticket.id))
        _add_terms(session, ticket, terms, known=frozenset(known))


def _add_terms(session: Session, ticket: Ticket, terms: list[str], *, known: frozenset[bytes] = frozenset()) -> None:
    vault: Vault = session.info["vault"]
    pending: dict[UUID, set[bytes]] = session.info.setdefault("terms", {})
    pending.setdefault(ticket.id, set()).update(set(vault.terms(terms)) - known)
    before_commit(session, "terms", _write_terms)


def _write_terms(session: Session) -> None:
    pending: dict[UUID, set[bytes]] = session.info.pop("terms")
    rows = [{"hash": term, "ticket_id": ticket_id} for ticket_id, terms in pending.items() for term in sorted(terms)]
    if rows:
        session.flush()
        session.execute(insert(TERMS), rows)
