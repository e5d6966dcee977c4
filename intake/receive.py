"""The one door: a concern becomes a ticket, or joins the one it belongs to, exactly once."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.base import new_id
from desk.blobs import Blob, store
from desk.clock import Clock
from intake.concern import Concern, Enclosure
from intake.contacts import find_contact, new_contact
from triage.actions import put_among_unread
from triage.models import Attachment, Contact, Ticket
from triage.tickets import add_entry, index_words, open_ticket
from triage.values import EntryKind, Outcome


@dataclass(frozen=True)
class Received:
    """Where a concern ended. `fresh` is false when this contact was received before."""

    contact: Contact
    ticket: Ticket
    fresh: bool
    joined: bool


def receive(session: Session, concern: Concern) -> Received:
    """Upsert on (channel, provider reference), in the caller's transaction; safe to call again with the same concern.

    A race for the same contact breaks a unique constraint; `Database.run` then reruns the transaction.
    """
    contact = find_contact(session, concern.channel, concern.provider_ref)
    if contact is None:
        return receive_new(session, concern)
    if contact.ticket_id is None:
        received = _filed(session, contact, concern)
    else:
        ticket = session.get_one(Ticket, contact.ticket_id)
        received = Received(contact, ticket, fresh=False, joined=contact.outcome is Outcome.JOINED)
    enclose(session, contact, concern.enclosures)
    return received


def receive_new(session: Session, concern: Concern) -> Received:
    """`receive` for a contact that the caller found to be unknown in this transaction: nothing is asked again."""
    received = _filed(session, _recorded(session, concern), concern)
    for item in concern.enclosures:
        _kept(session, received.contact, item)
    return received


def _filed(session: Session, contact: Contact, concern: Concern) -> Received:
    ticket, joined = _ticket_for(session, concern)
    _describe(contact, concern, ticket, joined=joined)
    kind = EntryKind.JOINED if joined else EntryKind.OPENED
    clock: Clock = session.info["clock"]
    add_entry(session, ticket, kind, at=clock.now(), contact=contact, fact=f"contact:{contact.id}")
    audit(session, Act(concern.channel, "receive", f"ticket:{ticket.number}", kind, "intake"))
    return Received(contact, ticket, fresh=True, joined=joined)


def enclose(session: Session, contact: Contact, enclosures: tuple[Enclosure, ...]) -> list[Attachment]:
    """Keep files with a contact; one whose position is taken was told before and is passed over."""
    known = set(session.scalars(select(Attachment.position).where(Attachment.contact_id == contact.id)))
    return [_kept(session, contact, item) for item in enclosures if item.position not in known]


def _recorded(session: Session, concern: Concern) -> Contact:
    return new_contact(
        session,
        concern.channel,
        concern.provider_ref,
        started_at=concern.started_at,
        outcome=concern.outcome,
        from_address=concern.from_address,
        data_key=concern.data_key,
    )


def _ticket_for(session: Session, concern: Concern) -> tuple[Ticket, bool]:
    clock: Clock = session.info["clock"]
    known = session.get(Ticket, concern.joins, with_for_update={"of": Ticket}) if concern.joins else None
    if known is not None:
        if not concern.quiet:
            put_among_unread(session, known, at=clock.now())
        index_words(session, known, (concern.subject, concern.text))
        return known, True
    opened = open_ticket(
        session,
        channel=concern.channel,
        opened_at=clock.now(),
        subject=concern.subject,
        text=concern.text,
        reporter=concern.reporter,
    )
    return opened, False


def _describe(contact: Contact, concern: Concern, ticket: Ticket, *, joined: bool) -> None:
    contact.ticket = ticket
    mail_joins = joined and concern.outcome is Outcome.TICKET
    contact.outcome = Outcome.JOINED if mail_joins else concern.outcome
    contact.from_name, contact.to_address = concern.from_name, concern.to_address
    contact.subject, contact.text = concern.subject, concern.text
    contact.raw_sha256 = concern.raw_sha256


def _kept(session: Session, contact: Contact, item: Enclosure) -> Attachment:
    blob = item.content if isinstance(item.content, Blob) else store(session, contact.data_key, item.content)
    attachment = Attachment(
        id=new_id(),
        contact=contact,
        ticket=contact.ticket,
        data_key=contact.data_key,
        blob=blob,
        position=item.position,
        media_type=item.media_type,
        seconds=item.seconds,
    )
    attachment.filename = item.filename
    session.add(attachment)
    return attachment
