"""What waited beside the database is brought into it: every call once, begun when it began, told what was told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from desk.desk import Desk
from desk.jobs import Job
from intake.phone.away.replay import TRIES, Replay
from intake.phone.away.spool import FOLDER, Spool, spool_of
from intake.phone.away.spooled import Spooled
from intake.phone.script import Line as Words
from tests.conftest import TUESDAY
from tests.fakes import FixedClock
from tests.intake.phone.line import Line, TestCall, a_line, new_sid
from tests.intake.phone.test_faults import give_back_table, take_table
from triage.values import Outcome

SUNDAY = datetime(2020, 4, 19, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NUMBER = "0600000142"


@pytest.fixture
def spool(sqlite_desk: Desk) -> Spool:
    return spool_of(sqlite_desk)


def waits(line: Line, path: str, told: str = "", **differences: str) -> str:
    """A webhook that was answered while the database was away; returns its call."""
    sid = differences.pop("sid", "") or new_sid()
    now, form = line.desk.clock.now(), tuple(line.form(sid, **differences).items())
    last = Words(told, f"Verzonnen woorden van {told}.") if told else None
    spool_of(line.desk).put(Spooled(path, form, now, line.desk.clock.real(), last))
    return sid


def away(line: Line, during: Callable[[], object]) -> None:
    """Do something while the database is away, and bring in what waited a minute later."""
    take_table(line)
    during()
    give_back_table(line)
    assert isinstance(line.desk.clock, FixedClock)
    line.desk.clock.advance(MINUTE)
    Replay(line.desk)()
    assert not spool_of(line.desk).waiting()


def a_whole_call(line: Line) -> TestCall:
    call = line.dial()
    call.hang_up()
    return call


def test_a_caller_who_heard_of_a_fault_is_one_contact_that_began_when_it_began(line: Line) -> None:
    away(line, lambda: a_whole_call(line))
    contact = line.contact()
    assert (contact.outcome, contact.told, contact.to_tick_off) == (Outcome.FAILED, "T11", True)
    assert (contact.started_at, contact.ended_at) == (TUESDAY, TUESDAY)
    assert line.tickets() == []


def test_a_caller_who_heard_that_the_desk_is_closed_is_listed_as_such(line: Line, clock: FixedClock) -> None:
    line.dial()  # so that the calendar is known
    clock.set(SUNDAY)
    away(line, lambda: a_whole_call(line))
    contact = line.contacts()[-1]
    assert (contact.outcome, contact.told, contact.started_at) == (Outcome.TOLD_CLOSED, "T8", SUNDAY)


def test_colleagues_see_whom_to_call_back(sqlite_line: Line, staff: Callable[..., FlaskClient]) -> None:
    away(sqlite_line, lambda: a_whole_call(sqlite_line))
    page = staff().get("/oproepen").text
    assert "06 - 0000 0142" in page
    assert page.count("er is een storing") == 1


def test_a_call_that_was_cut_off_in_the_middle_keeps_what_was_said_before(line: Line) -> None:
    call = line.dial()
    away(line, lambda: (call.press("1"), call.hang_up()))
    contact = line.contact()
    assert call.verbs == ["Say", "Hangup"]
    assert (contact.outcome, contact.told, contact.to_tick_off) == (Outcome.FAILED, "T1 T2 T11", True)


def test_a_number_that_was_just_keyed_in_is_not_lost(line: Line) -> None:
    call = line.dial()
    call.ask_for_a_call()
    away(line, lambda: (call.press(NUMBER), call.hang_up()))
    assert line.contact().outcome is Outcome.FAILED
    with line.desk.database.reading() as session:
        assert session.merge(line.contact()).text == "Toetste 06 - 0000 0142, niet bevestigd."


def test_a_message_that_was_just_spoken_becomes_one_ticket_and_is_fetched_once(line: Line) -> None:
    call = line.dial()
    call.press("0")

    def speak() -> None:
        recording = call.speak()
        call.again()
        facts = {"RecordingSid": recording, "RecordingStatus": "completed", "RecordingDuration": "7"}
        line.tell(call.sid, "/phone/recording", **facts)
        call.hang_up()

    away(line, speak)
    assert line.contact().outcome is Outcome.VOICEMAIL
    (ticket,) = line.tickets()
    assert ticket.opened_at == TUESDAY
    with line.desk.database.reading() as session:
        kinds = list(session.scalars(select(Job.kind).where(Job.kind == "fetch_recording")))
    assert len(kinds) == 1


def test_a_repeated_webhook_and_a_repeated_replay_change_nothing(line: Line) -> None:
    sid = waits(line, "/phone/incoming", "T11", CallStatus="ringing")
    waits(line, "/phone/incoming", "T11", CallStatus="ringing", sid=sid)
    folder = line.desk.settings.data_dir / FOLDER
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    Replay(line.desk)()
    before = (line.contact().told, line.contact().outcome, line.contact().started_at)
    for name, content in kept.items():  # a power cut brought them back
        (folder / name).write_bytes(content)
    Replay(line.desk)()
    assert (line.contact().told, line.contact().outcome, line.contact().started_at) == before
    assert before == ("T11", Outcome.IN_PROGRESS, TUESDAY)


def test_a_first_turn_that_was_committed_after_all_is_the_same_contact(line: Line) -> None:
    call = line.dial()
    waits(line, "/phone/incoming", "T11", CallStatus="ringing", sid=call.sid)
    waits(line, "/phone/status", CallStatus="completed", sid=call.sid)
    Replay(line.desk)()
    assert (line.contact().outcome, line.contact().told) == (Outcome.FAILED, "T1 T2 T11")


def test_an_answer_that_came_too_late_was_never_heard(line: Line) -> None:
    call = line.dial()
    waits(line, "/phone/incoming", "T11", CallStatus="ringing", sid=call.sid)
    call.ask_for_a_call()
    for keys in (NUMBER, "1"):
        call.press(keys)
    waits(line, "/phone/turn/1", "T11", Digits="0", sid=call.sid)
    Replay(line.desk)()
    call.hang_up()
    assert (line.contact().outcome, line.contact().told) == (Outcome.CALLBACK, "T1 T2 T4 T6")
    assert len(line.callbacks()) == 1


def test_a_later_webhook_that_was_recorded_first_does_not_make_the_call_begin_later(
    line: Line, clock: FixedClock
) -> None:
    sid = waits(line, "/phone/incoming", "T11", CallStatus="ringing")
    clock.advance(MINUTE)
    line.tell(sid, CallStatus="completed")
    Replay(line.desk)()
    contact = line.contact()
    assert (contact.started_at, contact.ended_at) == (TUESDAY, TUESDAY + MINUTE)
    assert (contact.outcome, contact.told) == (Outcome.FAILED, "T11")


def test_while_the_database_is_away_still_everything_waits_on_in_order(line: Line) -> None:
    for _ in range(3):
        waits(line, "/phone/incoming", "T11")
    spool = spool_of(line.desk)
    before = spool.waiting()
    take_table(line)
    for _ in range(TRIES + 1):
        with pytest.raises(Exception, match="phone_call"):
            Replay(line.desk)()
    assert (spool.waiting(), spool.aside()) == (before, [])
    give_back_table(line)
    Replay(line.desk)()
    assert len(line.contacts()) == 3


def test_what_cannot_be_read_is_set_aside_and_holds_up_nobody(sqlite_line: Line, spool: Spool) -> None:
    for _ in range(3):
        waits(sqlite_line, "/phone/incoming", "T11")
    first, _second, third = spool.waiting()
    folder = sqlite_line.desk.settings.data_dir / FOLDER
    for name in (first, third):
        (folder / name).write_bytes((folder / name).read_bytes()[:-9])
    Replay(sqlite_line.desk)()
    assert (spool.waiting(), spool.aside()) == ([], [first, third])
    assert len(sqlite_line.contacts()) == 1


def test_what_fails_again_and_again_is_set_aside_and_holds_up_nobody(
    sqlite_line: Line, spool: Spool, caplog: pytest.LogCaptureFixture
) -> None:
    waits(sqlite_line, "/phone/incoming", "T11", CallSid="")
    waits(sqlite_line, "/phone/incoming", "T11")
    replay, (bad, _good) = Replay(sqlite_line.desk), spool.waiting()
    replay()
    assert (spool.waiting(), len(sqlite_line.contacts())) == ([bad], 1)
    for _ in range(TRIES):
        replay()
    assert (spool.waiting(), spool.aside()) == ([], [bad])
    assert "set aside for a person" in caplog.text
    assert "+316" not in caplog.text


def test_what_the_database_alone_refuses_waits_on_and_holds_up_nobody(sqlite_line: Line, spool: Spool) -> None:
    refused = waits(sqlite_line, "/phone/incoming", "T11")
    others = {waits(sqlite_line, "/phone/incoming", "T11") for _ in range(3)}
    (first, *_) = spool.waiting()
    when = f"BEFORE INSERT ON contact WHEN NEW.provider_ref = '{refused}'"
    with sqlite_line.desk.database.writing() as session:
        session.execute(text(f"CREATE TRIGGER refuse {when} BEGIN SELECT 1 WHERE json('{{') IS NULL; END"))
    for _ in range(TRIES + 1):
        with pytest.raises(OperationalError, match="malformed JSON"):
            Replay(sqlite_line.desk)()
    assert {contact.provider_ref for contact in sqlite_line.contacts()} == others
    assert (spool.waiting(), spool.aside()) == ([first], [])


def test_two_processes_do_not_bring_in_the_same_at_once(sqlite_line: Line, spool: Spool) -> None:
    waits(sqlite_line, "/phone/incoming", "T11")
    with spool.alone():
        Replay(sqlite_line.desk)()
        assert sqlite_line.contacts() == []
    Replay(sqlite_line.desk)()
    assert len(sqlite_line.contacts()) == 1


def test_a_call_that_was_destroyed_meanwhile_gets_nothing_back(sqlite_line: Line, spool: Spool) -> None:
    call = sqlite_line.dial()
    call.ask_for_a_call()
    waits(sqlite_line, "/phone/turn/3", "T11", Digits=NUMBER, sid=call.sid)
    with sqlite_line.desk.database.writing() as session:
        session.merge(sqlite_line.contact()).data_key.destroy(sqlite_line.desk.clock.real())
    Replay(sqlite_line.desk)()
    assert spool.waiting() == []
    (record,) = sqlite_line.calls()
    assert record.number_sealed is None


def test_an_unknown_path_is_taken_like_any_other(sqlite_line: Line) -> None:
    waits(sqlite_line, "/phone/ring/5/leg", ParentCallSid=new_sid(), CallStatus="completed")
    Replay(sqlite_line.desk)()
    assert sqlite_line.contact().outcome is Outcome.IN_PROGRESS


def test_the_next_process_finds_what_the_last_one_left(sqlite_line: Line) -> None:
    take_table(sqlite_line)
    a_whole_call(sqlite_line)
    give_back_table(sqlite_line)
    Replay(a_line(sqlite_line.desk).desk)()
    assert sqlite_line.contact().outcome is Outcome.FAILED
