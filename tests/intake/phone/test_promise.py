from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hours import ZONE, Calendar, SpecialDay, Window, local
from intake.phone.promise import PromiseRule, promised_by

RULE = PromiseRule()


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)


def promise(day: str, clock: str, calendar: Calendar | None = None) -> str:
    return f"{local(promised_by(calendar or Calendar(), at(day, clock), RULE)):%a %d %H.%M}"


@pytest.mark.parametrize(
    ("day", "clock", "promised"),
    [
        ("2020-04-14", "09:00:00", "Tue 14 17.00"),
        ("2020-04-14", "15:30:00", "Tue 14 17.00"),
        ("2020-04-14", "15:30:01", "Wed 15 12.00"),
        ("2020-04-14", "16:59:59", "Wed 15 12.00"),
        ("2020-04-14", "17:00:00", "Wed 15 12.00"),
        ("2020-04-14", "23:59:59", "Wed 15 12.00"),
        ("2020-04-15", "00:00:00", "Wed 15 12.00"),
        ("2020-04-15", "08:59:59", "Wed 15 12.00"),
        ("2020-04-17", "15:31:00", "Mon 20 12.00"),  # Friday afternoon
        ("2020-04-18", "12:00:00", "Mon 20 12.00"),
        ("2020-04-24", "16:00:00", "Tue 28 12.00"),  # Monday is Koningsdag
        ("2020-04-27", "10:00:00", "Tue 28 12.00"),
        ("2021-03-26", "16:00:00", "Mon 29 12.00"),  # the clocks go forward in between
    ],
)
def test_a_call_back_is_promised_for_a_moment_that_can_be_kept(day: str, clock: str, promised: str) -> None:
    assert promise(day, clock) == promised


def test_on_a_day_that_closes_early_nobody_is_promised_a_call_in_its_last_hour_and_a_half() -> None:
    early = Calendar(special_days=(SpecialDay(date(2020, 4, 14), (Window(time(9), time(15)),)),))
    assert promise("2020-04-14", "13:30", early) == "Tue 14 15.00"
    assert promise("2020-04-14", "13:31", early) == "Wed 15 12.00"


def test_a_day_that_opens_after_noon_is_promised_until_its_closing() -> None:
    late = Calendar(special_days=(SpecialDay(date(2020, 4, 15), (Window(time(13), time(17)),)),))
    assert promise("2020-04-14", "16:00", late) == "Wed 15 17.00"


def test_a_day_that_closes_before_noon_is_promised_until_its_closing() -> None:
    short = Calendar(special_days=(SpecialDay(date(2020, 4, 15), (Window(time(9), time(11)),)),))
    assert promise("2020-04-14", "16:00", short) == "Wed 15 11.00"


def test_a_break_at_noon_does_not_put_a_promise_into_the_past() -> None:
    broken = Calendar(weekly=((Window(time(9), time(12, 30)), Window(time(13), time(17))),) * 5 + ((), ()))
    assert promise("2020-04-14", "10:00", broken) == "Tue 14 17.00"
    assert promise("2020-04-14", "12:45", broken) == "Tue 14 17.00"
    assert promise("2020-04-14", "16:00", broken) == "Wed 15 12.00"


@given(st.datetimes(datetime(2020, 4, 14), datetime(2030, 12, 31), timezones=st.just(ZONE)))  # noqa: DTZ001  the zone is given
def test_a_promise_lies_ahead_within_working_hours_and_leaves_time_to_keep_it(now: datetime) -> None:
    calendar = Calendar()
    promised = promised_by(calendar, now, RULE)
    assert promised > now
    assert calendar.windows_on(local(promised).date())
    assert calendar.working_time_between(now, promised) >= RULE.before_closing
