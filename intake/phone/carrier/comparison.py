"""What the carrier knows of and we do not, recorded by the same way that webhooks take."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from desk import counters
from desk.desk import Desk
from intake.phone.calls import find_call, new_call
from intake.phone.carrier.client import Carrier, CarrierCall, CarrierRecording
from intake.phone.carrier.recordings import is_known
from intake.phone.conversation import Conversation
from intake.phone.events import Event, read_event
from intake.phone.models import Call
from intake.phone.numbers import numbers_of
from triage.models import Contact
from triage.values import Channel

MISSED_CALLS, MISSED_RECORDINGS = "missed_calls", "missed_recordings"
"""Counts of what the webhooks did not bring in, ever."""
ENDED = "ended"


@dataclass(frozen=True)
class Found:
    """What came of one comparison: how many calls were looked at, and what was missing here or still open."""

    seen: int = 0
    calls: int = 0
    recordings: int = 0
    ended: int = 0


class Comparison:
    """One look at the carrier's list. Calls that ended after `until` are left to their webhooks."""

    def __init__(self, desk: Desk, carrier: Carrier, until: datetime) -> None:
        self._database = desk.database
        self._carrier = carrier
        self._account = desk.settings.twilio_account_sid
        self._conversation = Conversation(numbers_of(desk.settings.contact_centre_numbers))
        self._until = until

    def made(self, since: datetime) -> Found:
        """Look at everything since then. Raises `TryAgain` or `GiveUp` when the carrier does not tell."""
        calls = list(self._carrier.calls_since(since))
        done = [self._catch_up(call) for call in self._unsettled(calls)]
        recordings = [self._take_in(each) for each in self._carrier.recordings_since(since) if self._is_ready(each)]
        return Found(len(calls), done.count(MISSED_CALLS), recordings.count(True), done.count(ENDED))

    def _unsettled(self, calls: Iterable[CarrierCall]) -> Iterator[CarrierCall]:
        """Those that are over and not so here: most are, and are passed over without a transaction."""
        with self._database.reading() as session:
            over = [call for call in calls if self._is_over(call) and not _is_settled(session, call.sid)]
        yield from over

    def _is_over(self, call: CarrierCall) -> bool:
        return call.state is not None and call.state.final and (call.ended_at or call.started_at) <= self._until

    def _is_ready(self, recording: CarrierRecording) -> bool:
        ended = recording.made_at + timedelta(seconds=recording.seconds or 0)
        return recording.status in {"completed", "failed"} and ended <= self._until

    def _catch_up(self, call: CarrierCall) -> str | None:
        return self._database.run(partial(self._caught_up, told=call))

    def _caught_up(self, session: Session, told: CarrierCall) -> str | None:
        """What was done: recorded as missing, ended, or nothing because a webhook came meanwhile."""
        call = find_call(session, told.sid)
        if call is not None and call.settled and call.state.final:
            return None
        event = self._event(told)
        if call is None:
            self._made(session, event, told)
        elif call.contact.ended_at is None:
            call.contact.ended_at = told.ended_at
        self._conversation.note(session, event)
        return MISSED_CALLS if call is None else ENDED

    def _made(self, session: Session, event: Event, told: CarrierCall) -> None:
        call: Call = new_call(session, event, self._conversation.contact_centre)
        call.contact.started_at, call.contact.ended_at = told.started_at, told.ended_at or told.started_at
        session.flush()
        counters.add(session, MISSED_CALLS)

    def _take_in(self, recording: CarrierRecording) -> bool:
        with self._database.reading() as session:
            if is_known(session, recording.sid):
                return False
            heard_of = _is_known_call(session, recording.call_sid)
        if not heard_of and not self._call_of(recording):
            return False
        return self._database.run(partial(self._taken_in, told=recording))

    def _call_of(self, recording: CarrierRecording) -> bool:
        """Whether its call, which began before the others, is ours and over; it is recorded first."""
        call = self._carrier.call(recording.call_sid)
        if call is None or not self._is_over(call):
            return False
        self._catch_up(call)
        return True

    def _taken_in(self, session: Session, told: CarrierRecording) -> bool:
        event = self._recording_event(told)
        call = find_call(session, event.call_sid)
        if call is None or call.heeds(event) is not event or is_known(session, told.sid):
            return False  # of another line, destroyed, or told meanwhile
        if event.recording is None or not event.recording.holds_a_message:
            return False
        self._conversation.note(session, event)
        counters.add(session, MISSED_RECORDINGS)
        return True

    def _event(self, call: CarrierCall) -> Event:
        who = {"From": call.from_, "To": call.to, "Direction": call.direction}
        how = {"CallStatus": str(call.state)} if call.state else {}
        return read_event(({"CallSid": call.sid, "AccountSid": self._account} | who | how).items())

    def _recording_event(self, recording: CarrierRecording) -> Event:
        form = {"CallSid": recording.call_sid, "AccountSid": self._account, "RecordingSid": recording.sid}
        length = {} if recording.seconds is None else {"RecordingDuration": str(recording.seconds)}
        return read_event((form | length | {"RecordingStatus": recording.status}).items())


def _is_settled(session: Session, call_sid: str) -> bool:
    here = select(Call.settled, Call.state).join(Contact, Contact.id == Call.id)
    row = session.execute(here.where(_named(call_sid))).one_or_none()
    return row is not None and row.settled and row.state.final


def _is_known_call(session: Session, call_sid: str) -> bool:
    return session.scalar(select(Contact.id).where(_named(call_sid))) is not None


def _named(call_sid: str) -> ColumnElement[bool]:
    return and_(Contact.channel == Channel.PHONE, Contact.provider_ref == call_sid)
