from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from freezegun import freeze_time

from hours import (
    OFFICE_WEEK,
    USUAL_CLOSING_DAYS,
    ZONE,
    BadCalendar,
    Calendar,
    ClosingDay,
    NeverOpens,
    SpecialDay,
    Window,
    at_local,
    local,
)

DAY_AND_TIME = "starts_on = 2020-04-14T09:00:00"
SEED = Path(__file__).parent.parent / "desk" / "seeds" / "calendar.toml"
OFFICE = Calendar()
NEVER = Calendar(weekly=((),) * 7)
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    """The moment in UTC that Rotterdam writes as "2020-04-14 9:00"."""
    day, clock = text.split()
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock.zfill(5)), ZONE).astimezone(UTC)


def special(day: str, *windows: tuple[int, int], name: str | None = None) -> Calendar:
    hours = tuple(Window(time(opens), time(closes)) for opens, closes in windows)
    return Calendar(special_days=(SpecialDay(date.fromisoformat(day), hours, name),))


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("08:59:59.999999", False), ("09:00:00", True), ("16:59:59.999999", True), ("17:00:00", False)],
)
def test_the_desk_opens_at_nine_and_closes_at_five_to_the_second(clock: str, expected: bool) -> None:  # noqa: FBT001
    assert OFFICE.is_open(at(f"2020-04-14 {clock}")) is expected


def test_the_first_working_minute_of_the_desk_is_after_easter_2020() -> None:
    calendar = Calendar.from_toml(SEED.read_text("utf-8"))
    first = datetime(2020, 4, 14, 7, 0, tzinfo=UTC)
    assert calendar.next_opening(at("2020-03-01 12:00")) == first
    assert not calendar.is_open(at("2020-04-09 12:00"))
    assert calendar.is_open(first)


def test_the_seed_holds_the_defaults() -> None:
    assert Calendar.from_toml(SEED.read_text("utf-8")) == Calendar(starts_on=date(2020, 4, 14))


def test_a_special_day_before_the_start_does_not_open_the_desk() -> None:
    saturday = SpecialDay(date(2020, 4, 11), (Window(time(10), time(13)),))
    calendar = Calendar(special_days=(saturday,), starts_on=date(2020, 4, 14))
    assert calendar.windows_on(date(2020, 4, 11)) == ()
    assert calendar.closing_name(date(2020, 4, 13)) is None


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2020-01-01", "Nieuwjaarsdag"),
        ("2020-04-13", "Tweede Paasdag"),
        ("2020-04-27", "Koningsdag"),
        ("2020-05-05", "Bevrijdingsdag"),
        ("2020-05-21", "Hemelvaartsdag"),
        ("2020-06-01", "Tweede Pinksterdag"),
        ("2020-12-25", "Eerste Kerstdag"),
        ("2022-12-26", "Tweede Kerstdag"),
    ],
)
def test_a_closing_day_has_its_dutch_name(day: str, name: str) -> None:
    assert OFFICE.closing_name(date.fromisoformat(day)) == name
    assert OFFICE.windows_on(date.fromisoformat(day)) == ()


def test_the_language_of_the_machine_changes_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LANGUAGE", "LC_ALL", "LANG"):
        monkeypatch.setenv(variable, "en_US")
    unasked_year = 2050
    assert OFFICE.closing_name(date(unasked_year, 4, 27)) == "Koningsdag"


def test_a_weekend_an_open_day_and_a_holiday_in_the_weekend_have_no_name() -> None:
    assert OFFICE.closing_name(date(2020, 4, 18)) is None
    assert OFFICE.closing_name(date(2020, 4, 15)) is None
    assert OFFICE.closing_name(date(2020, 4, 12)) is None  # Eerste Paasdag


def test_a_desk_that_opens_on_sundays_is_closed_at_easter_and_says_so() -> None:
    calendar = Calendar(weekly=(OFFICE_WEEK[0],) * 7)
    assert calendar.closing_name(date(2020, 4, 12)) == "Eerste Paasdag"
    assert calendar.closing_name(date(2020, 5, 31)) == "Eerste Pinksterdag"


