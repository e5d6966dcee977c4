"""The calendar beside two strangers: an opening-hours engine written in Rust that reads OpenStreetMap's notation, and
Easter by the rule of Meeus, Jones and Butcher. Neither uses our code or the package `holidays`.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours, State

from hours import Calendar, ClosingDay, SpecialDay, Window

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
YEARS = range(2020, 2036)
SUNDAY_KINGS_DAYS = (2025, 2031)
OSM_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
OSM_CLOSED = "; ".join(
    [f"easter {days} off" for days in ("", "+1 day", "+39 days", "+49 days", "+50 days")]
    + [f"{year} Apr {26 if year in SUNDAY_KINGS_DAYS else 27} off" for year in YEARS]
    + [f"{day} off" for day in ("Jan 01", "May 05", "Dec 25-26")]
)
OFFICE = Calendar()
MAY_OPEN = Calendar(weekly=((Window(time(9), time(17)),),) * 7)

moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.timedeltas(timedelta(), timedelta(days=45))
amounts = st.timedeltas(timedelta(), timedelta(hours=90))
# From two to three the clocks change; there OpenStreetMap rounds in its own way (test_hours.py holds ours).
clocks = st.builds(time, st.sampled_from([0, 1, *range(3, 24)]), st.sampled_from([0, 15, 30, 59]))


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    count = draw(st.sampled_from([0, 2, 2, 4]))
    bounds = sorted(draw(st.lists(clocks, min_size=count, max_size=count, unique=True)))
    return tuple(map(Window, bounds[::2], bounds[1::2]))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    days = draw(st.dictionaries(st.dates(date(2020, 1, 1), date(2035, 12, 31)), windows(), max_size=12))
    return Calendar(
        weekly=tuple(draw(windows()) for _ in range(7)),
        special_days=tuple(SpecialDay(day, hours) for day, hours in days.items()),
        starts_on=draw(st.none() | st.dates(date(2020, 1, 2), date(2022, 12, 31))),
    )


def osm(calendar: Calendar) -> OpeningHours:
    """The same calendar in OpenStreetMap's notation, where later rules win."""
    rules = [f"{name} {_osm_hours(hours)}" for name, hours in zip(OSM_DAYS, calendar.weekly, strict=True)]
    rules.append(OSM_CLOSED)
    rules += [f"{special.day:%Y %b %d} {_osm_hours(special.windows)}" for special in calendar.special_days]
    if calendar.starts_on:
        rules.append(f"2019 Jan 01-{calendar.starts_on - timedelta(days=1):%Y %b %d} off")
    return OpeningHours("; ".join(rules), timezone=AMSTERDAM)


def _osm_hours(hours: tuple[Window, ...]) -> str:
    return ",".join(f"{window.opens:%H:%M}-{window.closes:%H:%M}" for window in hours) or "off"


