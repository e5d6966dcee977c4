"""What a caller meets while the desk is open."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from desk.documents import write
from hours import at_local
from intake.phone.menu import Step
from intake.phone.models import Callback
from intake.phone.texts.prompts import SEED
from tests.fakes import FixedClock
from tests.intake.phone.line import Line, with_settings
from triage.models import Contact, Ticket
from triage.values import Channel, Outcome, Status

FIVE_O_CLOCK = datetime(2020, 4, 14, 15, 0, tzinfo=UTC)
EARLY = """
starts_on = 2020-04-14
[[special_days]]
day = 2020-04-14
windows = ["9.00-15.00"]
"""


MENU = (
    "Een medewerker spreken? Kies 0. Heeft u al een nummer van ons? Kies 1. "
    "Werkt u niet in de zorg, het onderwijs of de kinderopvang? Kies 2."
)


def ask_to_be_called_back(line: Line, number: str = "0600000142", **differences: str) -> None:
    line.busy()
    call = line.dial(**differences)
    for keys in ("0", "9", number, "1"):
        call.press(keys)
    call.hang_up()


def test_the_first_words_are_about_a_child_in_danger(line: Line) -> None:
    call = line.dial()
    assert call.said == [
        "Meldpunt kwetsbare kinderen. Is een kind nu in gevaar? Hang op en bel één, één, twee.",
        MENU,
    ]


def test_a_call_back_request_becomes_a_ticket_with_its_promise(line: Line) -> None:
    call = line.dial()
    call.ask_for_a_call()
    assert call.said[-1] == "Op welk nummer bereiken wij u rechtstreeks? Toets het in, met een hekje erachter."
    call.press("0600000777")
    assert call.said[-1] == "U toetste nul zes, nul nul nul nul, nul zeven zeven zeven. Klopt dat? Kies 1."
    call.press("1")
    assert call.said[-1].startswith("Wij bellen u terug, uiterlijk vandaag om vijf uur.")
    assert call.verbs == ["Say", "Hangup"]
    (ticket,) = line.tickets()
    contact = line.contact()
    assert (ticket.channel, ticket.status, contact.ticket_id) == (Channel.PHONE, Status.NEW, ticket.id)
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.CALLBACK, False, "T1 T2 T4 T6")
    (promise,) = line.callbacks()
    assert (promise.ticket_id, promise.contact_id, promise.promised_at) == (ticket.id, contact.id, FIVE_O_CLOCK)
    call.hang_up()
    assert line.contact().outcome is Outcome.CALLBACK


def test_the_number_to_call_is_the_one_keyed_in(line: Line) -> None:
    ask_to_be_called_back(line, "0600000777")
    with line.desk.database.reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert (ticket.subject, ticket.reporter_phone) == ("Terugbelverzoek", "+31600000777")
        assert ticket.text == "Iemand belde en vroeg om teruggebeld te worden. Gebeld met: 06 - 0000 0142."
        assert session.scalars(select(Callback)).one().number == "+31600000777"
        assert session.scalars(select(Contact)).one().from_address == "+31600000142"


@pytest.mark.parametrize(
    ("caller", "words"),
    [
        ("anonymous", "Het nummer was afgeschermd."),
        ("sip:balie@school.example", "Gebeld met: sip:balie@school.example."),
    ],
)
def test_the_ticket_says_where_the_call_came_from(sqlite_line: Line, caller: str, words: str) -> None:
    ask_to_be_called_back(sqlite_line, From=caller)
    with sqlite_line.desk.database.reading() as session:
        assert str(session.scalars(select(Ticket)).one().text).endswith(words)


def test_a_call_put_through_by_the_contact_centre_says_so(sqlite_line: Line) -> None:
    line = with_settings(sqlite_line, contact_centre_numbers=("+31102671625",))
    ask_to_be_called_back(line, From="+31102671625")
    with line.desk.database.reading() as session:
        assert str(session.scalars(select(Ticket)).one().text).endswith(
            "Doorverbonden door het contactcentrum (14 010)."
        )


@pytest.mark.parametrize("keyed", ["112", "", "1234", "0102671625"])
def test_a_number_that_cannot_be_called_is_asked_again(sqlite_line: Line, keyed: str) -> None:
    line = with_settings(sqlite_line, contact_centre_numbers=("010 267 16 25",))
    call = line.dial()
    call.ask_for_a_call()
    call.press(keyed)
    assert call.said[-1].startswith("Op welk nummer")
    call.press("0600000142")
    call.press("1")
    assert line.contact().outcome is Outcome.CALLBACK


def test_three_numbers_that_fail_end_at_voicemail(line: Line) -> None:
    call = line.dial()
    call.ask_for_a_call()
    for keyed in ("112", "0600000142", "", ""):
        call.press(keyed)
    assert call.said[-1].startswith("Wij kunnen nu niet opnemen.")
    assert call.verbs == ["Say", "Record"]
    assert line.tickets() == []


def test_a_wrong_key_hears_the_choices_once_more(line: Line) -> None:
    call = line.dial()
    call.press("5")
    assert call.said[-1] == MENU
    call.press("5")
    assert call.verbs == ["Say", "Record"]


def test_a_message_becomes_a_ticket_at_once(line: Line) -> None:
    call = line.dial()
    call.press("0")
    assert "Wij bellen u terug, uiterlijk vandaag om vijf uur." in call.said[-1]
    recording = call.speak()
    assert (call.spoken, call.verbs) == (["Dank u. Uw bericht is opgenomen."], ["Say", "Hangup"])
    contact = line.contact()
    (ticket,) = line.tickets()
    assert (contact.outcome, contact.ticket_id, contact.told) == (Outcome.VOICEMAIL, ticket.id, "T1 T2 T7 T14")
    (promise,) = line.callbacks()
    assert (promise.promised_at, promise.number_hash) == (FIVE_O_CLOCK, None)
    (record,) = line.calls()
    assert (record.recording_sid, record.step) == (recording, Step.LEFT)


def test_hanging_up_while_speaking_leaves_the_message(line: Line) -> None:
    call = line.dial()
    call.press("")
    call.speak(hang_up=True)
    call.hang_up()
    contact = line.contact()
    assert (contact.outcome, contact.to_tick_off) == (Outcome.VOICEMAIL, False)
    assert contact.ended_at is not None


def test_a_ticket_is_due_no_later_than_the_promise(sqlite_line: Line, clock: FixedClock) -> None:
    clock.set(datetime(2020, 4, 14, 14, 45, tzinfo=UTC))  # 16.45: promised for tomorrow noon, to be read before closing
    ask_to_be_called_back(sqlite_line)
    (ticket,) = sqlite_line.tickets()
    (promise,) = sqlite_line.callbacks()
    assert ticket.due_at <= promise.promised_at


@pytest.mark.parametrize(
    ("hour", "minute", "promised"),
    [(15, 30, "vandaag om vijf uur"), (15, 31, "morgen om twaalf uur"), (16, 59, "morgen om twaalf uur")],
)
def test_late_callers_are_promised_the_next_morning(
    sqlite_line: Line, clock: FixedClock, hour: int, minute: int, promised: str
) -> None:
    clock.set(datetime(2020, 4, 14, hour - 2, minute, tzinfo=UTC))
    sqlite_line.busy()
    call = sqlite_line.dial()
    for keys in ("0", "9", "0600000142", "1"):
        call.press(keys)
    assert f"uiterlijk {promised}." in call.said[-1]


def test_the_promise_that_was_spoken_is_the_one_that_counts(sqlite_line: Line, clock: FixedClock) -> None:
    clock.set(datetime(2020, 4, 14, 13, 29, 59, tzinfo=UTC))
    call = sqlite_line.dial()
    call.press("0")
    clock.advance(timedelta(seconds=90))  # the message ends after half past three
    call.speak()
    (promise,) = sqlite_line.callbacks()
    assert promise.promised_at == FIVE_O_CLOCK


def test_a_day_that_closes_early_is_announced(sqlite_line: Line) -> None:
    sqlite_line.dial()
    with sqlite_line.desk.database.writing() as session:
        write(session, "calendar", EARLY, "test")
    call = sqlite_line.dial()
    assert "Let op: wij zijn vandaag open tot drie uur." in call.said
    assert "T1 T10 T2" in {contact.told for contact in sqlite_line.contacts()}


def test_a_text_that_is_changed_is_spoken_from_the_next_call_on(sqlite_line: Line) -> None:
    sqlite_line.dial()
    with sqlite_line.desk.database.writing() as session:
        write(
            session,
            "prompts",
            SEED.read_text("utf-8").replace("Een medewerker spreken?", "Liever een medewerker spreken?"),
            "x",
        )
    assert "Liever een medewerker spreken?" in sqlite_line.dial().told


def test_a_desk_that_closes_during_a_call_takes_no_message_any_more(line: Line, clock: FixedClock) -> None:
    clock.set(datetime(2020, 4, 14, 14, 59, 50, tzinfo=UTC))
    call = line.dial()
    clock.advance(timedelta(seconds=10))
    call.press("0")
    assert call.verbs == ["Gather"]
    assert "Wij zijn gesloten" in call.said[-1]
    call.hang_up()
    contact = line.contact()
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.TOLD_CLOSED, True, "T1 T2 T8")


@pytest.mark.parametrize(
    ("clock_time", "is_open"),
    [(time(8, 59, 59), False), (time(9), True), (time(16, 59, 59), True), (time(17), False)],
)
def test_the_desk_opens_and_closes_at_the_second(
    sqlite_line: Line,
    clock: FixedClock,
    clock_time: time,
    is_open: bool,  # noqa: FBT001
) -> None:
    clock.set(at_local(date(2020, 4, 15), clock_time))
    assert ("Een medewerker spreken?" in sqlite_line.dial().told) is is_open
