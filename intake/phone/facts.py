"""What the menu and its texts need to know at this moment, read from the documents in force."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.calendar import calendar_of
from desk.clock import Clock
from desk.documents import Document, current
from hours import Calendar, at_local, local
from intake.phone.menu import Position, Step
from intake.phone.promise import promised_by
from intake.phone.script import Facts, RingColleague
from intake.phone.texts import sound_list
from intake.phone.texts.line_rules import LineRules
from intake.phone.texts.prompts import NAME, Prompts, prompts_in_force
from intake.phone.texts.sound_list import BadSounds, Sounds, files_by_text, read_sounds
from routing.closed import Texts, closed_text, texts_of

NEWEST = select(func.max(Document.n))


@dataclass(frozen=True)
class InForce:
    """The documents that a call goes by, in one version."""

    newest: int
    calendar: Calendar
    prompts: Prompts
    texts: Texts


Bodies = Mapping[str, str]
"""What the documents of one version say, by name, as they were written."""
NAMES = ("calendar", NAME, "texts")


class Library:
    """The documents in force, read again only after one was written: every webhook asks, and few days change any."""

    def __init__(self, keep: Callable[[InForce, Bodies], None] = lambda _documents, _bodies: None) -> None:
        """`keep` is given what was read, each time that it is new."""
        self._keep = keep
        self._held: InForce | None = None

    @property
    def held(self) -> InForce | None:
        """The documents as they were read last."""
        return self._held

    @property
    def rules(self) -> LineRules:
        """The rules as they were read last, else the usual ones: a call ends also when no text can be read."""
        return self._held.prompts.line if self._held else LineRules()

    def in_force(self, session: Session) -> InForce:
        """The documents as this transaction sees them. Raises `LookupError` when they were never seeded."""
        newest = newest_document(session)
        held = self._held
        if held is None or held.newest != newest:
            bodies = {name: current(session, name)[1] for name in NAMES}
            held = InForce(newest, calendar_of(session), prompts_of(session), texts_of(session))
            self._held = held
            self._keep(held, bodies)
        return held


def prompts_of(session: Session) -> Prompts:
    """The texts in force, and the recordings of them. Raises `LookupError` when they were never seeded."""
    _version, body = current(session, NAME)
    prompts = prompts_in_force(body)
    return replace(prompts, sounds=files_by_text(sounds_of(session), prompts.texts))


def sounds_of(session: Session) -> Sounds:
    """The recordings in force. Without a document that can be read there are none: the voice speaks every text."""
    try:
        _version, body = current(session, sound_list.NAME)
        return read_sounds(body)
    except (LookupError, BadSounds):
        return {}


def newest_document(session: Session) -> int:
    """The version of all documents together: it grows when one is written."""
    return session.connection().execute(NEWEST).scalar() or 0


@dataclass(frozen=True)
class Moment:
    """Desk time now, UTC, with the documents in force."""

    now: datetime
    documents: InForce

    @property
    def rules(self) -> LineRules:
        """How long the line rings, waits and tries."""
        return self.documents.prompts.line

    @property
    def open_now(self) -> bool:
        """Whether the desk is open."""
        return self.documents.calendar.is_open(self.now)

    @property
    def promise(self) -> datetime:
        """By when somebody who asks now is called back, UTC."""
        return promised_by(self.documents.calendar, self.now, self.documents.prompts.promises)

    def facts(self, position: Position, promised_at: datetime | None, ring: RingColleague | None = None) -> Facts:
        """What the texts of this step are filled with."""
        calendar, today = self.documents.calendar, local(self.now).date()
        early = position.step is Step.MENU and calendar.closes_early_on(today)
        closed = position.step is Step.CLOSED
        return Facts(
            now=self.now,
            promised_at=promised_at,
            closes_early_at=calendar.last_closing_on(today) if early else None,
            closed_words=closed_text(self.documents.texts, calendar, _closed_at(calendar, self.now)) if closed else "",
            ring=ring,
        )


def this_moment(session: Session, library: Library) -> Moment:
    """Now, by the desk's clock."""
    clock: Clock = session.info["clock"]
    return Moment(clock.now(), library.in_force(session))


def _closed_at(calendar: Calendar, now: datetime) -> datetime:
    """The last moment, now or before, at which the desk was closed.

    A webhook of before the opening that is repeated after it hears the same again: today, not tomorrow.
    """
    today = local(now).date()
    opened = [at for window in calendar.windows_on(today) if (at := at_local(today, window.opens)) <= now]
    return max(opened) - timedelta(seconds=1) if calendar.is_open(now) else now
