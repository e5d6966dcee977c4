"""What the export tells of tickets, contacts, timelines and files. The fields are a promise: docs/export.md."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from desk.accounts import User
from desk.blobs import Blob, chunks_of
from desk.export import BATCH, Exporter, Line, moment, rows_of, utc
from triage.models import Attachment, Contact, Entry, Ticket
from triage.values import Channel


def tickets(session: Session) -> Iterator[Line]:
    """Every ticket, by number."""
    colleagues = addresses(session)
    found = select(Ticket).options(lazyload(Ticket.claimed_by)).order_by(Ticket.number)
    for ticket in session.scalars(found.execution_options(yield_per=BATCH)):
        yield _ticket(ticket, colleagues)


def contacts(session: Session) -> Iterator[Line]:
    """Every call and mail, in and out, oldest first."""
    found = (
        select(Contact, Ticket.number).outerjoin(Ticket, Contact.ticket_id == Ticket.id).order_by(Contact.started_at)
    )
    for contact, number in session.execute(found.execution_options(yield_per=BATCH)):
        yield _call(contact, number) if contact.channel is Channel.PHONE else _mail(contact, number)


def entries(session: Session) -> Iterator[Line]:
    """Every line of every timeline, in the order in which they were written."""
    colleagues = addresses(session)
    found = select(Entry, Ticket.number).join(Ticket, Entry.ticket_id == Ticket.id).order_by(Entry.n)
    plain = found.options(lazyload(Entry.actor), lazyload(Entry.contact))
    for entry, number in session.execute(plain.execution_options(yield_per=BATCH)):
        yield {
            "id": str(entry.id),
            "ticket": number,
            "at": utc(entry.at),
            "what": entry.kind,
            "by": colleagues.get(entry.actor_id),
            "contact": _id(entry.contact_id),
            "before": entry.before,
            "after": entry.after,
            "text": entry.text,
        }


def attachments(session: Session) -> Iterator[Line]:
    """Every file, recording and raw mail that is kept with a contact."""
    found = select(Attachment, Ticket.number).outerjoin(Ticket, Attachment.ticket_id == Ticket.id)
    for attachment, number in session.execute(found.order_by(Attachment.id).execution_options(yield_per=BATCH)):
        yield {
            "id": str(attachment.id),
            "ticket": number,
            "contact": str(attachment.contact_id),
            "filename": attachment.filename,
            "media_type": attachment.media_type,
            "size": attachment.blob.size,
            "seconds": attachment.seconds,
            "sha256": attachment.blob.sha256,
        }


def contents(session: Session) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each attachment's id and bytes; nothing comes of one whose key was destroyed."""
    found = select(Attachment.id, Blob).join(Blob, Attachment.blob_id == Blob.id).order_by(Attachment.id)
    for attachment_id, blob in session.execute(found.execution_options(yield_per=BATCH)):
        yield str(attachment_id), chunks_of(session, blob)


def addresses(session: Session) -> dict[UUID | None, str]:
    """The mail address of every colleague: by it they sign in, and no two share one."""
    return {user.id: user.email for user in session.execute(select(User.id, User.email))}


def _ticket(ticket: Ticket, colleagues: dict[UUID | None, str]) -> Line:
    reporter = {
        "name": ticket.reporter_name,
        "organisation": ticket.reporter_organisation,
        "email": ticket.reporter_email,
        "phone": ticket.reporter_phone,
    }
    return {
        "number": ticket.number,
        "status": ticket.status,
        "opened_at": utc(ticket.opened_at),
        "channel": ticket.channel,
        "subject": ticket.subject,
        "text": ticket.text,
        "reporter": reporter,
        "categories": list(ticket.categories),
        "urgency": ticket.urgency,
        "claimed_by": colleagues.get(ticket.claimed_by_id),
        "area": ticket.area,
        "due_at": utc(ticket.due_at),
        "emergency_call": ticket.emergency_call,
        "closed_at": moment(ticket.closed_at),
        "close_reason": ticket.close_reason,
    }


def _call(contact: Contact, number: str | None) -> Line:
    return {**_contact(contact, number), "from_number": contact.from_address, "to_number": contact.to_address}


def _mail(contact: Contact, number: str | None) -> Line:
    return {
        **_contact(contact, number),
        "from_address": contact.from_address,
        "from_name": contact.from_name,
        "to_address": contact.to_address,
        "subject": contact.subject,
        "text": contact.text,
        "raw_sha256": contact.raw_sha256,
    }


def _contact(contact: Contact, number: str | None) -> Line:
    return {
        "id": str(contact.id),
        "channel": contact.channel,
        "provider_ref": contact.provider_ref,
        "direction": contact.direction,
        "started_at": utc(contact.started_at),
        "ended_at": moment(contact.ended_at),
        "outcome": contact.outcome,
        "ticket": number,
        "told": contact.told.split(),
        "ticked_off_at": moment(contact.ticked_off_at),
        "tick_off_reason": contact.tick_off_reason,
    }


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)


EXPORTERS = (
    Exporter("ticket", rows_of(Ticket), tickets),
    Exporter("contact", rows_of(Contact), contacts),
    Exporter("entry", rows_of(Entry), entries),
    Exporter("attachment", rows_of(Attachment), attachments, contents),
)
"""What this part exports."""
