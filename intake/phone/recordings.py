"""Spoken messages: fetched from the carrier by a job, checked, sealed, and kept with their contact."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.desk import Desk
from desk.jobs import ClaimedJob, enqueue
from desk.sender import GiveUp, TryAgain
from desk.worker import Handler
from intake.concern import Enclosure
from intake.contacts import find_contact
from intake.phone.carrier import Carrier
from intake.phone.events import Recording
from intake.phone.models import Call
from intake.phone.wav import NotWhole, seconds_of
from intake.receive import enclose
from triage.models import Attachment, Contact, Ticket
from triage.tickets import add_entry
from triage.values import Channel, EntryKind

JOB = "fetch_recording"
MEDIA_TYPE = "audio/x-wav"
IN_CASE_NOBODY_TELLS = timedelta(minutes=5)
LOST = "De telefoonaanbieder kon de opname niet bewaren."


def fetch_now(session: Session, call: Call, recording: Recording) -> None:
    """The carrier says that the recording is there: have it fetched, once. One that failed is noted for a person."""
    call.recording_sid = recording.sid
    if not recording.failed:
        enqueue(session, JOB, _ids(call, recording), key=f"recording:{recording.sid}")
    elif call.contact.ticket_id is not None:
        _enter(session, call.contact, recording.sid, text=LOST)


def fetch_later(session: Session, call: Call, recording: Recording) -> None:
    """The caller has spoken. The carrier will tell when the recording is there; look for it even if it never does."""
    call.recording_sid = recording.sid
    clock: Clock = session.info["clock"]
    in_case = clock.real() + IN_CASE_NOBODY_TELLS
    enqueue(session, JOB, _ids(call, recording), key=f"recording:{recording.sid}:in_case", run_at=in_case)


def fetcher(desk: Desk) -> Handler:
    """The job that fetches a recording. Run twice, it keeps the recording once."""
    carrier = Carrier(desk.settings)

    def fetch(job: ClaimedJob) -> None:
        call_sid, sid = job.payload["call"], job.payload["recording"]
        with desk.database.reading() as session:
            if _kept(session, call_sid, sid):
                return
        content = carrier.recording(sid)
        try:
            seconds_of(content)
        except NotWhole as error:
            raise TryAgain(str(error)) from error
        desk.database.run(lambda session: _keep(session, call_sid, sid, content))

    return fetch


def _keep(session: Session, call_sid: str, sid: str, content: bytes) -> None:
    contact = find_contact(session, Channel.PHONE, call_sid)
    if contact is None or contact.data_key.secret is None:
        raise GiveUp("the call of this recording was destroyed")
    enclose(session, contact, (Enclosure(sid, "ingesproken-bericht.wav", MEDIA_TYPE, content),))
    _enter(session, contact, sid)


def _enter(session: Session, contact: Contact, sid: str, text: str | None = None) -> None:
    clock: Clock = session.info["clock"]
    ticket = session.get_one(Ticket, contact.ticket_id)
    add_entry(session, ticket, EntryKind.RECORDING, at=clock.now(), contact=contact, fact=f"recording:{sid}", text=text)


def _kept(session: Session, call_sid: str, sid: str) -> bool:
    found = select(Attachment.id).join(Contact, Contact.id == Attachment.contact_id)
    here = (Contact.channel == Channel.PHONE, Contact.provider_ref == call_sid, Attachment.position == sid)
    return session.scalar(found.where(*here)) is not None


def _ids(call: Call, recording: Recording) -> dict[str, str]:
    return {"call": call.call_sid, "recording": recording.sid}
