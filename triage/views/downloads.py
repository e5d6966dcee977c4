"""Files that came with a contact: fetched or listened to, never opened by the desk or by our pages."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from flask import Response, abort, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers

from desk.audit import Act, audit_once
from desk.blobs import Blob, bytes_between
from desk.desk import this_desk
from desk.person import this_person
from triage.files import PLAYABLE, RAW, safe_name
from triage.models import Attachment, Ticket
from triage.views.blueprint import blueprint

PLAY = "play"
ONE_PLAY = timedelta(hours=1)
"""Within which whatever a player fetches again belongs to the same listening."""
SHUT = "default-src 'none'; sandbox; frame-ancestors 'none'"


@blueprint.get("/bijlage/<uuid:attachment_id>")
def attachment(attachment_id: UUID) -> Response:
    """The bytes of a file, whole or in the range that a player asks for. Who fetches or plays it is written down."""
    desk = this_desk()
    with desk.database.reading() as session:
        found = session.get(Attachment, attachment_id) or abort(404)
        ticket = session.get(Ticket, found.ticket_id) if found.ticket_id else None
        blob_id, size, headers = found.blob_id, found.blob.size, _headers(found)
        of = f"ticket:{ticket.number}" if ticket else f"contact:{found.contact_id}"
    span = _asked(size)
    deed = PLAY if found.media_type in PLAYABLE else "download"
    act = Act(this_person().actor, deed, of, f"attachment:{attachment_id}", "web")
    desk.database.run(lambda writing: audit_once(writing, act, ONE_PLAY if deed == PLAY else timedelta()))
    start, stop = span or (0, size)
    headers["Content-Length"] = str(stop - start)
    if span:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return Response(_bytes(blob_id, start, stop), 206 if span else 200, headers)


def _headers(found: Attachment) -> Headers:
    playable = found.media_type in PLAYABLE
    name = f"{found.contact_id}.eml" if found.position == RAW else safe_name(found.filename)
    headers = Headers(
        {
            "Content-Type": found.media_type if playable else "application/octet-stream",
            "Content-Security-Policy": SHUT,
            "Accept-Ranges": "bytes",
            "Cache-Control": "no-store",
        }
    )
    headers.set("Content-Disposition", "attachment", filename=name)
    return headers


def _asked(size: int) -> tuple[int, int] | None:
    """The first byte that is wanted and the one after the last; None for the whole file. 416 for what is not there."""
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or not size:
        return None
    span = wanted.range_for_length(size)  # None for several ranges, or for one outside the file
    return span or abort(416)


def _bytes(blob_id: UUID, start: int, stop: int) -> Iterator[bytes]:
    database = this_desk().database

    def pieces() -> Iterator[bytes]:
        with database.reading() as session:
            yield from _pieces(session, blob_id, start, stop)

    return pieces()


def _pieces(session: Session, blob_id: UUID, start: int, stop: int) -> Iterator[bytes]:
    yield from bytes_between(session, session.get_one(Blob, blob_id), start, stop)
