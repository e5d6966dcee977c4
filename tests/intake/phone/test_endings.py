"""Every call ends as exactly one contact with an outcome, wherever it ends."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from desk.calendar import calendar_of
from desk.jobs import enqueue
from desk.worker import Worker
from intake import phone
from tests.fakes import FixedClock
from tests.intake.phone.line import Line, TestCall, a_line, new_sid
from triage.missed import missed
from triage.models import Contact
from triage.values import Outcome

SUNDAY = datetime(2020, 4, 19, 10, 0, tzinfo=UTC)

OPEN_PATHS: dict[str, tuple[tuple[str, ...], Outcome]] = {
    "in the greeting": ((), Outcome.ABANDONED),
    "after a wrong key": (("5",), Outcome.ABANDONED),
    "when asked for a number": (
        (
            "0",
            "9",
        ),
        Outcome.ABANDONED,
    ),
    "after a number that failed": (("0", "9", "112"), Outcome.ABANDONED),
    "at the read-back": (("0", "9", "0600000142"), Outcome.ABANDONED),
    "after refusing the read-back": (("0", "9", "0600000142", "2"), Outcome.ABANDONED),
    "while the promise is spoken": (("0", "9", "0600000142", "1"), Outcome.CALLBACK),
    "in the voicemail text": (("0",), Outcome.ABANDONED),
    "at the tone": (("",), Outcome.ABANDONED),
}
CLOSED_PATHS: dict[str, tuple[tuple[str, ...], Outcome]] = {
    "in the closed text": ((), Outcome.TOLD_CLOSED),
    "after a wrong key": (("5",), Outcome.TOLD_CLOSED),
    "when asked for a number": (("1",), Outcome.TOLD_CLOSED),
    "at the read-back": (("1", "0600000142"), Outcome.TOLD_CLOSED),
    "while the promise is spoken": (("1", "0600000142", "1"), Outcome.CALLBACK),
    "after silence": (("",), Outcome.TOLD_CLOSED),
}


def follow(line: Line, keys: tuple[str, ...]) -> TestCall:
    if "9" in keys:
        line.busy()
    call = line.dial()
    for pressed in keys:
        call.press(pressed)
    return call


def work(line: Line) -> None:
    """Do every job that is due."""
    Worker(line.desk.database, phone.handlers(line.desk), schedule=lambda: None).drain()


def settle_silent_calls(line: Line) -> None:
    line.desk.database.run(lambda session: enqueue(session, "settle_calls", {}))
    work(line)


def ended_well(line: Line, outcome: Outcome) -> None:
    contact = line.contact()
    needs_no_ticket = outcome is not Outcome.CALLBACK
    assert (contact.outcome, contact.to_tick_off) == (outcome, needs_no_ticket)
    assert (contact.ticket_id is None) is needs_no_ticket
    assert contact.ended_at is not None
    assert len(line.tickets()) == (0 if needs_no_ticket else 1)


@pytest.mark.parametrize("where", OPEN_PATHS)
def test_a_hang_up_in_opening_hours_is_listed_at_once(line: Line, where: str) -> None:
    keys, outcome = OPEN_PATHS[where]
    follow(line, keys).hang_up()
    ended_well(line, outcome)


@pytest.mark.parametrize("where", CLOSED_PATHS)
def test_a_hang_up_after_hours_is_listed_too(line: Line, clock: FixedClock, where: str) -> None:
    clock.set(SUNDAY)
    keys, outcome = CLOSED_PATHS[where]
    follow(line, keys).hang_up()
    ended_well(line, outcome)


def test_who_rang_before_opening_and_hung_up_after_it_was_missed(line: Line, clock: FixedClock) -> None:
    clock.set(datetime(2020, 4, 15, 6, 59, 50, tzinfo=UTC))
    call = line.dial()
    clock.set(datetime(2020, 4, 15, 7, 0, 30, tzinfo=UTC))
    call.press("")
    call.press("0")
    call.hang_up()
    assert line.contact().told == "T8 T1 T2 T7"
    ended_well(line, Outcome.ABANDONED)
    with line.desk.database.reading() as session:
        found = missed(session, calendar_of(session), clock.now())
    assert (len(found.gone), len(found.after_hours)) == (1, 0)


def test_who_rang_before_closing_and_hung_up_after_it_was_told_so(line: Line, clock: FixedClock) -> None:
    clock.set(datetime(2020, 4, 14, 14, 59, 50, tzinfo=UTC))
    call = line.dial()
    clock.set(datetime(2020, 4, 14, 15, 0, 5, tzinfo=UTC))
    call.press("0")
    call.hang_up()
    assert line.contact().told == "T1 T2 T8"
    ended_well(line, Outcome.TOLD_CLOSED)


@pytest.mark.parametrize("where", OPEN_PATHS)
def test_a_call_whose_last_webhook_never_comes_is_settled_by_a_job(
    sqlite_line: Line, clock: FixedClock, where: str
) -> None:
    keys, outcome = OPEN_PATHS[where]
    follow(sqlite_line, keys)
    clock.advance(timedelta(minutes=14))
    settle_silent_calls(sqlite_line)
    if outcome is not Outcome.CALLBACK:
        assert sqlite_line.contact().outcome is Outcome.IN_PROGRESS
    clock.advance(timedelta(minutes=2))
    settle_silent_calls(sqlite_line)
    settle_silent_calls(sqlite_line)
    ended_well(sqlite_line, outcome)


def test_settling_works_on_both_engines(line: Line, clock: FixedClock) -> None:
    line.dial()
    clock.advance(timedelta(minutes=16))
    settle_silent_calls(line)
    ended_well(line, Outcome.ABANDONED)


def test_settling_is_scheduled(line: Line) -> None:
    kinds = {item.kind for item in phone.RECURRING}
    assert kinds <= set(phone.handlers(line.desk))


@pytest.mark.parametrize("status", ["busy", "failed", "no-answer", "canceled", "completed"])
def test_a_call_that_the_desk_never_answered_is_listed_as_failed(line: Line, status: str) -> None:
    line.tell(new_sid(), CallStatus=status)
    ended_well(line, Outcome.FAILED)


def test_a_call_given_up_for_lost_that_goes_on_still_becomes_a_ticket(line: Line, clock: FixedClock) -> None:
    call = follow(line, ("0", "9", "0600000142"))
    clock.advance(timedelta(minutes=16))
    settle_silent_calls(line)
    assert line.contact().outcome is Outcome.ABANDONED
    call.press("1")
    call.hang_up()
    ended_well(line, Outcome.CALLBACK)


def test_a_status_that_overtakes_the_message_does_not_hide_it(line: Line) -> None:
    call = follow(line, ("0",))
    call.hang_up()
    assert line.contact().outcome is Outcome.ABANDONED
    call.speak(hang_up=True)
    contact = line.contact()
    assert (contact.outcome, contact.to_tick_off) == (Outcome.VOICEMAIL, False)
    assert len(line.tickets()) == 1


def test_a_tick_of_a_person_stays(line: Line) -> None:
    call = follow(line, ())
    call.hang_up()
    with line.desk.database.writing() as session:
        contact = session.merge(line.contact())
        contact.to_tick_off, contact.ticked_off_at = False, line.desk.clock.now()
    call.hang_up()
    assert not line.contact().to_tick_off


def test_an_empty_recording_is_no_message(line: Line) -> None:
    call = follow(line, ("0",))
    call.speak(seconds=0, hang_up=True)
    call.hang_up()
    ended_well(line, Outcome.ABANDONED)


@pytest.mark.parametrize(
    "keys", [("0", "9", "0600000777"), ("0", "9", "0600000777", "2"), ("0", "9", "0600000777", "")]
)
def test_a_number_that_was_keyed_but_not_confirmed_is_listed_with_the_call(line: Line, keys: tuple[str, ...]) -> None:
    call = follow(line, keys)
    call.hang_up()
    call.hang_up()
    ended_well(line, Outcome.ABANDONED)
    assert texts(line) == ["Toetste 06 - 0000 0777, niet bevestigd."]


def test_who_keyed_no_number_has_no_words(sqlite_line: Line) -> None:
    follow(sqlite_line, ("0", "9", "112")).hang_up()
    assert texts(sqlite_line) == [None]


def test_a_message_after_a_number_that_was_not_confirmed_has_that_number_too(sqlite_line: Line) -> None:
    call = follow(sqlite_line, ("0", "9", "0600000777", "", "", ""))
    call.speak(hang_up=True)
    (text,) = texts(sqlite_line)
    assert str(text).endswith("Gebeld met: 06 - 0000 0142. Toetste 06 - 0000 0777, niet bevestigd.")


def texts(line: Line) -> list[str | None]:
    with line.desk.database.reading() as session:
        return [contact.text for contact in session.scalars(select(Contact))]


def restart(line: Line) -> Line:
    """A new process over the same database: nothing of a call is kept in memory."""
    return a_line(line.desk)


@pytest.mark.parametrize("where", OPEN_PATHS)
def test_a_desk_that_restarts_between_any_two_webhooks_loses_no_call(sqlite_line: Line, where: str) -> None:
    keys, outcome = OPEN_PATHS[where]
    if "9" in keys:
        sqlite_line.busy()
    call = sqlite_line.dial()
    for pressed in keys:
        call.line = restart(call.line)
        call.press(pressed)
    call.line = restart(call.line)
    call.hang_up()
    ended_well(sqlite_line, outcome)


@pytest.mark.parametrize("where", OPEN_PATHS)
def test_every_webhook_twice_hears_the_same_twice_and_counts_once(sqlite_line: Line, where: str) -> None:
    keys, outcome = OPEN_PATHS[where]
    if "9" in keys:
        sqlite_line.busy()
    call = sqlite_line.dial()
    call.again()
    for pressed in keys:
        call.press(pressed)
        once = call.spoken
        call.again()
        assert call.spoken == once
    call.hang_up()
    call.hang_up()
    ended_well(sqlite_line, outcome)
