"""When the desk is open: its week, closing days, exceptions and working time. Reads no clock."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any, Self
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("Europe/Amsterdam")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS = re.compile(r"(\d\d?)[.:](\d\d) ?[-–] ?(\d\d?)[.:](\d\d)")
HORIZON = 3653  # days that a search looks ahead: ten years


class NeverOpens(LookupError):
    """The calendar holds no such opening within ten years."""


class BadCalendar(ValueError):
    """A calendar that contradicts itself or cannot be read; `faults` names everything wrong."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class ClosingDay(StrEnum):
    """The holidays on which a gemeente may close; the value is the name people see and hear."""

    NEW_YEAR = "Nieuwjaarsdag"
    GOOD_FRIDAY = "Goede Vrijdag"
    EASTER_SUNDAY = "Eerste Paasdag"
    EASTER_MONDAY = "Tweede Paasdag"
    KINGS_DAY = "Koningsdag"
    LIBERATION_DAY = "Bevrijdingsdag"
    ASCENSION_DAY = "Hemelvaartsdag"
    WHIT_SUNDAY = "Eerste Pinksterdag"
    WHIT_MONDAY = "Tweede Pinksterdag"
    CHRISTMAS_DAY = "Eerste Kerstdag"
    BOXING_DAY = "Tweede Kerstdag"


