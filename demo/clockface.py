"""The clock that people set in the demonstration: presets, and what it shows. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from desk.dates import long_day, written_time
from hours import Calendar, ClosingDay, at_local, local

PRESETS = {
    "nu": "Nu",
    "open": "Werkdag, 10.00",
    "vijf-voor-vijf": "Vijf voor vijf",
    "zondag": "Zondag",
    "koningsdag": "Koningsdag",
}


@dataclass(frozen=True)
class Face:
    """What the clock panel shows. `pin` is the share of the day that has passed, in percent."""

    at: datetime
    clock: str
    day: str
    is_open: bool
    closed_because: str | None
    pin: float
    bars: tuple[tuple[float, float], ...]
    """The openings of the day as (start, width), in percent of the day."""


def preset(name: str, now: datetime, calendar: Calendar) -> datetime | None:
    """The moment of a preset, at or after real time `now`; None is real time itself. Raises `KeyError`."""
    if name == "nu":
        return None
    if name == "zondag":
        return at_local(next(day for day in _days(now) if day.strftime("%u") == "7"), time(12))
    if name == "koningsdag":
        king = ClosingDay.KINGS_DAY.value
        return at_local(next(day for day in _days(now) if calendar.closing_name(day) == king), time(11))
    clock = {"open": time(10), "vijf-voor-vijf": time(16, 55)}[name]
    return at_local(next(day for day in _days(now) if calendar.windows_on(day)), clock)


def first_moment(now: datetime, calendar: Calendar) -> datetime | None:
    """Where a fresh demonstration starts: real time when the desk is open, else the next working day at ten."""
    return None if calendar.is_open(now) else preset("open", now + timedelta(days=1), calendar)


def face(at: datetime, calendar: Calendar) -> Face:
    """What the panel shows at desk time `at`."""
    here = local(at)
    day = here.date()
    windows = calendar.windows_on(day)
    bars = tuple((_share(w.opens), _share(w.closes) - _share(w.opens)) for w in windows)
    return Face(
        at,
        written_time(at),
        f"{long_day(at)} {day.year}",
        calendar.is_open(at),
        calendar.closing_name(day),
        _share(here.time()),
        bars,
    )


def _days(now: datetime) -> Iterator[date]:
    first = local(now).date()
    return (first + timedelta(days=n) for n in range(800))


def _share(clock: time) -> float:
    return round((clock.hour * 60 + clock.minute) / 14.4, 2)
