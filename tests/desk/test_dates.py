from datetime import UTC, date, datetime, time, timedelta

import pytest

from desk.dates import (
    counted,
    length_words,
    long_day,
    long_moment,
    spoken_day,
    spoken_digits,
    spoken_moment,
    spoken_time,
    time_left,
    written_day,
    written_moment,
    written_time,
)
from hours import Calendar, at_local


def at(text: str) -> datetime:
    """The moment that Rotterdam writes as "2020-04-15 9.42"."""
    day, clock = text.split()
    hour, minute = map(int, clock.split("."))
    return at_local(date.fromisoformat(day), time(hour, minute))


NOW = at("2020-04-15 9.42")  # a Wednesday


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        ("9.00", "negen uur"),
        ("12.00", "twaalf uur"),
        ("13.00", "één uur"),
        ("12.30", "half één"),
        ("14.35", "vijf over half drie"),
        ("14.40", "tien over half drie"),
        ("16.05", "vijf over vier"),
        ("16.15", "kwart over vier"),
        ("16.20", "tien voor half vijf"),
        ("16.25", "vijf voor half vijf"),
        ("16.30", "half vijf"),
        ("16.45", "kwart voor vijf"),
        ("16.50", "tien voor vijf"),
        ("16.16", "veertien voor half vijf"),
        ("16.29", "één voor half vijf"),
        ("16.44", "veertien over half vijf"),
        ("16.59", "één voor vijf"),
        ("11.45", "kwart voor twaalf"),
    ],
)
def test_the_clock_is_said_as_people_say_it(clock: str, words: str) -> None:
    assert spoken_time(at(f"2020-04-15 {clock}")) == words


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        ("0.00", "twaalf uur 's nachts"),
        ("3.30", "half vier 's nachts"),
        ("6.10", "tien over zes 's ochtends"),
        ("7.00", "zeven uur"),
        ("18.59", "één voor zeven"),
        ("19.00", "zeven uur 's avonds"),
        ("23.45", "kwart voor twaalf 's avonds"),
    ],
)
def test_evening_and_night_are_not_taken_for_day(clock: str, words: str) -> None:
    assert spoken_time(at(f"2020-04-15 {clock}")) == words


def test_no_two_minutes_of_a_day_sound_the_same() -> None:
    said = {spoken_time(at("2020-04-15 0.00") + timedelta(minutes=minute)) for minute in range(24 * 60)}
    assert len(said) == 24 * 60


def test_a_spoken_day_carries_its_preposition() -> None:
    assert spoken_day(at("2020-04-15 17.00"), NOW) == "vandaag"
    assert spoken_day(at("2020-04-16 0.00"), NOW) == "morgen"
    assert spoken_day(at("2020-04-14 23.59"), NOW) == "gisteren"
    assert spoken_day(at("2020-04-28 9.00"), NOW) == "op dinsdag 28 april"


def test_a_spoken_day_has_a_year_only_when_it_is_far_away() -> None:
    assert spoken_day(at("2021-01-04 9.00"), at("2020-12-31 18.00")) == "op maandag 4 januari"
    assert spoken_day(at("2021-01-04 9.00"), NOW) == "op maandag 4 januari 2021"


def test_a_promise_is_said_with_day_and_time() -> None:
    assert spoken_moment(at("2020-04-15 17.00"), NOW) == "vandaag om vijf uur"
    assert spoken_moment(at("2020-04-16 12.00"), NOW) == "morgen om twaalf uur"
    assert spoken_moment(at("2020-04-28 12.00"), NOW) == "op dinsdag 28 april om twaalf uur"


def test_the_closed_text_names_the_next_opening() -> None:
    kings_day = at("2020-04-27 10.30")
    opening = Calendar().next_opening(kings_day)
    said = f"Wij zijn er weer {spoken_day(opening, kings_day)} vanaf {spoken_time(opening)}."
    assert said == "Wij zijn er weer morgen vanaf negen uur."
    said = f"Wij zijn er weer {spoken_day(opening, at('2020-04-25 12.00'))} vanaf {spoken_time(opening)}."
    assert said == "Wij zijn er weer op dinsdag 28 april vanaf negen uur."


def test_today_ends_at_midnight_in_rotterdam_not_in_greenwich() -> None:
    late = datetime(2020, 4, 15, 22, 30, tzinfo=UTC)  # 0.30 on Thursday
    assert spoken_day(late, NOW) == "morgen"
    assert written_moment(late, NOW) == "morgen 0.30"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0600000142", "nul zes, nul nul nul nul, nul één vier twee"),
        ("06 - 0000 0142", "nul zes, nul nul nul nul, nul één vier twee"),
        ("+31600000142", "nul zes, nul nul nul nul, nul één vier twee"),
        ("+31 (0)6 0000 0142", "nul zes, nul nul nul nul, nul één vier twee"),
        ("0031100000188", "nul één nul, nul nul nul, nul één, acht acht"),
        ("4821 7735", "vier acht twee één, zeven zeven drie vijf"),
        ("14010", "één vier, nul één nul"),
        ("112", "één één twee"),
        ("+3220000123", "plus drie twee, twee nul nul, nul nul één, twee drie"),
        ("", ""),
    ],
)
def test_a_number_is_read_back_digit_by_digit_in_groups(number: str, words: str) -> None:
    assert spoken_digits(number) == words


