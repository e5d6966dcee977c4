"""What a caller meets while the desk is closed."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes import FixedClock
from tests.intake.phone.line import Line
from triage.values import Outcome

KINGS_DAY = datetime(2020, 4, 27, 10, 0, tzinfo=UTC)
SUNDAY = datetime(2020, 4, 19, 10, 0, tzinfo=UTC)
NIGHT = datetime(2020, 4, 14, 22, 30, tzinfo=UTC)  # 0.30 on Wednesday in Rotterdam


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (KINGS_DAY, "Wij zijn gesloten: het is Koningsdag."),
        (KINGS_DAY, "Wij zijn er weer morgen vanaf negen uur."),
        (SUNDAY, "Wij zijn gesloten."),
        (SUNDAY, "Wij zijn er weer morgen vanaf negen uur."),
        (datetime(2020, 4, 18, 10, 0, tzinfo=UTC), "Wij zijn er weer op maandag 20 april vanaf negen uur."),
        (datetime(2020, 4, 24, 16, 0, tzinfo=UTC), "Wij zijn er weer op dinsdag 28 april vanaf negen uur."),
        (NIGHT, "Wij zijn er weer vandaag vanaf negen uur."),
        (datetime(2027, 5, 6, 10, 0, tzinfo=UTC), "Wij zijn gesloten: het is Hemelvaartsdag."),
        (datetime(2027, 5, 17, 10, 0, tzinfo=UTC), "Wij zijn gesloten: het is Tweede Pinksterdag."),
    ],
)
def test_a_closed_desk_tells_when_it_opens(sqlite_line: Line, clock: FixedClock, now: datetime, words: str) -> None:
    clock.set(now)
    assert words in sqlite_line.dial().told


def test_a_closed_desk_tells_where_help_is_now(line: Line, clock: FixedClock) -> None:
    clock.set(SUNDAY)
    call = line.dial()
    assert call.told.startswith("Meldpunt kwetsbare kinderen. Is een kind nu in gevaar? Hang op en bel één, één, twee.")
    assert call.told.count("nul achthonderd, tweeduizend") == 2
    assert call.verbs == ["Gather"]


def test_who_only_listens_is_listed_with_what_was_told(line: Line, clock: FixedClock) -> None:
    clock.set(SUNDAY)
    call = line.dial()
    call.press("")
    assert call.verbs == ["Hangup"]
    call.hang_up()
    contact = line.contact()
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.TOLD_CLOSED, True, "T8")
    assert line.tickets() == []


def test_1_asks_to_be_called_back_on_the_day_of_opening(line: Line, clock: FixedClock) -> None:
    clock.set(SUNDAY)
    call = line.dial()
    call.press("1")
    call.press("0600000142")
    call.press("1")
    assert "uiterlijk morgen om twaalf uur." in call.said[-1]
    contact = line.contact()
    (ticket,) = line.tickets()
    (promise,) = line.callbacks()
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.CALLBACK, False, "T8 T6")
    assert promise.promised_at == datetime(2020, 4, 20, 10, 0, tzinfo=UTC)
    assert ticket.opened_while_closed
    assert ticket.due_at <= promise.promised_at


def test_before_dawn_the_call_back_is_for_the_same_day(sqlite_line: Line, clock: FixedClock) -> None:
    clock.set(NIGHT)
    call = sqlite_line.dial()
    for keys in ("1", "0600000142", "1"):
        call.press(keys)
    assert "uiterlijk vandaag om twaalf uur." in call.said[-1]


def test_a_wrong_key_hears_it_all_again_until_it_was_heard_to_its_end(sqlite_line: Line, clock: FixedClock) -> None:
    clock.set(SUNDAY)
    call = sqlite_line.dial()
    call.press("9")
    assert call.said[1:] == ["Ik zeg het nog een keer.", call.said[0]]
    call.press("9")
    assert call.said[3:] == call.said[1:3]
    call.press("")
    assert call.verbs == ["Hangup"]


def test_who_cannot_give_a_number_hears_the_closed_text_again_and_is_listed(line: Line, clock: FixedClock) -> None:
    clock.set(SUNDAY)
    call = line.dial()
    call.press("1")
    for _ in range(3):
        call.press("112")
    assert call.said[-1] == call.said[0]
    call.hang_up()
    contact = line.contact()
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.TOLD_CLOSED, True, "T8 T6 T8")


def test_before_its_first_day_the_desk_is_closed(sqlite_line: Line, clock: FixedClock) -> None:
    clock.set(datetime(2020, 4, 9, 10, 0, tzinfo=UTC))
    assert "Wij zijn er weer op dinsdag 14 april vanaf negen uur." in sqlite_line.dial().told


OPENING = datetime(2020, 4, 15, 7, 0, tzinfo=UTC)


def test_who_presses_a_key_after_the_opening_gets_the_menu(line: Line, clock: FixedClock) -> None:
    clock.set(OPENING - timedelta(seconds=20))
    call = line.dial()
    clock.set(OPENING + timedelta(seconds=10))
    call.press("5")
    assert call.said[-2].startswith("Meldpunt kwetsbare kinderen.")
    assert call.said[-1].startswith("Een medewerker spreken? Kies 0.")
    assert "morgen" not in call.told


@pytest.mark.parametrize("after", [0, 10])
def test_the_closed_text_repeated_after_the_opening_names_that_opening(
    sqlite_line: Line, clock: FixedClock, after: int
) -> None:
    clock.set(OPENING - timedelta(seconds=1))
    call = sqlite_line.dial()
    clock.set(OPENING + timedelta(seconds=after))
    call.again()
    assert call.said[1] == call.said[0]
    assert "Wij zijn er weer vandaag vanaf negen uur." in call.said[1]
