"""Small pure things: due times, numbers, what a caller heard, what to do next, file names."""

from datetime import UTC, datetime, timedelta

import pytest

from hours import Calendar
from triage import words
from triage.due import due_of, short_moment
from triage.files import safe_name, size_words
from triage.next_steps import can_it_wait, next_steps
from triage.search import number_in
from triage.telephone import dial_link, shown
from triage.told import heard_the_danger_line, told_words
from triage.values import Category, Channel, CloseReason, Direction, EntryKind, Outcome, Status, Urgency

NOW = datetime(2020, 4, 15, 7, 42, tzinfo=UTC)  # wednesday, 9.42 in Rotterdam
FRIDAY_1630 = datetime(2020, 4, 17, 14, 30, tzinfo=UTC)
CALENDAR = Calendar()


def test_a_due_time_today_is_a_clock_and_later_a_weekday_and_then_a_date() -> None:
    assert short_moment(NOW + timedelta(minutes=9), NOW) == "9.51"
    assert short_moment(NOW - timedelta(hours=17, minutes=12), NOW) == "di 16.30"
    assert short_moment(NOW + timedelta(days=1), NOW) == "do 9.42"
    assert short_moment(NOW + timedelta(days=12), NOW) == "27 april"


def test_acute_burns_on_the_wall_clock_of_half_an_hour() -> None:
    due = due_of(CALENDAR, Urgency.ACUTE, NOW, NOW + timedelta(minutes=9), NOW)
    assert (due.share, due.left, due.late) == (70, "nog 9 min", False)


def test_the_rest_burns_only_while_the_desk_is_open() -> None:
    opened, at = datetime(2020, 4, 14, 15, 0, tzinfo=UTC), datetime(2020, 4, 15, 8, 0, tzinfo=UTC)
    assert due_of(CALENDAR, None, opened, at, datetime(2020, 4, 15, 6, 59, tzinfo=UTC)).share == 0
    assert due_of(CALENDAR, None, opened, at, datetime(2020, 4, 15, 7, 30, tzinfo=UTC)).share == 50


def test_what_is_late_has_burnt_up() -> None:
    due = due_of(CALENDAR, Urgency.TODAY, NOW - timedelta(days=1), NOW, NOW)
    assert (due.share, due.late) == (100, True)


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("+31600000142", "06 - 0000 0142"),
        ("0600000142", "06 - 0000 0142"),
        ("+31100000188", "010 - 000 01 88"),
        ("+3225550100", "+3225550100"),
        ("sip:desk@example.nl", "sip:desk@example.nl"),
        ("14010", "14010"),
    ],
)
def test_a_number_is_shown_as_people_read_it(number: str, read: str) -> None:
    assert shown(number) == read


def test_only_a_number_that_can_be_dialled_gets_a_button() -> None:
    assert dial_link("06 - 0000 0142") == "tel:0600000142"
    assert dial_link("+31 (0)6 00000142") == "tel:+310600000142"
    assert dial_link("vraag naar Ans") is None
    assert dial_link(None) is None
    assert dial_link("javascript:alert(1)") is None


def test_what_a_caller_heard_is_told_once_and_an_unknown_text_by_its_code() -> None:
    assert told_words("T1 T7 T1") == ("bij gevaar 112 bellen", "inspreken na de piep; bij haast Veilig Thuis")
    assert told_words("T99") == ("T99",)
    assert told_words("") == ()
    assert heard_the_danger_line("T1")
    assert not heard_the_danger_line("T6")


@pytest.mark.parametrize(("seconds", "heard"), [(1, False), (3, False), (4, True), (60, True)])
def test_who_hung_up_at_once_heard_nothing_of_danger(seconds: int, heard: bool) -> None:  # noqa: FBT001
    assert heard_the_danger_line("T1 T2", timedelta(seconds=seconds)) is heard


