"""Spoken messages: fetched from the carrier by a job, checked, sealed, and kept with their contact."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.desk import Desk
from desk.jobs import ClaimedJob, Job, enqueue
from desk.sender import GiveUp, TryAgain
from desk.settings import Settings
from desk.worker import Handler
from intake.concern import Enclosure
from intake.contacts import find_contact
from intake.phone.carrier.client import Carrier
from intake.phone.carrier.removal import note_kept
from intake.phone.carrier.wav import NotWhole, seconds_of, whole_seconds
from intake.phone.events import Recording
from intake.phone.models import Call
from intake.receive import enclose
from triage.actions import put_among_unread
from triage.files import SPOKEN
from triage.models import Contact, Entry, Ticket
from triage.tickets import add_entry
from triage.values import Channel, EntryKind

JOB = "fetch_recording"
MEDIA_TYPE = "audio/x-wav"
IN_CASE_NOBODY_TELLS = timedelta(minutes=5)
TOLD_AT = 14  # tries: with the growing waits of jobs, some two hours after the call
LOST = "De telefoonaanbieder kon de opname niet bewaren."
MISSING = "De opname is niet opgehaald bij de telefoonaanbieder."
DAMAGED = "De opname is misschien niet heel. Het bestand staat hier zoals wij het kregen."


def fetch_now(session: Session, call: Call, recording: Recording) -> None:
    """The carrier says that the recording is there: have it fetched, once. One that failed is noted for a person."""
    call.recording_sid = recording.sid
    if not recording.failed:
        enqueue(session, JOB, _ids(call, recording), key=_fact(recording.sid))
    elif call.contact.ticket_id is not None:
        _enter(session, call.contact, _fact(recording.sid), LOST)


def fetch_later(session: Session, call: Call, recording: Recording) -> None:
    """The caller has spoken. The carrier will tell when the recording is there; look for it even if it never does."""
    call.recording_sid = recording.sid
    clock: Clock = session.info["clock"]
    in_case = clock.real() + IN_CASE_NOBODY_TELLS
    enqueue(session, JOB, _ids(call, recording), key=_in_case(recording.sid), run_at=in_case)


def fetcher(desk: Desk, carrier: Carrier) -> Handler:
    """The job that fetches a recording. Run twice, it keeps the recording once.

    A person is told of one that is refused, or still not there after some hours; what is away is asked for without end.
    """

    def fetch(job: ClaimedJob) -> None:
        call_sid, sid = job.payload["call"], job.payload["recording"]
        with desk.database.reading() as session:
            if _entered(session, sid):
                return
        late = job.attempt >= TOLD_AT
        try:
            content, text = _fetched(carrier, sid, late=late)
        except (GiveUp, TryAgain) as fault:
            if late or isinstance(fault, GiveUp):
                desk.database.run(lambda session: _miss(session, call_sid, sid))
            raise
        desk.database.run(lambda session: _keep(session, call_sid, sid, content, text, desk.settings))

    return fetch


def is_known(session: Session, sid: str) -> bool:
    """Whether the carrier told of this recording: it is kept, noted, or going to be fetched."""
    told = Job.key.in_((_fact(sid), _in_case(sid)))
    return _entered(session, sid) or session.scalar(select(Job.id).where(told)) is not None


def _fetched(carrier: Carrier, sid: str, *, late: bool) -> tuple[bytes, str | None]:
    """The recording and what is to be said of it. What is not whole by then is taken as it is."""
    content = carrier.recording(sid)
    try:
        seconds_of(content)
    except NotWhole as error:
        if not (late and content):
            raise TryAgain(str(error)) from error
        return content, DAMAGED
    return content, None


def _keep(session: Session, call_sid: str, sid: str, content: bytes, text: str | None, settings: Settings) -> None:
    contact = _contact(session, call_sid)
    enclose(session, contact, (Enclosure(sid, SPOKEN, MEDIA_TYPE, content, whole_seconds(content)),))
    _enter(session, contact, _fact(sid), text)
    if text is None:  # what may not be whole stays at the carrier
        note_kept(session, contact, sid, settings)


def _miss(session: Session, call_sid: str, sid: str) -> None:
    _enter(session, _contact(session, call_sid), f"{_fact(sid)}:missing", MISSING)


def _contact(session: Session, call_sid: str) -> Contact:
    contact = find_contact(session, Channel.PHONE, call_sid)
    if contact is None or contact.data_key.secret is None:
        raise GiveUp("the call of this recording was destroyed")
    return contact


def _enter(session: Session, contact: Contact, fact: str, text: str | None) -> None:
    """Tell it in the ticket's story, once; whoever thought to be done with that ticket must see it."""
    clock: Clock = session.info["clock"]
    ticket = session.get_one(Ticket, contact.ticket_id)
    if add_entry(session, ticket, EntryKind.RECORDING, at=clock.now(), contact=contact, fact=fact, text=text):
        put_among_unread(session, ticket, at=clock.now())


def _entered(session: Session, sid: str) -> bool:
    """Whether the recording is kept, or the carrier said that it has none."""
    return session.scalar(select(Entry.n).where(Entry.fact == _fact(sid))) is not None


def _fact(sid: str) -> str:
    return f"recording:{sid}"


def _in_case(sid: str) -> str:
    return f"{_fact(sid)}:in_case"


def _ids(call: Call, recording: Recording) -> dict[str, str]:
    return {"call": call.call_sid, "recording": recording.sid}