def openings(oracle: OpeningHours, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """What the oracle finds open between two moments, in UTC.

    It takes the first of two equal hours in autumn for the second, so what is open at `start` is said to begin there.
    """
    local = start.astimezone(AMSTERDAM)
    return [
        (start if begin.replace(fold=local.fold) == local else begin.astimezone(UTC), until.astimezone(UTC))
        for begin, until, state, *_ in oracle.intervals(local, end.astimezone(AMSTERDAM))
        if state == State.OPEN and until is not None
    ]


OFFICE_ORACLE = osm(OFFICE)
NIGHT_OF_SUNDAY = Calendar(weekly=((),) * 6 + ((Window(time(0), time(3)),),))


def easter(year: int) -> date:
    """Easter Sunday (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    left = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * left) // 451
    month, day = divmod(h + left - 7 * m + 114, 31)
    return date(year, month, day + 1)


@pytest.mark.parametrize("year", YEARS)
def test_the_closing_days_of_every_year_are_those_that_the_moon_gives(year: int) -> None:
    sunday = easter(year)
    moved = {"Eerste Paasdag": 0, "Tweede Paasdag": 1, "Hemelvaartsdag": 39}
    moved |= {"Eerste Pinksterdag": 49, "Tweede Pinksterdag": 50}
    expected = {sunday + timedelta(days=days): name for name, days in moved.items()}
    expected |= {date(year, 1, 1): "Nieuwjaarsdag", date(year, 5, 5): "Bevrijdingsdag"}
    expected |= {date(year, 12, 25): "Eerste Kerstdag", date(year, 12, 26): "Tweede Kerstdag"}
    kings_day = date(year, 4, 27)
    expected[kings_day if kings_day.weekday() < 6 else date(year, 4, 26)] = "Koningsdag"
    days = [
        date.fromordinal(number) for number in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    ]
    assert {day: name for day in days if (name := MAY_OPEN.closing_name(day))} == expected
    good_friday = Calendar(closing_days=frozenset({ClosingDay.GOOD_FRIDAY}))
    assert [day for day in days if good_friday.closing_name(day)] == [sunday - timedelta(days=2)]


@pytest.mark.parametrize("year", YEARS)
def test_every_opening_of_every_year_is_the_oracles(year: int) -> None:
    start, end = datetime(year, 1, 1, 12, tzinfo=UTC), datetime(year + 1, 1, 1, 12, tzinfo=UTC)
    ours, at = [], start
    while (at := OFFICE.next_opening(at)) < end:
        ours.append((at, OFFICE.closes_at(at)))
    assert ours == openings(OFFICE_ORACLE, start, end)


@given(moments)
@settings(deadline=None, max_examples=400)
@example(datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC))
@example(datetime(2026, 10, 25, 1, 0, tzinfo=UTC))
@example(datetime(2026, 3, 29, 1, 0, tzinfo=UTC))
@example(datetime(2025, 4, 28, 6, 59, 59, tzinfo=UTC))
def test_the_desk_is_open_when_the_oracle_says_so(at: datetime) -> None:
    oracle, local = OFFICE_ORACLE, at.astimezone(AMSTERDAM)
    assert OFFICE.is_open(at) == oracle.is_open(local)
    closes = OFFICE.closes_at(at)
    assert closes == (oracle.next_change(local) if closes else None)


@given(calendars(), moments)
@example(NIGHT_OF_SUNDAY, datetime(2021, 10, 31, 0, 0, tzinfo=UTC))
@settings(deadline=None)
def test_any_calendar_is_open_and_opens_again_when_the_oracle_says_so(calendar: Calendar, at: datetime) -> None:
    oracle = osm(calendar)
    assert calendar.is_open(at) == oracle.is_open(at.astimezone(AMSTERDAM))
    later = [begin for begin, _ in openings(oracle, at, at + timedelta(days=20)) if begin > at]
    assume(later)
    assert calendar.next_opening(at) == later[0]


@given(calendars(), moments, spans)
@settings(deadline=None)
def test_working_time_is_the_sum_of_the_oracles_openings(calendar: Calendar, start: datetime, span: timedelta) -> None:
    found = openings(osm(calendar), start, start + span)
    expected = sum((until - begin for begin, until in found), timedelta())
    assert calendar.working_time_between(start, start + span) == expected


@given(calendars(), moments, amounts)
@settings(deadline=None)
def test_adding_working_time_undoes_measuring_it(calendar: Calendar, at: datetime, amount: timedelta) -> None:
    assume(any(calendar.weekly))
    due = calendar.add_working_time(at, amount)
    assert calendar.working_time_between(at, due) == amount
    instant = timedelta(microseconds=1)
    assert not amount or calendar.working_time_between(at, due - instant) == amount - instant


@given(calendars(), moments, spans, spans)
@settings(deadline=None)
def test_working_time_adds_up(calendar: Calendar, start: datetime, first: timedelta, second: timedelta) -> None:
    middle, end = start + first, start + first + second
    parts = calendar.working_time_between(start, middle) + calendar.working_time_between(middle, end)
    assert parts == calendar.working_time_between(start, end) == -calendar.working_time_between(end, start)


@given(moments, st.integers(0, 12))
def test_a_working_day_of_the_office_week_is_eight_working_hours(at: datetime, days: int) -> None:
    due = OFFICE.add_working_days(at, days)
    assert OFFICE.working_time_between(at, due) == timedelta(hours=8 * days)


@given(calendars(), moments, spans, st.integers(0, 5))
@settings(deadline=None)
def test_who_comes_later_is_never_promised_an_earlier_moment(
    calendar: Calendar, at: datetime, later: timedelta, days: int
) -> None:
    assume(any(calendar.weekly))
    due = calendar.add_working_days(at, days)
    assert at <= due <= calendar.add_working_days(at + later, days)
    assert calendar.is_open(due) or calendar.is_open(due - timedelta(microseconds=1))
