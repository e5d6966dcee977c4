"""*Melding noteren*: a call that staff took on their own telephone becomes a ticket through the same one door."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.vault import Vault
from intake.concern import Concern, Reporter
from intake.receive import receive
from triage.models import Contact, Entry, Ticket
from triage.tickets import add_entry, index_words
from triage.values import Area, Channel, EntryKind, Outcome

SUBJECTS = {
    Outcome.TOLD_CLOSED: "Belde toen wij dicht waren",
    Outcome.ABANDONED: "Gemiste oproep",
    Outcome.FAILED: "Oproep mislukte",
}


@dataclass(frozen=True)
class Noted:
    """What a colleague typed during or after a call. `form_key` is the form's: posted twice, it is one call."""

    form_key: str
    subject: str
    text: str
    reporter: Reporter
    via: str
    """How the call came, as a sentence."""
    area: Area | None = None


def note_call(session: Session, noted: Noted, *, by: UUID) -> Ticket:
    """Open a ticket for a call; the same form a second time gives the same ticket.

    What was changed before the second time (a colleague went back and typed on) is kept as a note.
    """
    clock: Clock = session.info["clock"]
    at = clock.now()
    received = receive(session, _concern(noted, at))
    ticket = received.ticket
    if received.fresh:
        ticket.area = noted.area
        received.contact.ended_at = at
        _note(session, ticket, noted.via, _fact(session, noted), by=by, at=at)
    else:
        _keep_changes(session, received.contact, ticket, noted, by=by, at=at)
    return ticket


def open_for_contact(session: Session, contact: Contact) -> Ticket:
    """The ticket of a call that had none: a missed one, or one after hours. Safe to call again.

    A number that says nothing about who called, like that of the contact centre, is not the reporter's.
    """
    concern = Concern(
        channel=contact.channel,
        provider_ref=contact.provider_ref,
        started_at=contact.started_at,
        outcome=contact.outcome,
        subject=contact.subject or SUBJECTS.get(contact.outcome, "Oproep zonder bericht"),
        text=contact.text or "",
        reporter=Reporter(name=contact.from_name, phone=contact.from_address if contact.from_hash else None),
        from_address=contact.from_address,
        from_name=contact.from_name,
        to_address=contact.to_address,
        raw_sha256=contact.raw_sha256,
    )
    return receive(session, concern).ticket


def _concern(noted: Noted, at: datetime) -> Concern:
    return Concern(
        channel=Channel.PHONE,
        provider_ref=f"noted:{noted.form_key}",
        started_at=at,
        outcome=Outcome.ANSWERED,
        subject=noted.subject,
        text=noted.text,
        reporter=noted.reporter,
        from_name=noted.reporter.name,
    )


def _keep_changes(session: Session, contact: Contact, ticket: Ticket, noted: Noted, *, by: UUID, at: datetime) -> None:
    fact = _fact(session, noted)
    if session.scalar(select(Entry.n).where(Entry.fact == fact)) is not None:
        return
    words = "\n".join(_changes(session, contact, ticket, noted))
    if words:
        _note(session, ticket, f"Opnieuw genoteerd: {words}", fact, by=by, at=at)
        index_words(session, ticket, (noted.subject, noted.text, noted.reporter.name, noted.reporter.organisation))


def _changes(session: Session, contact: Contact, ticket: Ticket, noted: Noted) -> list[str]:
    """What this version says otherwise than the first one, or than what stands on the ticket by now."""
    form, reporter = Entry.fact.startswith(f"form:{noted.form_key}:"), noted.reporter
    first = session.scalars(select(Entry).where(Entry.ticket_id == ticket.id, form).order_by(Entry.n).limit(1)).first()
    pairs = (
        ("Naam", reporter.name, ticket.reporter_name),
        ("Organisatie", reporter.organisation, ticket.reporter_organisation),
        ("E-mail", reporter.email, ticket.reporter_email),
        ("Telefoon", reporter.phone, ticket.reporter_phone),
        ("Gebied", noted.area, ticket.area),
        ("Hoe gebeld", noted.via, first.text if first else None),
    )
    changes = [f"{label}: {new or 'leeg'} (was: {old or 'leeg'})" for label, new, old in pairs if new != old]
    same_words = (noted.subject, noted.text) == (contact.subject, contact.text)
    return changes if same_words else [noted.subject, noted.text, *changes]


def _fact(session: Session, noted: Noted) -> str:
    """Tells two versions of a form apart, and tells nobody what they say."""
    vault: Vault = session.info["vault"]
    return f"form:{noted.form_key}:{vault.lookup('noted', repr(noted)).hex()}"


def _note(session: Session, ticket: Ticket, text: str, fact: str, *, by: UUID, at: datetime) -> None:
    add_entry(session, ticket, EntryKind.NOTE, at=at, actor_id=by, fact=fact, text=text)