@pytest.mark.parametrize("year", range(2020, 2036))
def test_good_friday_is_a_working_day_and_liberation_day_is_not_in_any_year(year: int) -> None:
    closed = {date(year, 1, 1) + timedelta(days=number) for number in range(365)}
    names = [OFFICE.closing_name(day) for day in sorted(closed)]
    assert "Goede Vrijdag" not in names
    assert OFFICE.windows_on(date(year, 5, 5)) == ()


@pytest.mark.parametrize("closing_day", ClosingDay)
def test_each_closing_day_is_switched_by_itself(closing_day: ClosingDay) -> None:
    every_day = (OFFICE_WEEK[0],) * 7
    all_open = Calendar(weekly=every_day, closing_days=frozenset())
    only = Calendar(weekly=every_day, closing_days=frozenset({closing_day}))
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert all(map(all_open.windows_on, days))
    assert [only.closing_name(day) for day in days if not only.windows_on(day)] == [closing_day.value]


def test_kings_day_is_the_saturday_when_the_27th_is_a_sunday() -> None:
    calendar = Calendar(weekly=(OFFICE_WEEK[0],) * 7)
    assert calendar.closing_name(date(2025, 4, 26)) == "Koningsdag"
    assert calendar.is_open(at("2025-04-27 12:00"))
    assert OFFICE.next_opening(at("2025-04-25 17:00")) == at("2025-04-28 9:00")


def test_two_holidays_on_one_day_are_one_closing_day() -> None:
    both = date(2016, 5, 5)
    assert OFFICE.closing_name(both) == "Bevrijdingsdag"
    assert Calendar(closing_days=frozenset({ClosingDay.ASCENSION_DAY})).closing_name(both) == "Hemelvaartsdag"


def test_a_special_day_wins_over_the_week_and_over_a_holiday() -> None:
    assert special("2020-04-15", name="de dag van de brand").closing_name(date(2020, 4, 15)) == "de dag van de brand"
    assert special("2020-04-15").closing_name(date(2020, 4, 15)) is None
    assert not special("2020-04-15").is_open(at("2020-04-15 12:00"))
    assert special("2020-04-18", (10, 13)).is_open(at("2020-04-18 12:59"))
    assert special("2020-04-27", (10, 13)).is_open(at("2020-04-27 10:00"))
    assert special("2020-04-27", (10, 13), name="Koningsdag").closing_name(date(2020, 4, 27)) is None


def test_a_named_closing_in_the_weekend_is_told() -> None:
    assert special("2020-04-18", name="de verhuizing").closing_name(date(2020, 4, 18)) == "de verhuizing"


def test_only_a_day_that_ends_before_its_usual_time_closes_early() -> None:
    christmas_eve, saturday = special("2020-12-24", (9, 15)), special("2020-04-18", (10, 13))
    assert christmas_eve.closes_early_on(date(2020, 12, 24)) == time(15)
    assert christmas_eve.closes_early_on(date(2020, 12, 23)) is None
    assert christmas_eve.closes_early_on(date(2020, 12, 25)) is None
    assert saturday.closes_early_on(date(2020, 4, 18)) is None
    assert special("2020-12-24", (9, 20)).closes_early_on(date(2020, 12, 24)) is None


def test_the_next_opening_is_strictly_later() -> None:
    assert OFFICE.next_opening(at("2020-04-15 8:59")) == at("2020-04-15 9:00")
    assert OFFICE.next_opening(at("2020-04-15 9:00")) == at("2020-04-16 9:00")
    assert OFFICE.next_opening(at("2020-04-15 16:00")) == at("2020-04-16 9:00")
    assert OFFICE.next_opening(at("2020-04-17 16:59")) == at("2020-04-20 9:00")
    assert OFFICE.next_opening(at("2020-12-24 17:00")) == at("2020-12-28 9:00")


