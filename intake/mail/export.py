"""What the export tells of mails as they were fetched. The fields are a promise: docs/export.md."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.blobs import Blob, chunks_of
from desk.export import BATCH, Exporter, Line, rows_of, utc
from intake.mail.models import RawMail
from triage.models import Contact, Ticket


def raw_mails(session: Session) -> Iterator[Line]:
    """Every delivery in the order of fetching, also those that nobody has read yet."""
    found = select(RawMail, Ticket.number).outerjoin(Contact, RawMail.contact_id == Contact.id)
    with_ticket = found.outerjoin(Ticket, Contact.ticket_id == Ticket.id).order_by(RawMail.n)
    for raw, number in session.execute(with_ticket.execution_options(yield_per=BATCH)):
        yield {
            "id": str(raw.blob_id),
            "ticket": number,
            "contact": None if raw.contact_id is None else str(raw.contact_id),
            "arrived_at": utc(raw.arrived_at),
            "state": raw.state,
            "size": raw.blob.size,
            "sha256": raw.blob.sha256,
            "whole": raw.whole,
        }


def contents(session: Session) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each delivery's id and bytes; nothing comes of one whose key was destroyed."""
    found = select(Blob).join(RawMail, RawMail.blob_id == Blob.id).order_by(RawMail.n)
    for blob in session.scalars(found.execution_options(yield_per=BATCH)):
        yield str(blob.id), chunks_of(session, blob)


EXPORTERS = (Exporter("raw_mail", rows_of(RawMail), raw_mails, contents),)
"""What this part exports."""
