"""The clock of the demonstration goes where its buttons say, and tells what the desk is then."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.clockface import PRESETS, face, first_moment, preset
from desk.clock import ShiftedClock
from hours import Calendar, at_local, local

CALENDAR = Calendar()
SUNDAY_NIGHT = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "day", "clock", "is_open"),
    [
        ("open", "2026-11-24", "10:00", True),
        ("vijf-voor-vijf", "2026-11-24", "16:55", True),
        ("zondag", "2026-11-29", "12:00", False),
        ("koningsdag", "2027-04-27", "11:00", False),
    ],
)
def test_a_preset_is_the_next_such_moment(name: str, day: str, clock: str, *, is_open: bool) -> None:
    at = preset(name, TUESDAY, CALENDAR)
    assert at is not None
    assert f"{local(at):%Y-%m-%d %H:%M}" == f"{day} {clock}"
    assert CALENDAR.is_open(at) is is_open


def test_now_is_real_time() -> None:
    assert preset("nu", TUESDAY, CALENDAR) is None
    assert set(PRESETS) == {"nu", "open", "vijf-voor-vijf", "zondag", "koningsdag"}


def test_a_demonstration_begun_at_night_starts_on_the_next_working_morning() -> None:
    at = first_moment(SUNDAY_NIGHT, CALENDAR)
    assert at is not None
    assert CALENDAR.is_open(at)


def test_a_demonstration_begun_in_opening_hours_starts_now() -> None:
    assert first_moment(TUESDAY, CALENDAR) is None


def test_the_face_names_the_closing_day() -> None:
    at = preset("koningsdag", TUESDAY, CALENDAR)
    assert at is not None
    shown = face(at, CALENDAR)
    assert (shown.clock, shown.day, shown.is_open, shown.closed_because, shown.bars) == (
        "11.00",
        "dinsdag 27 april 2027",
        False,
        "Koningsdag",
        (),
    )


def test_the_face_draws_the_opening_of_the_day() -> None:
    assert face(TUESDAY, CALENDAR).bars == ((37.5, 33.33),)


def test_every_process_reads_the_same_clock(tmp_path: Path) -> None:
    mine, theirs = ShiftedClock(tmp_path / "clock"), ShiftedClock(tmp_path / "clock")
    wanted = at_local(datetime(2027, 4, 27, tzinfo=UTC).date(), datetime.min.time().replace(hour=11))
    mine.set(wanted)
    assert abs((theirs.now() - wanted).total_seconds()) < 5
    assert abs((theirs.real() - mine.real()).total_seconds()) < 5
    mine.set(None)
    assert abs((theirs.now() - theirs.real()).total_seconds()) < 5