def test_an_unread_ticket_is_read_first_and_a_closed_one_asks_nothing() -> None:
    steps = next_steps(None, Status.NEW, NOW, claimed=False)
    assert [step.what for step in steps] == ["Lees en beoordeel", "Pak de melding op"]
    assert next_steps(Urgency.ACUTE, Status.CLOSED, NOW, claimed=False) == ()


@pytest.mark.parametrize(
    ("urgency", "status", "first"),
    [
        (Urgency.ACUTE, Status.CLAIMED, "Draag over, per telefoon"),
        (Urgency.ACUTE, Status.HANDED_OVER, "Laat de overdracht bevestigen"),
        (Urgency.TODAY, Status.CLAIMED, "Besluit wat er gebeurt"),
    ],
)
def test_the_next_step_follows_from_urgency_and_state(urgency: Urgency, status: Status, first: str) -> None:
    assert next_steps(urgency, status, NOW, claimed=True)[0].what == first


def test_once_somebody_took_it_over_the_reporter_is_told() -> None:
    steps = next_steps(Urgency.ACUTE, Status.HANDED_OVER, NOW, claimed=True, taken=True)
    assert [step.what for step in steps] == ["Vertel de melder wat er gebeurt"]


def test_in_the_last_hour_the_screen_asks_whether_it_can_wait() -> None:
    assert can_it_wait(CALENDAR, Urgency.TODAY, Status.CLAIMED, FRIDAY_1630) == "Kan dit wachten tot maandag 20 april?"
    assert can_it_wait(CALENDAR, None, Status.NEW, FRIDAY_1630) is not None
    assert can_it_wait(CALENDAR, Urgency.ONE_DAY, Status.CLAIMED, FRIDAY_1630) is None
    assert can_it_wait(CALENDAR, Urgency.TODAY, Status.HANDED_OVER, FRIDAY_1630) is None
    assert can_it_wait(CALENDAR, Urgency.TODAY, Status.CLAIMED, NOW) is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("4821 7739", "48217739"),
        ("4821 7738", None),
        ("[melding 4821 7739]", "48217739"),
        ("#48217739", "48217739"),
        ("nr 48217739", "48217739"),
        ("Meldnummer: 4821-7739", "48217739"),
        ("0000 0000", "00000000"),
        ("melding 0000.0000", "00000000"),
        ("Hanna", None),
        ("06 0000 0142", None),
        ("\N{ARABIC-INDIC DIGIT ZERO}" * 8, None),
    ],
)
def test_a_number_is_recognised_by_its_check_digit(typed: str, number: str | None) -> None:
    assert number_in(typed) == number


def test_a_file_name_is_a_name_and_nothing_else() -> None:
    assert safe_name("..\\..\\C:/x/verslag\r\n.pdf") == "verslag.pdf"
    assert safe_name("\u202egpj.exe") == "gpj.exe"
    assert safe_name(" . ") == "bestand"
    assert safe_name(None) == "bestand"
    assert len(safe_name("a" * 500 + ".pdf")) == 120


def test_a_size_is_said_as_people_say_it() -> None:
    assert [size_words(size) for size in (0, 214_400, 3_240_000)] == ["1 kB", "214 kB", "3,2 MB"]


def test_every_value_has_its_word() -> None:
    assert set(words.PACES) == set(Urgency)
    assert set(words.CATEGORIES) == set(Category)
    assert set(words.CHANNELS) == set(Channel)
    assert set(words.STATES) == set(Status)
    assert set(words.CLOSE_REASONS) == set(CloseReason)
    assert set(Outcome) - {Outcome.TICKET} <= {*words.CALL_ENDS, *words.MAIL_ENDS}
    assert set(words.ENTRY_ICONS) <= set(EntryKind)
    assert set(Direction) == {Direction.IN, Direction.OUT}


def test_no_word_on_screen_is_from_a_help_desk() -> None:
    shown_words = " ".join(
        [*words.STATES.values(), *words.CLOSE_REASONS.values(), *words.CALL_ENDS.values()]
    ).casefold()
    assert not {"klant", "ticket", "sla"} & set(shown_words.split())