@dataclass(frozen=True)
class Window:
    """Opening hours within one day, in local time. Raises ValueError if it does not close later."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"opens at {self.opens:%H:%M} and closes at {self.closes:%H:%M}")


@dataclass(frozen=True)
class SpecialDay:
    """A date with hours of its own; () is closed, and then `name`, if any, tells callers why."""

    day: date
    windows: tuple[Window, ...]
    name: str | None = None


OFFICE_WEEK = ((Window(time(9), time(17)),),) * 5 + ((),) * 2
# Cao Gemeenten: 5 May is a day off every year since 2024; Good Friday is not one.
USUAL_CLOSING_DAYS = frozenset(ClosingDay) - {ClosingDay.GOOD_FRIDAY}


def local(at: datetime) -> datetime:
    """The moment `at` on Rotterdam's clocks. Raises ValueError if `at` is naive.

    The only such conversion: freezegun's `astimezone(ZONE)` is an hour wrong when clocks go back.
    """
    return ZONE.fromutc(_utc(at).replace(tzinfo=ZONE))


def at_local(day: date, clock: time) -> datetime:
    """The moment, in UTC, at which Rotterdam's clocks show `clock` on `day`, as PEP 495 has it.

    So 2.30 counts as winter time when March skips it, and is the first of two in October unless `clock.fold` is 1.
    """
    return datetime.combine(day, clock, ZONE).replace(fold=clock.fold).astimezone(UTC)  # freezegun drops fold


@dataclass(frozen=True)
class Calendar:
    """A week from Monday on, and what wins over it: closing days, special days, the start.

    Raises BadCalendar. Methods answer in UTC unless they say "local", and raise ValueError for a naive moment.
    """

    weekly: tuple[tuple[Window, ...], ...] = OFFICE_WEEK
    closing_days: frozenset[ClosingDay] = USUAL_CLOSING_DAYS
    special_days: tuple[SpecialDay, ...] = ()
    starts_on: date | None = None

    def __post_init__(self) -> None:
        hours = [*zip(WEEKDAYS, self.weekly, strict=True)]
        hours += [(f"special_days: {special.day}", special.windows) for special in self.special_days]
        names = [name for name, _ in hours]
        faults = [f"{name}: stands there twice" for name in {*names} if names.count(name) > 1]
        for name, windows in hours:
            if any(before.closes >= after.opens for before, after in pairwise(windows)):
                faults.append(f"{name}: hours touch, overlap, or are not in order")
        if faults:
            raise BadCalendar(faults)

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """The calendar in `text`; each key may be left out. Raises BadCalendar.

        starts_on = 2020-04-14          # left out: it has always been there
        closing_days = ["Koningsdag"]   # values of ClosingDay; left out: all but Goede Vrijdag
        [weekly]                        # left out: the office week; a day left out is closed
        monday = ["9.00-12.30", "13.00-17.00"]
        [[special_days]]                # as many as needed
        day = 2020-12-24
        windows = ["9.00-15.00"]        # [] is closed
        name = "kerstavond"             # may be left out
        """
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise BadCalendar([str(error)]) from error
        return cls(**_each(table, _field))

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The local opening hours on `day`, in order; () when closed."""
        return self._day(day).windows

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is open: at 9.00.00 it is, at 17.00.00 no longer."""
        return self.closes_at(at) is not None

    def closes_at(self, at: datetime) -> datetime | None:
        """When the opening around `at` ends; None when closed."""
        spans = self._spans(local(at).date())
        return next((closes for opens, closes in spans if opens <= at < closes), None)

    def next_opening(self, at: datetime) -> datetime:
        """The first moment after `at` at which the desk opens. Raises NeverOpens."""
        for opens, _ in self._spans(local(at).date(), HORIZON):
            if opens > at:
                return opens
        raise NeverOpens(at)

    def last_closing_on(self, day: date) -> datetime | None:
        """When the desk closes for the day; None when closed all day."""
        return max((closes for _, closes in self._spans(day)), default=None)

    def closes_early_on(self, day: date) -> time | None:
        """The local closing time if it is earlier than usual on this weekday, else None."""
        windows, usual = self.windows_on(day), self.weekly[day.weekday()]
        return windows[-1].closes if windows and usual and windows[-1].closes < usual[-1].closes else None

    def closing_name(self, day: date) -> str | None:
        """Why it is closed: "Koningsdag", a special day's name. None when open, unnamed, or closed every week."""
        found = self._day(day)
        return None if found.windows else found.name

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How long the desk is open from `start` to `end`; negative when `end` comes first."""
        start, end = _utc(start), _utc(end)
        if end < start:
            return -self.working_time_between(end, start)
        spans = self._spans(local(start).date(), local(end).toordinal() - local(start).toordinal() + 1)
        parts = (min(end, closes) - max(start, opens) for opens, closes in spans)
        return sum((part for part in parts if part > timedelta()), timedelta())

    def add_working_time(self, at: datetime, amount: timedelta) -> datetime:
        """The first moment by which the desk has been open for `amount` since `at`.

        So an hour from 16.00 is 17.00, not the next morning. Raises NeverOpens, and ValueError if it is negative.
        """
        if amount < timedelta():
            raise ValueError("working time can only be added")
        at, left = _utc(at), amount
        for opens, closes in self._spans(local(at).date(), HORIZON):
            begin = max(at, opens)
            if left <= closes - begin:
                return begin + left if left else at
            left -= max(closes - begin, timedelta())
        raise NeverOpens(at)

    def add_working_days(self, at: datetime, days: int) -> datetime:
        """The same clock time, `days` days with opening hours later: "binnen 3 werkdagen".

        When closed, the next opening counts as `at`. Outside the hours of the day reached it is their next opening or
        last closing. Who comes later is never promised an earlier moment. Raises NeverOpens, ValueError (days < 0).
        """
        begin = local(at if self.is_open(at) else self.next_opening(at))
        working_days = filter(self.windows_on, _days(begin.date(), HORIZON))
        for day in islice(working_days, days, None):
            wished, spans = at_local(day, begin.time()), tuple(self._spans(day))
            return next((max(wished, opens) for opens, closes in spans if wished <= closes), spans[-1][1])
        raise NeverOpens(at)

    def _day(self, day: date) -> SpecialDay:
        if isinstance(day, datetime):  # passes for a date, but would match no special day
            raise TypeError("a day is wanted, not a moment: local(at).date()")
        if self.starts_on and day < self.starts_on:
            return SpecialDay(day, ())
        for special in self.special_days:
            if special.day == day:
                return special
        usual = self.weekly[day.weekday()]
        names = [name for name in _holidays_in(day.year).get(day, ()) if name in self.closing_days]
        return SpecialDay(day, (), names[0]) if usual and names else SpecialDay(day, usual)

    def _spans(self, first: date, days: int = 1) -> Iterator[tuple[datetime, datetime]]:
        """The openings on `days` days from `first` on, in order: opens and closes, in UTC."""
        for day in _days(first, days):
            for window in self.windows_on(day):
                yield at_local(day, window.opens), at_local(day, window.closes)


def _days(first: date, count: int) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), first.toordinal() + count))


def _utc(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC)


@lru_cache(maxsize=64)
def _holidays_in(year: int) -> Mapping[date, list[str]]:
    # To the library 5 May is "optional" in most years; without `language` it speaks the machine's.
    known = holidays.country_holidays("NL", years=year, categories=("public", "optional"), language="nl")
    return {day: [name.title() for name in known.get_list(day)] for day in known}


def _each(table: Mapping[Any, Any], read: Callable[[Any, Any], Any]) -> dict[Any, Any]:
    """What `read` makes of each item. Raises BadCalendar with the faults of all of them."""
    made, faults = {}, []
    for key, raw in table.items():
        try:
            made[key] = read(key, raw)
        except ValueError as error:
            faults += [f"{key}: {fault}" for fault in str(error).splitlines()]
    if faults:
        raise BadCalendar(faults)
    return made


def _field(key: str, raw: Any) -> object:
    match key, raw:
        case "starts_on", date() if not isinstance(raw, datetime):
            return raw
        case "closing_days", list():
            return frozenset(_each(dict.fromkeys(map(str, raw)), lambda name, _: ClosingDay(name)).values())
        case "weekly", dict() if {*raw} <= {*WEEKDAYS}:
            return tuple(_each({day: raw.get(day, []) for day in WEEKDAYS}, _windows).values())
        case "special_days", list():
            return tuple(_each(dict(enumerate(raw, 1)), _special_day).values())
    raise ValueError(f"{raw!r} has no place here")


def _special_day(_: object, raw: Any) -> SpecialDay:
    match {"name": None} | raw if isinstance(raw, dict) else raw:
        case {"day": date() as day, "windows": hours, "name": str() | None as name, **more}:
            if not more and not isinstance(day, datetime):
                return SpecialDay(day, _windows(day, hours), name or None)
    raise ValueError(f"{raw!r} is not a day with windows, and perhaps a name")


def _windows(_: object, raw: Any) -> tuple[Window, ...]:
    found = [HOURS.fullmatch(str(text)) for text in (raw if isinstance(raw, list) else [raw])]
    if not all(found):
        raise ValueError(f'{raw!r} is not hours such as ["9.00-12.30", "13.00-17.00"]')
    clocks = [[int(digits) for digits in match.groups()] for match in found if match]
    return tuple(Window(time(a, b), time(c, d)) for a, b, c, d in clocks)