def test_a_written_time_has_no_leading_zero() -> None:
    assert written_time(at("2020-04-15 9.00")) == "9.00"
    assert written_time(at("2020-04-15 16.30")) == "16.30"
    assert written_time(at("2020-04-15 0.05")) == "0.05"


def test_a_written_day_is_the_word_or_the_date() -> None:
    assert written_day(NOW, NOW) == "vandaag"
    assert written_day(at("2020-04-14 12.00"), NOW) == "gisteren"
    assert written_day(at("2020-04-16 12.00"), NOW) == "morgen"
    assert written_day(at("2020-04-17 12.00"), NOW) == "vr 17 april"
    assert written_day(at("2020-04-13 12.00"), NOW) == "ma 13 april"


def test_a_day_in_another_year_is_written_with_that_year() -> None:
    assert written_day(at("2027-04-16 12.00"), NOW) == "vr 16 april 2027"
    assert written_day(at("2021-01-01 0.00"), at("2020-12-31 23.59")) == "morgen"


def test_a_written_moment_is_day_and_time() -> None:
    assert written_moment(at("2020-04-15 16.30"), NOW) == "vandaag 16.30"
    assert written_moment(at("2020-04-23 9.00"), NOW) == "do 23 april 9.00"


def test_letters_write_the_day_in_full() -> None:
    assert long_day(at("2020-04-14 9.00")) == "dinsdag 14 april"
    assert long_moment(at("2020-04-14 17.00")) == "dinsdag 14 april om 17.00 uur"


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2020-04-15 9.42", "nu"),
        ("2020-04-15 9.51", "nog 9 min"),
        ("2020-04-15 10.41", "nog 59 min"),
        ("2020-04-15 10.42", "nog 1 u"),
        ("2020-04-15 12.15", "nog 2 u 33 min"),
        ("2020-04-16 9.20", "morgen"),
        ("2020-04-17 11.30", "overmorgen"),
        ("2020-04-20 9.15", "na het weekend"),
        ("2020-04-21 9.15", "na het weekend"),
        ("2020-04-22 9.15", "over 7 dagen"),
        ("2020-04-18 9.15", "over 3 dagen"),
        ("2020-04-15 8.30", "1 u 12 min over tijd"),
        ("2020-04-15 9.41", "1 min over tijd"),
        ("2020-04-13 9.42", "2 dagen over tijd"),
        ("2020-04-14 9.42", "1 dag over tijd"),
    ],
)
def test_time_left_is_said_in_the_unit_that_matters(until: str, words: str) -> None:
    assert time_left(at(until), NOW) == words


def test_a_deadline_on_monday_is_tomorrow_on_sunday_and_after_the_weekend_on_friday() -> None:
    monday = at("2020-04-20 9.15")
    assert time_left(monday, at("2020-04-17 9.00")) == "na het weekend"
    assert time_left(monday, at("2020-04-18 9.00")) == "overmorgen"
    assert time_left(monday, at("2020-04-19 9.00")) == "morgen"


def test_what_is_due_just_after_midnight_is_counted_in_minutes() -> None:
    assert time_left(at("2020-04-16 0.20"), at("2020-04-15 23.50")) == "nog 30 min"


def test_with_a_calendar_only_opening_hours_count_as_over_time() -> None:
    tuesday = at("2020-04-14 16.30")
    assert time_left(tuesday, NOW, Calendar()) == "1 u 12 min over tijd"
    assert time_left(tuesday, NOW) == "17 u 12 min over tijd"
    assert time_left(at("2020-04-09 16.30"), NOW, Calendar()) == "17 u 12 min over tijd"
    assert time_left(at("2020-04-08 9.42"), NOW, Calendar()) == "7 dagen over tijd"


@pytest.mark.parametrize(
    ("until", "now", "words"),
    [
        ("2020-04-14 17.00", "2020-04-14 17.30", "over tijd"),
        ("2020-04-14 17.00", "2020-04-15 9.00", "sinds gisteren over tijd"),
        ("2020-04-17 17.00", "2020-04-20 9.00", "sinds vrijdag over tijd"),
        ("2020-04-14 17.00", "2020-04-15 9.01", "1 min over tijd"),
    ],
)
def test_what_was_due_when_the_desk_closed_is_not_nought_minutes_late(until: str, now: str, words: str) -> None:
    assert time_left(at(until), at(now), Calendar()) == words


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        written_time(datetime(2020, 4, 15, 9))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 seconde"),
        (1, "1 seconde"),
        (59.4, "59 seconden"),
        (59.6, "1 minuut"),
        (121, "2 minuten en 1 seconde"),
    ],
)
def test_a_length_is_told_in_words(seconds: float, words: str) -> None:
    assert length_words(seconds) == words


def test_one_is_counted_in_the_singular() -> None:
    assert [counted(number, "oproep", "oproepen") for number in (0, 1, 2)] == ["0 oproepen", "1 oproep", "2 oproepen"]
