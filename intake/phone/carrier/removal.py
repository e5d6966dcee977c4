"""Recordings at the carrier: deleted there once they are stored here whole and a backup holds them."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.backup_time import last_backup
from desk.blobs import content_of
from desk.clock import Clock
from desk.desk import Desk
from desk.jobs import ClaimedJob, enqueue
from desk.sender import GiveUp, TryAgain
from desk.settings import Settings
from desk.worker import Handler
from intake.phone.carrier.client import Carrier
from intake.phone.carrier.wav import NotWhole, seconds_of
from intake.phone.models import KeptRecording
from triage.models import Attachment, Contact

RELEASE, DELETE = "release_recordings", "delete_recording"
COMMITTED_BY = timedelta(minutes=1)
"""What was written at a moment is committed so long after it, whatever the machine does."""
MOST_AT_ONCE = 500


def note_kept(session: Session, contact: Contact, sid: str, settings: Settings) -> None:
    """The recording is stored whole in this transaction; have it deleted at the carrier when that may be done."""
    if session.get(KeptRecording, sid) is not None:
        return
    clock: Clock = session.info["clock"]
    session.add(KeptRecording(sid=sid, contact_id=contact.id, kept_at=clock.real()))
    if not settings.delete_recordings_after_backup:
        _ask(session, sid)


def releaser(desk: Desk) -> Handler:
    """The job that has those deleted that a backup holds by now. Run twice, it asks once."""

    def release(_job: ClaimedJob) -> None:
        desk.database.run(lambda session: _release(session, desk.settings))

    return release


def deleter(desk: Desk, carrier: Carrier) -> Handler:
    """The job that deletes one recording at the carrier and checks that it is gone. Run twice, it deletes once.

    Raises `TryAgain` while the carrier is away or still has it, and `GiveUp` for one that is not whole here.
    """

    def delete(job: ClaimedJob) -> None:
        sid = job.payload["recording"]
        with desk.database.reading() as session:
            if not _may_be_deleted(session, sid):
                return
        carrier.delete_recording(sid)
        if not carrier.recording_is_gone(sid):
            raise TryAgain("the carrier still has the recording")
        desk.database.run(lambda session: _note_gone(session, sid))

    return delete


def waits_for_backup(kept_at: datetime, backup: datetime | None, settings: Settings) -> bool:
    """Whether a recording must stay at the carrier because no backup holds it yet."""
    return settings.delete_recordings_after_backup and (backup is None or kept_at + COMMITTED_BY > backup)


def _release(session: Session, settings: Settings) -> None:
    backup = last_backup(session)
    still_there = select(KeptRecording).where(KeptRecording.deleted_at.is_(None)).order_by(KeptRecording.kept_at)
    for kept in session.scalars(still_there.limit(MOST_AT_ONCE)):
        if not waits_for_backup(kept.kept_at, backup, settings):
            _ask(session, kept.sid)


def _ask(session: Session, sid: str) -> None:
    enqueue(session, DELETE, {"recording": sid}, key=f"recording:{sid}:delete")


def _may_be_deleted(session: Session, sid: str) -> bool:
    """Looked at once more: what does not open here must not be deleted there. False when it is gone already.

    Raises `GiveUp`. What was destroyed here on purpose is to go there as well.
    """
    kept = session.get(KeptRecording, sid)
    if kept is None or kept.deleted_at is not None:
        return False
    here = Attachment.contact_id == kept.contact_id, Attachment.position == sid
    stored = session.scalars(select(Attachment).where(*here)).one_or_none()
    if stored is None:
        raise GiveUp("the recording is not stored here")
    if stored.data_key.secret is not None:
        try:
            seconds_of(content_of(session, stored.blob))
        except NotWhole as error:
            raise GiveUp("the recording is not whole here") from error
    return True


def _note_gone(session: Session, sid: str) -> None:
    clock: Clock = session.info["clock"]
    kept = session.get_one(KeptRecording, sid)
    kept.deleted_at = clock.real()
    audit(session, Act("phone", "delete_at_carrier", f"contact:{kept.contact_id}", origin="job"))
