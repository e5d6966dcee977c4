"""The moment that somebody asks about."""

from datetime import UTC, datetime

import pytest

from intake.phone.texts.asked import NO_DAY, NO_TIME, NO_YEAR, SKIPPED, NotAMoment, moment_asked

CHRISTMAS_EVE = datetime(2026, 12, 24, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "day", ["2026-12-24", "24-12-2026", " 24/12/2026", "24.12.2026", "24 december 2026", "24 12 2026"]
)
def test_a_day_is_read_as_people_write_it(day: str) -> None:
    assert moment_asked(day, "15:30") == CHRISTMAS_EVE


@pytest.mark.parametrize("clock", ["15:30", "15.30", "15.30 uur", " 15:30:00 "])
def test_a_time_is_read_as_people_write_it(clock: str) -> None:
    assert moment_asked("2026-12-24", clock) == CHRISTMAS_EVE


def test_a_whole_hour_needs_no_minutes() -> None:
    assert moment_asked("2026-07-01", "9") == moment_asked("2026-07-01", "9 uur") == datetime(2026, 7, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "clock", "faults"),
    [
        ("", "9", {"dag": NO_DAY}),
        ("morgen", "9", {"dag": NO_DAY}),
        ("30-02-2026", "9", {"dag": NO_DAY}),
        ("2026-13-01", "9", {"dag": NO_DAY}),
        ("24-12-26", "9", {"dag": NO_DAY}),
        ("1999-12-31", "9", {"dag": NO_YEAR}),
        ("9999-12-31", "9", {"dag": NO_YEAR}),
        ("0000-01-01", "9", {"dag": NO_DAY}),
        ("2026-12-24", "", {"tijd": NO_TIME}),
        ("2026-12-24", "24.00", {"tijd": NO_TIME}),
        ("2026-12-24", "half vier", {"tijd": NO_TIME}),
        ("x", "x", {"dag": NO_DAY, "tijd": NO_TIME}),
        ("٢٠٢٦-12-24", "9", None),
        ("2026-03-29", "2.30", {"tijd": SKIPPED}),
    ],
)
def test_what_is_no_moment_is_answered_with_what_to_do(day: str, clock: str, faults: dict[str, str] | None) -> None:
    if faults is None:  # digits of other scripts are digits
        assert moment_asked(day, clock).year == 2026
        return
    with pytest.raises(NotAMoment) as refused:
        moment_asked(day, clock)
    assert refused.value.faults == faults


def test_an_hour_that_comes_twice_is_the_first() -> None:
    assert moment_asked("2026-10-25", "2.30") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