def test_a_desk_with_a_lunch_break_opens_twice_a_day() -> None:
    lunch = ((Window(time(9), time(12, 30)), Window(time(13), time(17))),) * 5 + ((),) * 2
    calendar = Calendar(weekly=lunch)
    assert calendar.next_opening(at("2020-04-15 10:00")) == at("2020-04-15 13:00")
    assert calendar.closes_at(at("2020-04-15 10:00")) == at("2020-04-15 12:30")
    assert calendar.closes_at(at("2020-04-15 12:45")) is None
    assert calendar.last_closing_on(date(2020, 4, 15)) == at("2020-04-15 17:00")
    assert calendar.add_working_time(at("2020-04-15 12:00"), HOUR) == at("2020-04-15 13:30")


def test_a_closed_day_has_no_closing_time() -> None:
    assert OFFICE.closes_at(at("2020-04-18 12:00")) is None
    assert OFFICE.last_closing_on(date(2020, 4, 18)) is None


def test_a_calendar_without_openings_says_so() -> None:
    moment = at("2020-04-15 10:00")
    with pytest.raises(NeverOpens):
        NEVER.next_opening(moment)
    with pytest.raises(NeverOpens):
        NEVER.add_working_time(moment, HOUR)
    with pytest.raises(NeverOpens):
        NEVER.add_working_days(moment, 1)
    with pytest.raises(NeverOpens):
        special("2020-04-15", (9, 17)).add_working_days(at("2031-01-01 9:00"), 4000)
    assert NEVER.working_time_between(moment, moment + timedelta(days=400)) == timedelta()


def test_working_time_runs_to_the_last_minute_of_a_day_before_the_next_begins() -> None:
    assert OFFICE.add_working_time(at("2020-04-15 16:00"), HOUR) == at("2020-04-15 17:00")
    assert OFFICE.add_working_time(at("2020-04-15 16:42"), HOUR) == at("2020-04-16 9:42")
    assert OFFICE.add_working_time(at("2020-04-17 16:30"), HOUR) == at("2020-04-20 9:30")
    assert OFFICE.add_working_time(at("2020-04-18 12:00"), HOUR) == at("2020-04-20 10:00")
    assert OFFICE.add_working_time(at("2020-04-18 12:00"), timedelta()) == at("2020-04-18 12:00")


def test_working_time_skips_closing_days() -> None:
    friday, tuesday = at("2020-04-24 16:00"), at("2020-04-28 10:00")
    assert OFFICE.working_time_between(friday, tuesday) == 2 * HOUR
    assert OFFICE.working_time_between(tuesday, friday) == -2 * HOUR
    assert OFFICE.add_working_time(friday, 2 * HOUR) == tuesday


def test_negative_amounts_are_refused() -> None:
    with pytest.raises(ValueError, match="only be added"):
        OFFICE.add_working_time(at("2020-04-15 10:00"), -HOUR)
    with pytest.raises(ValueError, match="islice"):
        OFFICE.add_working_days(at("2020-04-15 10:00"), -1)


@pytest.mark.parametrize(
    ("begin", "days", "due"),
    [
        ("2020-04-15 11:30", 0, "2020-04-15 11:30"),
        ("2020-04-17 11:30", 1, "2020-04-20 11:30"),
        ("2020-04-14 11:30", 3, "2020-04-17 11:30"),
        ("2020-04-24 11:30", 1, "2020-04-28 11:30"),  # Koningsdag between
        ("2020-04-18 23:00", 0, "2020-04-20 09:00"),
        ("2020-04-18 23:00", 1, "2020-04-21 09:00"),
        ("2020-04-17 17:00", 1, "2020-04-21 09:00"),
        ("2020-04-17 16:59", 1, "2020-04-20 16:59"),
        ("2020-03-27 11:30", 1, "2020-03-30 11:30"),  # summer time begins
    ],
)
def test_working_days_end_at_the_same_clock_time(begin: str, days: int, due: str) -> None:
    assert OFFICE.add_working_days(at(begin), days) == at(due)


