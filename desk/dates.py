"""Dates, times and numbers as people in the Netherlands say and write them. Pure Dutch, no locale.

What is *spoken* goes to the telephone, what is *written* to pages and mails; `now` is desk time.
"""

from datetime import date, datetime, timedelta

from hours import Calendar, local

# fmt: off
NUMBERS = (
    "nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf",
    "dertien", "veertien",
)
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)
# fmt: on
MINUTE = timedelta(minutes=1)


def spoken_time(at: datetime) -> str:
    """The clock as it is said: "half vijf", "vijf over half drie"; seconds are dropped.

    Between 7.00 and 19.00 it is said plainly; other hours get "'s avonds" or the like, so that
    no caller takes three at night for three in the afternoon.
    """
    moment = local(at)
    words = _clock_words(moment.hour, moment.minute)
    parts = (6, "'s nachts"), (7, "'s ochtends"), (19, ""), (24, "'s avonds")
    part = next(part for until, part in parts if moment.hour < until)
    return f"{words} {part}".rstrip()


def spoken_day(at: datetime, now: datetime) -> str:
    """The day with its preposition: "vandaag", "morgen", "op dinsdag 28 april".

    A date more than half a year away is said with its year.
    """
    day, today = local(at).date(), local(now).date()
    far = abs(day - today) > timedelta(days=183)
    return _near_day(day, today) or f"op {long_day(at)}" + (f" {day.year}" if far else "")


def spoken_moment(at: datetime, now: datetime) -> str:
    """Day and time for a promise: "vandaag om vijf uur", "op dinsdag 28 april om twaalf uur"."""
    return f"{spoken_day(at, now)} om {spoken_time(at)}"


def spoken_digits(number: str) -> str:
    """A number read back digit by digit, a comma where the voice pauses: "nul zes, nul nul …".

    Spaces, dashes and the like are not said; +31 and 0031 become the 0 that a caller would key.
    """
    plus = "+" if number.lstrip().startswith("+") else ""
    digits = plus + "".join(digit for digit in number if digit in "0123456789")
    for prefix in ("+31", "0031"):
        if digits.startswith(prefix):
            digits = "0" + digits.removeprefix(prefix).removeprefix("0")
    return ", ".join(" ".join(map(_digit, group)) for group in _groups(digits))


def written_time(at: datetime) -> str:
    """The local time of day: "9.00", "16.30"."""
    moment = local(at)
    return f"{moment.hour}.{moment.minute:02}"


def written_day(at: datetime, now: datetime) -> str:
    """The day: "vandaag", "gisteren", "morgen", "do 16 april"; "do 15 april 2027" in another year."""
    day, today = local(at).date(), local(now).date()
    year = "" if day.year == today.year else f" {day.year}"
    return _near_day(day, today) or f"{WEEKDAYS[day.weekday()][:2]} {_date(day)}{year}"


def written_moment(at: datetime, now: datetime) -> str:
    """Day and time: "vandaag 16.30", "do 16 april 9.00"."""
    return f"{written_day(at, now)} {written_time(at)}"


def long_day(at: datetime) -> str:
    """The day in full, for letters: "dinsdag 14 april"."""
    day = local(at).date()
    return f"{WEEKDAYS[day.weekday()]} {_date(day)}"


def long_moment(at: datetime) -> str:
    """Day and time in full, for letters: "dinsdag 14 april om 17.00 uur"."""
    return f"{long_day(at)} om {written_time(at)} uur"


def counted(number: int, one: str, more: str) -> str:
    """So many of something: "1 oproep", "2 oproepen"."""
    return f"{number} {one if number == 1 else more}"


def length_words(seconds: float) -> str:
    """How long something is heard: "42 seconden", "2 minuten en 1 seconde"; never less than a second."""
    minutes, rest = divmod(max(1, round(seconds)), 60)
    words = [counted(minutes, "minuut", "minuten")] if minutes else []
    words += [counted(rest, "seconde", "seconden")] if rest else []
    return " en ".join(words)


def time_left(until: datetime, now: datetime, calendar: Calendar | None = None) -> str:
    """How long there is until a deadline: "nog 2 u 33 min", "morgen", "1 u 12 min over tijd".

    With a calendar, time over is counted in opening hours only: what was due at 16.30 is 1 u 12 min
    over tijd at 9.42 the next day. Without one it is counted on the wall clock, as for what is acute.
    """
    left = until - now
    if abs(left) < MINUTE:
        return "nu"
    if left < timedelta():
        over = calendar.working_time_between(until, now) if calendar else -left
        if over < MINUTE:
            return _since_closing(local(until).date(), local(now).date())
        return _overdue(over, (local(now).date() - local(until).date()).days)
    days = (local(until).date() - local(now).date()).days
    # Late in the evening "morgen" would hide that it is almost time.
    if not days or left < timedelta(hours=3):
        return f"nog {_duration(left)}"
    return _days_ahead(days, local(now).weekday())


def _clock_words(hour: int, minute: int) -> str:
    this, following = (NUMBERS[(each - 1) % 12 + 1] for each in (hour, hour + 1))
    # Until which minute people count from which: the hour, the half hour, the next hour.
    anchors = (15, 0, this), (44, 30, f"half {following}"), (59, 60, following)
    offset, anchor = next((minute - base, words) for last, base, words in anchors if minute <= last)
    if not offset:
        return anchor if minute else f"{this} uur"
    return f"{(*NUMBERS, 'kwart')[abs(offset)]} {'over' if offset > 0 else 'voor'} {anchor}"


def _near_day(day: date, today: date) -> str | None:
    return {-1: "gisteren", 0: "vandaag", 1: "morgen"}.get((day - today).days)


def _date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def _digit(digit: str) -> str:
    return "plus" if digit == "+" else NUMBERS[int(digit)]


def _groups(digits: str) -> list[str]:
    """Digits in the groups in which people know them: 06 0000 0142, 010 000 01 88, 4821 7735."""
    sizes = {5: (2, 3), 8: (4, 4), 10: (2, 4, 4) if digits.startswith("06") else (3, 3, 2, 2)}
    groups = []
    for size in sizes.get(len(digits), (3,) * len(digits)):
        groups.append(digits[:size])
        digits = digits[size:]
    return [group for group in groups if group]


def _duration(span: timedelta) -> str:
    hours, minutes = divmod(span // MINUTE, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} u {minutes} min" if minutes else f"{hours} u"


def _overdue(over: timedelta, days: int) -> str:
    if over < timedelta(days=1):
        return f"{_duration(over)} over tijd"
    return f"{counted(days, 'dag', 'dagen')} over tijd"


def _since_closing(day: date, today: date) -> str:
    """Due at closing time, and the desk was not open since."""
    near = {0: "", 1: "sinds gisteren "}.get((today - day).days, f"sinds {WEEKDAYS[day.weekday()]} ")
    return f"{near}over tijd"


def _days_ahead(days: int, weekday: int) -> str:
    # Monday or Tuesday of next week: Tuesday is the first day after Easter and Whitsun.
    after_weekend = days - (7 - weekday) in (0, 1)
    far = "na het weekend" if after_weekend else f"over {days} dagen"
    return {1: "morgen", 2: "overmorgen"}.get(days, far)
