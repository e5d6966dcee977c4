"""The one place that decides what a contact is told when nobody answers: T8 by voice, M1 and M2 by mail.

The functions that end in `_voice`, `_text` and `_mail` are pure; those that take a session read the texts and the
calendar in force. `now` is desk time, aware.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from desk.calendar import calendar_of
from desk.dates import long_day, long_moment, spoken_day, spoken_time, written_time
from desk.documents import current
from hours import Calendar, local
from routing.promises import latest_for_today
from routing.texts import CHOICE, Wording, read_texts
from triage.number import in_subject, spaced

ACKNOWLEDGEMENTS = ("M1", "M2")
Texts = Mapping[str, Wording]


@dataclass(frozen=True)
class ClosedVoice:
    """What T8 says of the calendar. `name` is the closing day's; `next_day` carries its preposition."""

    name: str | None
    next_day: str
    next_time: str


def closed_words(session: Session, now: datetime) -> str:
    """T8 for this moment: what a caller hears when the desk is closed. Raises `hours.NeverOpens`."""
    return closed_text(texts_of(session), calendar_of(session), now)


def acknowledgement(session: Session, number: str, now: datetime) -> tuple[str, str, str]:
    """What a mail that came in at `now` is answered: code of the text (M1 or M2), subject and body."""
    if calendar_of(session).is_open(now):
        return ("M1", *open_letter(session, number, now))
    return ("M2", *closed_letter(session, number, now))


def open_letter(session: Session, number: str, now: datetime) -> tuple[str, str]:
    """Subject and body of M1, for a moment at which the desk is open."""
    return open_mail(texts_of(session), number, calendar_of(session), now)


def closed_letter(session: Session, number: str, now: datetime) -> tuple[str, str]:
    """Subject and body of M2, for a moment at which the desk is closed. Raises `hours.NeverOpens`."""
    return closed_mail(texts_of(session), number, calendar_of(session), now)


def first_reaction(session: Session, now: datetime) -> datetime:
    """By when M1 or M2, whichever is sent at `now`, promises a first reaction. Raises `hours.NeverOpens`."""
    return reaction_by(calendar_of(session), now)


def texts_of(session: Session) -> Texts:
    """The texts in force; parsed once per version."""
    _version, body = current(session, "texts")
    return _parsed(body)


def closed_voice(calendar: Calendar, now: datetime) -> ClosedVoice:
    """What the calendar says to a caller: "Koningsdag", "op dinsdag 28 april", "negen uur"."""
    opening = calendar.next_opening(now)
    name = calendar.closing_name(local(now).date())
    return ClosedVoice(name, spoken_day(opening, now), spoken_time(opening))


def closed_text(texts: Texts, calendar: Calendar, now: datetime) -> str:
    """T8, filled, with the choice that it ends with. Raises `hours.NeverOpens`."""
    closed = _closed(texts, calendar, now)
    return f"{closed} {texts[CHOICE].text}" if CHOICE in texts else closed


def closed_notice(texts: Texts, calendar: Calendar, now: datetime) -> str:
    """T8, filled, without the choice: for when no key can be taken. Raises `hours.NeverOpens`.

    Texts of before, which do not keep the choice apart, give way to those that ship with the desk.
    """
    return _closed(with_choice(texts), calendar, now)


def with_choice(texts: Texts) -> Texts:
    """The same texts with T8 and its choice apart; those of before give way to the ones that ship with the desk."""
    return texts if CHOICE in texts else {**texts, **{code: _shipped()[code] for code in ("T8", CHOICE)}}


def reaction_by(calendar: Calendar, now: datetime) -> datetime:
    """The end of the next working day; for what comes in while closed, of the day of the next opening."""
    if calendar.is_open(now):
        return _closing(calendar, calendar.add_working_days(now, 1))
    return _closing(calendar, calendar.next_opening(now))


def open_mail(texts: Texts, number: str, calendar: Calendar, now: datetime) -> tuple[str, str]:
    """M1, filled. Raises `ValueError` when the desk is closed at `now`.

    A first reaction before the end of the next working day.
    """
    if not calendar.is_open(now):
        raise ValueError("M1 is for a moment at which the desk is open")
    closing, reaction = _closing(calendar, now), long_moment(reaction_by(calendar, now))
    read = "vandaag" if now <= latest_for_today(closing) else _from_opening(calendar.next_opening(closing))
    return _letter(texts["M1"], number, sluit=written_time(closing), lezen=read, reactie=reaction)


def closed_mail(texts: Texts, number: str, calendar: Calendar, now: datetime) -> tuple[str, str]:
    """M2, filled: read from the next opening on, a first reaction before the end of that working day.

    Days are named in full, because a mail is not always read on the day it was sent.
    """
    opening = calendar.next_opening(now)
    day, reaction = f"op {long_day(opening)}", long_moment(reaction_by(calendar, now))
    return _letter(texts["M2"], number, dag=day, tijd=written_time(opening), reactie=reaction)


def handover_mail(texts: Texts, number: str) -> tuple[str, str]:
    """M4, filled: subject and body of the mail to a partner, which holds the number and nothing else."""
    return _letter(texts["M4"], number)


def _letter(wording: Wording, number: str, **words: str) -> tuple[str, str]:
    filled = wording.filled(kenmerk=in_subject(number), meldnummer=spaced(number), **words)
    return filled.subject, filled.text


def _from_opening(opening: datetime) -> str:
    return f"op {long_day(opening)} vanaf {written_time(opening)} uur"


def _closing(calendar: Calendar, at: datetime) -> datetime:
    """When the working day that `at` lies in ends: after its last opening hours."""
    return calendar.last_closing_on(local(at).date()) or at


def _closed(texts: Texts, calendar: Calendar, now: datetime) -> str:
    voice = closed_voice(calendar, now)
    reason = f": het is {voice.name}" if voice.name else ""
    return texts["T8"].filled(reden=reason, dag=voice.next_day, tijd=voice.next_time).text


@cache
def _shipped() -> Texts:
    return read_texts(Path(__file__).with_name("texts.toml").read_text("utf-8"))


@lru_cache(maxsize=8)
def _parsed(body: str) -> Texts:
    return read_texts(body)