def test_working_days_end_within_the_hours_of_the_day_they_reach() -> None:
    early = special("2020-12-24", (11, 12), (13, 15))
    assert early.add_working_days(at("2020-12-23 16:30"), 1) == at("2020-12-24 15:00")
    assert early.add_working_days(at("2020-12-23 9:30"), 1) == at("2020-12-24 11:00")
    assert early.add_working_days(at("2020-12-23 12:30"), 1) == at("2020-12-24 13:00")
    assert early.add_working_days(at("2020-12-23 12:00"), 1) == at("2020-12-24 12:00")


def test_a_night_on_which_the_clocks_change_is_as_long_as_it_is() -> None:
    night = Calendar(weekly=((Window(time(1), time(5)),),) * 7, closing_days=frozenset())
    for day, hours in (("2026-03-29", 3), ("2026-10-25", 5), ("2026-11-01", 4)):
        begin, end = at(f"{day} 0:00"), at(f"{day} 12:00")
        assert night.working_time_between(begin, end) == hours * HOUR
        assert night.add_working_time(begin, hours * HOUR) == at(f"{day} 5:00")


def test_a_weekend_on_which_the_clocks_change_costs_no_working_time() -> None:
    for friday, monday in (("2026-03-27", "2026-03-30"), ("2026-10-23", "2026-10-26")):
        assert OFFICE.next_opening(at(f"{friday} 17:00")) == at(f"{monday} 9:00")
        assert OFFICE.working_time_between(at(f"{friday} 16:00"), at(f"{monday} 10:00")) == 2 * HOUR
    assert OFFICE.next_opening(at("2026-10-23 17:00")) == datetime(2026, 10, 26, 8, tzinfo=UTC)


def test_the_doubled_hour_of_october_is_told_apart_with_and_without_freezegun() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    expected = [(time(2, 30), 0), (time(2, 30), 1)]
    assert [(local(moment).time(), local(moment).fold) for moment in (first, second)] == expected
    with freeze_time(second):
        now = datetime.now(UTC)
        assert (local(now).time(), local(now).fold) == expected[1]
        assert local(now).utcoffset() == HOUR
        assert at_local(date(2026, 10, 25), time(2, 30, fold=1)) == second
        assert local(local(now)) == local(now)


