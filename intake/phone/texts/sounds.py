"""What the line plays besides its voice, for the carrier to fetch: nothing in it is about anybody."""

from datetime import timedelta
from io import BytesIO

from flask import Blueprint, Response, abort, send_file
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.blobs import Blob, content_of
from desk.clock import Clock
from desk.desk import Desk
from desk.documents import Document
from desk.security_headers import FOR_EVER
from intake.phone.texts.hold import hold_tone
from intake.phone.texts.sound_list import NAME, SHA256, BadSounds, Sound, read_sounds

PREFIX = "/geluid"
KEPT = {"Cache-Control": "public, max-age=86400"}
RECENT = timedelta(hours=1)


def make_sounds(desk: Desk) -> Blueprint:
    """The waiting tone, and the recordings of our own texts; no sign-in, for every caller hears them."""
    sounds = Blueprint("sounds", __name__, url_prefix=PREFIX)

    @sounds.get("/wachttoon.wav")
    def waiting_tone() -> Response:
        return Response(hold_tone(), content_type="audio/wav", headers=KEPT)

    @sounds.get("/<name>")
    def sound(name: str) -> Response:
        """A recording by its name, which is what it holds: caches may keep it for ever."""
        with desk.database.reading() as session:
            found = _found(session, name) or abort(404)
            content = content_of(session, session.get_one(Blob, found.blob_id))
        answer = send_file(BytesIO(content), mimetype=found.media_type, conditional=True, etag=found.sha256)
        answer.headers["Cache-Control"] = FOR_EVER
        return answer

    return sounds


def _found(session: Session, name: str) -> Sound | None:
    """The recording of this name that is in force, or was a moment ago: the call that plays it may be under way."""
    if not SHA256.fullmatch(name.partition(".")[0]):
        return None
    clock: Clock = session.info["clock"]
    ours = select(Document.body).where(Document.name == NAME)
    then = select(func.max(Document.version)).where(Document.name == NAME, Document.written_at <= clock.real() - RECENT)
    bodies = session.scalars(ours.where(Document.version >= func.coalesce(then.scalar_subquery(), 0)))
    return next((sound for body in bodies for sound in _sounds(body) if sound.file == name), None)


def _sounds(body: str) -> list[Sound]:
    try:
        return list(read_sounds(body).values())
    except BadSounds:
        return []
