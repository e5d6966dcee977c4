"""The moment that somebody asks about, from what they typed; pure."""

import re
from datetime import date, datetime, time

from desk.dates import MONTHS
from hours import at_local, local

YEARS = range(2000, 2101)  # for which the holidays are known
AS_NUMBERS = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)[-./ ](\d\d?)[-./ ](\d{4})")
AS_WORDS = re.compile(rf"(\d\d?) ({'|'.join(MONTHS)}) (\d{{4}})", re.IGNORECASE)
CLOCK = re.compile(r"(\d\d?)(?:[.:](\d\d))?(?::\d\d)?(?: ?uur)?", re.IGNORECASE)
NO_DAY = "Vul een datum in, zoals 24-12-2026."
NO_YEAR = f"Kies een datum tussen {YEARS[0]} en {YEARS[-1]}."
NO_TIME = "Vul een tijd in, zoals 15.30."
SKIPPED = "Die nacht gaat de klok vooruit en is deze tijd er niet. Kies een andere tijd."


class NotAMoment(ValueError):
    """What was typed is no moment; `faults` has a sentence for each field."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


def moment_asked(day_typed: str, clock_typed: str) -> datetime:
    """The moment in UTC; the first of two when the clock goes back. Raises `NotAMoment`."""
    faults: dict[str, str] = {}
    day, clock = _day(day_typed.strip()), _clock(clock_typed.strip())
    if day is None or day.year not in YEARS:
        faults["dag"] = NO_DAY if day is None else NO_YEAR
    if clock is None:
        faults["tijd"] = NO_TIME
    if day is None or clock is None or faults:
        raise NotAMoment(faults)
    at = at_local(day, clock)
    if local(at).time() != clock:
        raise NotAMoment({"tijd": SKIPPED})
    return at


def _day(typed: str) -> date | None:
    if found := AS_NUMBERS.fullmatch(typed):
        year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        return _date(int(year), int(month), int(day))
    if found := AS_WORDS.fullmatch(typed):
        return _date(int(found[3]), MONTHS.index(found[2].lower()) + 1, int(found[1]))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(typed: str) -> time | None:
    found = CLOCK.fullmatch(typed)
    try:
        return time(int(found[1]), int(found[2] or 0)) if found else None
    except ValueError:
        return None