def test_a_local_time_that_does_not_exist_counts_as_winter_time() -> None:
    assert at_local(date(2026, 3, 29), time(2, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert at_local(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("moment", ["2026-03-29T01:00:00Z", "2026-10-25T00:59:59Z", "2026-10-25T01:00:00Z"])
def test_a_frozen_clock_changes_no_answer(moment: str) -> None:
    when = datetime.fromisoformat(moment)
    free = OFFICE.next_opening(when), OFFICE.working_time_between(when, when + timedelta(days=3))
    with freeze_time(when):
        now = datetime.now(UTC)
        frozen = OFFICE.next_opening(now), OFFICE.working_time_between(now, now + timedelta(days=3))
    assert frozen == free


def test_a_moment_in_any_time_zone_gets_the_same_answer_in_utc() -> None:
    tokyo = at("2020-04-15 16:30").astimezone(ZoneInfo("Asia/Tokyo"))
    assert OFFICE.is_open(tokyo)
    assert OFFICE.closes_at(tokyo) == at("2020-04-15 17:00")
    answers = OFFICE.next_opening(tokyo), OFFICE.add_working_time(tokyo, HOUR), OFFICE.add_working_days(tokyo, 1)
    assert all(answer.tzinfo is UTC for answer in answers)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    naive = datetime(2020, 4, 15, 10)  # noqa: DTZ001
    aware = at("2020-04-15 10:00")
    for question in (local, OFFICE.is_open, OFFICE.closes_at, OFFICE.next_opening):
        with pytest.raises(ValueError, match="time zone"):
            question(naive)
    with pytest.raises(ValueError, match="time zone"):
        OFFICE.working_time_between(aware, naive)
    with pytest.raises(ValueError, match="time zone"):
        OFFICE.add_working_time(naive, HOUR)


def test_a_moment_is_not_taken_for_a_day() -> None:
    with pytest.raises(TypeError, match="not a moment"):
        OFFICE.windows_on(at("2020-04-27 12:00"))


def test_a_window_closes_after_it_opens() -> None:
    for closes in (time(9), time(17)):
        with pytest.raises(ValueError, match="opens at 17:00 and closes at"):
            Window(time(17), closes)


def test_a_calendar_is_read_from_toml() -> None:
    calendar = Calendar.from_toml("""
        closing_days = ["Koningsdag", "Goede Vrijdag"]
        [weekly]
        monday = ["9.00-12.30", "13:00 - 17:00"]
        saturday = "10.00–12.00"
        [[special_days]]
        day = 2020-12-24
        windows = []
        name = "kerstavond"
        [[special_days]]
        day = 2020-12-31
        windows = ["9.00-15.00"]
        name = ""
        """)
    morning, afternoon = Window(time(9), time(12, 30)), Window(time(13), time(17))
    assert calendar.weekly == ((morning, afternoon), (), (), (), (), (Window(time(10), time(12)),), ())
    assert calendar.closing_days == {ClosingDay.KINGS_DAY, ClosingDay.GOOD_FRIDAY}
    new_years_eve = SpecialDay(date(2020, 12, 31), (Window(time(9), time(15)),))
    assert calendar.special_days == (SpecialDay(date(2020, 12, 24), (), "kerstavond"), new_years_eve)
    assert calendar.starts_on is None


def test_an_empty_file_is_the_usual_calendar() -> None:
    assert Calendar.from_toml("") == Calendar(OFFICE_WEEK, USUAL_CLOSING_DAYS, (), None)


def test_every_fault_of_a_file_is_named_at_once() -> None:
    with pytest.raises(BadCalendar) as refused:
        Calendar.from_toml("""
            starts_on = "morgen"
            closing_days = ["Koningdag", "Kerst"]
            opening = true
            [weekly]
            monday = ["9.00-25.00"]
            tuesday = ["17.00-9.00"]
            wednesday = "overdag"
            [[special_days]]
            day = 2020-12-24
            [[special_days]]
            day = 2020-12-24T12:00:00
            windows = []
            [[special_days]]
            day = 2020-12-25
            windows = []
            naam = "kerst"
            """)
    begins = ["starts_on", "closing_days: Koningdag", "closing_days: Kerst", "opening"]
    begins += ["weekly: monday", "weekly: tuesday", "weekly: wednesday"]
    begins += ["special_days: 1", "special_days: 2", "special_days: 3"]
    assert len(refused.value.faults) == len(begins)
    assert all(map(str.startswith, refused.value.faults, begins))
    assert str(refused.value).count("\n") == len(begins) - 1


@pytest.mark.parametrize(
    "text", ["weekly = 3", "[weekly]\nmondag = []", "closing_days = 'Koningsdag'", "starts_on =", DAY_AND_TIME]
)
def test_a_file_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(BadCalendar):
        Calendar.from_toml(text)


def test_hours_that_overlap_touch_or_run_backwards_are_refused_by_day() -> None:
    early, late = Window(time(9), time(12)), Window(time(12), time(17))
    touching = (*OFFICE_WEEK[:4], (early, late), (late, early), ())
    twice = (SpecialDay(date(2020, 12, 24), ()),) * 2
    with pytest.raises(BadCalendar) as refused:
        Calendar(weekly=touching, special_days=twice)
    assert [fault.split(": ")[0] for fault in refused.value.faults] == ["special_days", "friday", "saturday"]


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Calendar(weekly=OFFICE_WEEK[:5])
