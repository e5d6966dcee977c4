"""Fetching a message from the carrier: real HTTP against a small carrier that can misbehave."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask, Response, request
from sqlalchemy import select

from desk.blobs import content_of
from desk.jobs import Job, JobStatus
from desk.sender import GiveUp, TryAgain
from desk.worker import Worker
from intake import phone
from intake.phone.calling_back.callbacks import mark_done
from intake.phone.carrier.client import Carrier
from intake.phone.carrier.recordings import DAMAGED, IN_CASE_NOBODY_TELLS, MISSING, TOLD_AT
from intake.phone.models import Callback
from tests.builders import a_colleague
from tests.fakes import FixedClock
from tests.intake.phone.files import a_wav
from tests.intake.phone.line import Line, new_sid, with_settings
from tests.intake.phone.servers import served
from triage.actions import Doing, Rating, close, rate
from triage.deadlines import rank
from triage.models import Attachment, Entry, Ticket
from triage.values import CloseReason, EntryKind, Outcome, Urgency

ACCOUNT = "AC" + "0" * 32


@dataclass
class Shelf:
    """A carrier that holds one recording; `answers` come first, one per request."""

    sound: bytes = field(default_factory=lambda: a_wav(7))
    answers: list[Response] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=lambda: {"token-of-a-test"})

    def app(self) -> Flask:
        app = Flask("shelf")

        @app.get("/2010-04-01/Accounts/<account>/Recordings/<sid>.wav")
        def sound(account: str, sid: str) -> Response:
            given = request.authorization
            self.asked.append((sid, given.password if given else None))
            if self.answers:
                return self.answers.pop(0)
            if account != ACCOUNT or given is None or given.password not in self.tokens:
                return Response(status=401)
            return Response(self.sound, mimetype="audio/x-wav")

        return app


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def shelf_url(shelf: Shelf) -> Iterator[str]:
    with served(shelf.app()) as url:
        yield url


@pytest.fixture
def with_shelf(line: Line, shelf_url: str) -> Line:
    """A line whose carrier keeps recordings."""
    return with_settings(line, twilio_api_url=shelf_url)


def leave_a_message(line: Line) -> tuple[str, str]:
    call = line.dial()
    call.press("0")
    return call.sid, call.speak()


def tell_it_is_there(line: Line, sid: str, recording: str, **differences: str) -> None:
    facts = {"RecordingSid": recording, "RecordingStatus": "completed", "RecordingDuration": "7"} | differences
    form = {name: value for name, value in line.form(sid, **facts).items() if name not in {"From", "To", "CallStatus"}}
    assert line.post("/phone/recording", form).status_code == 200


def work(line: Line) -> None:
    Worker(line.desk.database, phone.handlers(line.desk), schedule=lambda: None).drain()


def kept(line: Line) -> list[bytes]:
    with line.desk.database.reading() as session:
        return [content_of(session, each.blob) for each in session.scalars(select(Attachment))]


def entries(line: Line) -> list[EntryKind]:
    with line.desk.database.reading() as session:
        return list(session.scalars(select(Entry.kind).order_by(Entry.n)))


def jobs(line: Line) -> list[JobStatus]:
    with line.desk.database.reading() as session:
        return list(session.scalars(select(Job.status).where(Job.kind == "fetch_recording").order_by(Job.run_at)))


def test_a_message_is_fetched_sealed_and_kept_with_its_ticket(with_shelf: Line, shelf: Shelf) -> None:
    sid, recording = leave_a_message(with_shelf)
    tell_it_is_there(with_shelf, sid, recording)
    work(with_shelf)
    assert shelf.asked == [(recording, "token-of-a-test")]
    assert kept(with_shelf) == [shelf.sound]
    assert entries(with_shelf) == [EntryKind.OPENED, EntryKind.RECORDING]
    with with_shelf.desk.database.reading() as session:
        attachment = session.scalars(select(Attachment)).one()
        assert (attachment.position, attachment.media_type) == (recording, "audio/x-wav")
        assert attachment.ticket_id is not None
        assert attachment.filename == "ingesproken-bericht.wav"


def test_told_three_times_it_is_fetched_once(with_shelf: Line, shelf: Shelf) -> None:
    sid, recording = leave_a_message(with_shelf)
    for _ in range(3):
        tell_it_is_there(with_shelf, sid, recording)
        work(with_shelf)
    assert len(shelf.asked) == 1
    assert len(kept(with_shelf)) == 1


def test_a_carrier_that_never_tells_is_asked_all_the_same(with_shelf: Line, clock: FixedClock) -> None:
    leave_a_message(with_shelf)
    work(with_shelf)
    assert kept(with_shelf) == []
    clock.advance(IN_CASE_NOBODY_TELLS)
    work(with_shelf)
    assert len(kept(with_shelf)) == 1


def test_both_ways_of_hearing_of_a_message_keep_it_once(with_shelf: Line, shelf: Shelf, clock: FixedClock) -> None:
    sid, recording = leave_a_message(with_shelf)
    tell_it_is_there(with_shelf, sid, recording)
    clock.advance(IN_CASE_NOBODY_TELLS)
    work(with_shelf)
    assert len(kept(with_shelf)) == 1
    assert entries(with_shelf).count(EntryKind.RECORDING) == 1


def test_a_recording_that_is_told_before_the_call_has_ended_makes_the_ticket(line: Line) -> None:
    call = line.dial()
    call.press("0")
    recording = new_sid("RE")
    tell_it_is_there(line, call.sid, recording)
    assert line.contact().outcome is Outcome.VOICEMAIL
    call.speak(sid=recording)
    assert len(line.tickets()) == 1
    assert len(line.callbacks()) == 1


def test_a_recording_of_a_call_never_heard_of_makes_contact_and_ticket(line: Line) -> None:
    sid = new_sid()
    tell_it_is_there(line, sid, new_sid("RE"))
    contact = line.contact()
    assert (contact.provider_ref, contact.outcome) == (sid, Outcome.VOICEMAIL)
    assert len(line.tickets()) == 1


@pytest.mark.parametrize("status", ["absent", "in-progress"])
def test_a_recording_that_is_not_there_is_no_message(line: Line, status: str) -> None:
    call = line.dial()
    call.press("0")
    tell_it_is_there(line, call.sid, new_sid("RE"), RecordingStatus=status)
    assert line.tickets() == []


def test_a_recording_that_the_carrier_lost_is_still_a_ticket_and_says_so(line: Line) -> None:
    call = line.dial()
    call.press("0")
    tell_it_is_there(line, call.sid, new_sid("RE"), RecordingStatus="failed", RecordingDuration="0")
    assert line.contact().outcome is Outcome.VOICEMAIL
    assert jobs(line) == []
    with line.desk.database.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.kind == EntryKind.RECORDING)).one()
        assert entry.text == "De telefoonaanbieder kon de opname niet bewaren."


@pytest.mark.parametrize(
    "answer",
    [
        Response(status=404),
        Response(status=429),
        Response(status=500),
        Response(status=503),
        Response(status=401),
        Response(a_wav(7)[:-100], mimetype="audio/x-wav"),
        Response("<html>binnenkort</html>", mimetype="text/html"),
        Response(b"", mimetype="audio/x-wav"),
    ],
    ids=["404", "429", "500", "503", "401", "cut short", "no sound", "empty"],
)
def test_what_is_not_whole_is_not_kept_but_fetched_again(
    sqlite_line: Line, shelf: Shelf, shelf_url: str, clock: FixedClock, answer: Response
) -> None:
    line = with_settings(sqlite_line, twilio_api_url=shelf_url)
    sid, recording = leave_a_message(line)
    tell_it_is_there(line, sid, recording)
    shelf.answers.append(answer)
    work(line)
    assert kept(line) == []
    assert JobStatus.READY in jobs(line)
    clock.advance(IN_CASE_NOBODY_TELLS)
    work(line)
    assert kept(line) == [shelf.sound]


def test_a_refusal_for_good_is_shown_to_people(sqlite_line: Line, shelf: Shelf, shelf_url: str) -> None:
    line = with_settings(sqlite_line, twilio_api_url=shelf_url)
    sid, recording = leave_a_message(line)
    tell_it_is_there(line, sid, recording)
    shelf.answers.append(Response(status=400))
    work(line)
    assert JobStatus.DEAD in jobs(line)


def test_a_carrier_that_is_away_is_tried_again(sqlite_line: Line) -> None:
    with pytest.raises(TryAgain, match="away: ConnectionError"):
        Carrier(sqlite_line.desk.settings).recording(new_sid("RE"))


def test_while_tokens_are_rotated_each_is_tried(sqlite_line: Line, shelf: Shelf, shelf_url: str) -> None:
    secret = type(sqlite_line.desk.settings.twilio_auth_tokens[0])
    tokens = (secret("new"), secret("token-of-a-test"))
    settings = sqlite_line.desk.settings.model_copy(update={"twilio_api_url": shelf_url, "twilio_auth_tokens": tokens})
    assert Carrier(settings).recording(new_sid("RE")) == shelf.sound
    assert [password for _, password in shelf.asked] == ["new", "token-of-a-test"]


def test_a_recording_larger_than_any_call_is_given_up(sqlite_line: Line, shelf_url: str) -> None:
    settings = sqlite_line.desk.settings.model_copy(update={"twilio_api_url": shelf_url})
    with pytest.raises(GiveUp, match="larger"):
        Carrier(settings, largest=1000).recording(new_sid("RE"))


def test_the_address_in_a_webhook_is_never_fetched(with_shelf: Line, shelf: Shelf) -> None:
    sid, recording = leave_a_message(with_shelf)
    tell_it_is_there(with_shelf, sid, recording, RecordingUrl="http://127.0.0.1:1/steal")
    work(with_shelf)
    assert shelf.asked == [(recording, "token-of-a-test")]


def test_a_recording_whose_call_was_destroyed_meanwhile_is_not_kept(sqlite_line: Line, shelf_url: str) -> None:
    line = with_settings(sqlite_line, twilio_api_url=shelf_url)
    sid, recording = leave_a_message(line)
    tell_it_is_there(line, sid, recording)
    with line.desk.database.writing() as session:
        session.merge(line.contact()).data_key.destroy(line.desk.clock.real())
    work(line)
    assert kept(line) == []
    assert JobStatus.DEAD in jobs(line)


def messages(line: Line) -> list[str | None]:
    """What the timeline says of recordings."""
    with line.desk.database.reading() as session:
        found = session.scalars(select(Entry).where(Entry.kind == EntryKind.RECORDING).order_by(Entry.n))
        return [entry.text for entry in found]


def dealt_with(line: Line, *, closed: bool) -> None:
    """The ticket was rated, its caller called back, and perhaps it was closed."""
    doing = Doing(a_colleague(line.desk).id, line.desk.clock.now())
    with line.desk.database.writing() as session:
        ticket = session.scalars(select(Ticket)).one()
        rate(session, ticket, doing, Rating(Urgency.THREE_DAYS, "Kan wachten."))
        mark_done(session, ticket.number, session.scalars(select(Callback.id)).all(), doing.actor_id, "")
        if closed:
            close(session, ticket, doing, CloseReason.ADVISED)


def work_for_hours(line: Line, clock: FixedClock) -> None:
    for _ in range(TOLD_AT):
        work(line)
        clock.advance(timedelta(minutes=40))


@pytest.mark.parametrize("closed", [True, False])
def test_a_message_that_comes_after_its_ticket_was_dealt_with_waits_among_the_unread(
    with_shelf: Line, *, closed: bool
) -> None:
    sid, recording = leave_a_message(with_shelf)
    dealt_with(with_shelf, closed=closed)
    tell_it_is_there(with_shelf, sid, recording)
    work(with_shelf)
    (ticket,) = with_shelf.tickets()
    assert (ticket.is_open, ticket.rank) == (True, rank(None))
    assert len(kept(with_shelf)) == 1


def test_a_message_that_the_carrier_refuses_is_told_to_a_person(with_shelf: Line, shelf: Shelf) -> None:
    sid, recording = leave_a_message(with_shelf)
    dealt_with(with_shelf, closed=True)
    tell_it_is_there(with_shelf, sid, recording)
    shelf.answers.append(Response(status=410))
    work(with_shelf)
    assert messages(with_shelf) == ["De opname is niet opgehaald bij de telefoonaanbieder."]
    assert with_shelf.tickets()[0].is_open


def test_a_message_that_does_not_come_for_hours_is_told_once_and_still_kept_when_it_comes(
    sqlite_line: Line, shelf: Shelf, shelf_url: str, clock: FixedClock
) -> None:
    line = with_settings(sqlite_line, twilio_api_url=shelf_url)
    sid, recording = leave_a_message(line)
    tell_it_is_there(line, sid, recording)
    shelf.answers = [Response(status=404) for _ in range(5 * TOLD_AT)]
    work(line)
    assert messages(line) == []
    work_for_hours(line, clock)
    work_for_hours(line, clock)
    assert messages(line) == ["De opname is niet opgehaald bij de telefoonaanbieder."]
    shelf.answers = []
    work_for_hours(line, clock)
    assert messages(line)[1:] == [None]
    assert kept(line) == [shelf.sound]
    assert set(jobs(line)) == {JobStatus.DONE}


def test_a_message_that_the_carrier_lost_is_not_looked_for(
    sqlite_line: Line, shelf: Shelf, shelf_url: str, clock: FixedClock
) -> None:
    line = with_settings(sqlite_line, twilio_api_url=shelf_url)
    sid, recording = leave_a_message(line)
    tell_it_is_there(line, sid, recording, RecordingStatus="failed", RecordingDuration="0")
    clock.advance(IN_CASE_NOBODY_TELLS)
    work(line)
    assert (shelf.asked, jobs(line)) == ([], [JobStatus.DONE])


@pytest.mark.parametrize(("sound", "files"), [(a_wav(7)[:-100], 1), (b"<html>binnenkort</html>", 1), (b"", 0)])
def test_bytes_that_stay_unreadable_are_kept_as_they_are(
    sqlite_line: Line, shelf: Shelf, shelf_url: str, clock: FixedClock, sound: bytes, files: int
) -> None:
    line = with_settings(sqlite_line, twilio_api_url=shelf_url)
    sid, recording = leave_a_message(line)
    tell_it_is_there(line, sid, recording)
    shelf.sound = sound
    work_for_hours(line, clock)
    assert kept(line) == [sound] * files
    assert messages(line) == [DAMAGED if files else MISSING]


def test_a_message_of_a_destroyed_call_that_never_comes_is_told_to_nobody(
    sqlite_line: Line, shelf: Shelf, shelf_url: str
) -> None:
    line = with_settings(sqlite_line, twilio_api_url=shelf_url)
    sid, recording = leave_a_message(line)
    tell_it_is_there(line, sid, recording)
    with line.desk.database.writing() as session:
        session.merge(line.contact()).data_key.destroy(line.desk.clock.real())
    shelf.answers.append(Response(status=410))
    work(line)
    assert messages(line) == []
    assert JobStatus.DEAD in jobs(line)
