"""What a caller would hear at a moment, by the same menu and the same texts that a real call goes by."""

from dataclasses import dataclass
from datetime import datetime

from desk.dates import spoken_moment
from hours import NeverOpens, local
from intake.phone.facts import InForce, Moment
from intake.phone.menu import Heard, Position, move
from intake.phone.menu import Line as Desk
from intake.phone.script import Line, scene
from intake.phone.texts.prompts import FAULT, fault_text


@dataclass(frozen=True)
class WouldHear:
    """The first answer to a call at `at`. `promise`: by when somebody who asks then is called back; "" is never."""

    at: datetime
    open_then: bool
    closed_for: str
    """The name of a closing day, or ""."""
    lines: tuple[Line, ...]
    promise: str


def would_hear(documents: InForce, at: datetime) -> WouldHear:
    """The texts of the first turn. A calendar without any opening leaves callers with the text of a fault."""
    moment, calendar = Moment(at, documents), documents.calendar
    first = move(Position(), Heard(), Desk(moment.open_now))
    closed_for = calendar.closing_name(local(at).date()) or ""
    try:
        lines = scene(first, documents.prompts, moment.facts(first, None)).lines
        promise = spoken_moment(moment.promise, at)
    except NeverOpens:
        lines, promise = (Line(FAULT, fault_text()),), ""
    return WouldHear(at, moment.open_now, closed_for, lines, promise)
