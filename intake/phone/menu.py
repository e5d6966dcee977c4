"""The spoken menu as a pure function: where a caller stands and what is heard decide where the call goes next."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from intake.phone.values import Leaving

MOST_REPEATS = 1  # of a menu after a wrong key
MOST_NUMBERS = 3  # times that a caller may key in a number
MOST_TURNS = 60  # nobody needs as many; a broken device must not keep a line busy for ever
UNKNOWN_NUMBER = "T2b"


class Step(enum.StrEnum):
    """Where in the conversation a caller is."""

    MENU = "menu"
    TICKET = "ticket"
    ELSEWHERE = "elsewhere"
    RINGING = "ringing"
    WAITING = "waiting"
    TALKED = "talked"
    CLOSED = "closed"
    CLOSING = "closing"
    NUMBER = "number"
    CONFIRM = "confirm"
    PROMISED = "promised"
    VOICEMAIL = "voicemail"
    LEFT = "left"
    END = "end"


LAST_STEPS = frozenset({Step.TALKED, Step.PROMISED, Step.LEFT, Step.END})
MAY_NEVER_END = frozenset({Step.CLOSED, Step.NUMBER})
"""Where a device could press keys for ever; how long a caller seeks a person is bounded by time."""


class Staff(enum.StrEnum):
    """Who could answer this caller now."""

    NOBODY = "nobody"
    """Nobody takes the telephone."""
    BUSY = "busy"
    FULL = "full"
    """Everybody is busy, and as many callers wait as can be kept waiting."""
    FREE = "free"


@dataclass(frozen=True)
class Line:
    """How things stand at the desk at this moment."""

    open_now: bool
    staff: Staff = Staff.NOBODY


@dataclass(frozen=True)
class Position:
    """What is recorded of a conversation. `number` is E.164: keyed in, and confirmed once the step is PROMISED."""

    step: Step | None = None
    tries: int = 0
    number: str | None = None
    turn: int = 0
    """How many turns the caller had; the carrier asks for the next one by this number."""
    keyed: str | None = None
    """The number of a ticket that the caller keyed in, and that there is."""
    aside: str | None = None
    """Code of a text that goes before those of the step."""


@dataclass(frozen=True)
class Heard:
    """What came of one turn: keys pressed ("" is silence), the number they spell, a message spoken.

    `ticket`: the keys are the number of a ticket; `talked`: a colleague answered, and has hung up; `left`: why the
    caller was let out of the queue; `full`: there was no place in it.
    """

    keys: str = ""
    number: str | None = None
    message: bool = False
    ticket: str | None = None
    talked: bool = False
    left: Leaving | None = None
    full: bool = False


def move(position: Position, heard: Heard, line: Line) -> Position:
    """Where the caller stands after one more turn."""
    turn = position.turn + 1
    if turn > MOST_TURNS and position.step in MAY_NEVER_END:
        return Position(Step.END, turn=turn)
    if position.step is None:
        after = Position(Step.MENU if line.open_now else Step.CLOSED)
    elif position.step in LAST_STEPS:
        after = position
    else:
        after = MOVES[position.step](position, heard, line)
    return replace(after, turn=turn, keyed=after.keyed or position.keyed)


def _from_menu(position: Position, heard: Heard, line: Line) -> Position:
    if heard.keys == "1":
        return Position(Step.TICKET)
    if heard.keys == "2":
        return Position(Step.ELSEWHERE)
    if heard.keys not in {"", "0"} and position.tries < MOST_REPEATS:
        return Position(Step.MENU, position.tries + 1)
    return _person(line)


def _from_ticket(_position: Position, heard: Heard, line: Line) -> Position:
    """Whatever was keyed in, a person comes next; who keyed nothing at all hears nothing of it."""
    unknown = bool(heard.keys) and heard.ticket is None
    return replace(_person(line), keyed=heard.ticket, aside=UNKNOWN_NUMBER if unknown else None)


def _from_elsewhere(position: Position, heard: Heard, line: Line) -> Position:
    """A wrong key cut the text short: it is said once more, and then a person comes."""
    if not heard.keys:
        return Position(Step.END)
    if heard.keys != "0" and position.tries < MOST_REPEATS:
        return Position(Step.ELSEWHERE, position.tries + 1)
    return _person(line)


def _from_ringing(_position: Position, heard: Heard, line: Line) -> Position:
    if heard.talked:
        return Position(Step.TALKED)
    return _person(line) if line.open_now else Position(Step.CLOSING)


def _from_waiting(_position: Position, heard: Heard, line: Line) -> Position:
    """`left` was decided while they waited; without it the queue itself failed them."""
    if heard.left is Leaving.COLLEAGUE:
        return Position(Step.RINGING)
    if heard.full or heard.left is Leaving.CALLBACK:
        return Position(Step.NUMBER)
    if heard.left is Leaving.CLOSING or not line.open_now:
        return Position(Step.CLOSING)
    return Position(Step.VOICEMAIL)


def _from_closed(position: Position, heard: Heard, line: Line) -> Position:
    if heard.keys == "1":
        return Position(Step.NUMBER)
    if line.open_now:  # it opened while they listened
        return Position(Step.MENU)
    if heard.keys:  # a key cut the text short: nobody is sent away before it was spoken to its end
        return Position(Step.CLOSED, position.tries + 1)
    return Position(Step.END)


def _from_closing(position: Position, heard: Heard, line: Line) -> Position:
    """They were promised a call already; who keys nothing is called on the number that we saw, if any."""
    return _from_number(position, heard, line) if heard.keys else Position(Step.END)


def _from_number(position: Position, heard: Heard, line: Line) -> Position:
    if heard.number:
        return Position(Step.CONFIRM, position.tries, heard.number)
    return _ask_again(position, line)


def _from_confirm(position: Position, heard: Heard, line: Line) -> Position:
    if heard.keys == "1":
        return replace(position, step=Step.PROMISED)
    return _ask_again(position, line)


def _from_voicemail(_position: Position, heard: Heard, _line: Line) -> Position:
    return Position(Step.LEFT if heard.message else Step.END)


def _person(line: Line) -> Position:
    """A colleague who is free, else the queue; what else there is when that cannot be; T8 when it just closed."""
    return Position(PERSON[line.staff] if line.open_now else Step.CLOSED)


def _ask_again(position: Position, line: Line) -> Position:
    if position.tries + 1 < MOST_NUMBERS:
        return Position(Step.NUMBER, position.tries + 1)
    return Position(Step.VOICEMAIL if line.open_now else Step.CLOSED)


PERSON: Mapping[Staff, Step] = {
    Staff.FREE: Step.RINGING,
    Staff.BUSY: Step.WAITING,
    Staff.FULL: Step.NUMBER,
    Staff.NOBODY: Step.VOICEMAIL,
}
"""Where somebody goes who wants a person."""

MOVES: Mapping[Step, Callable[[Position, Heard, Line], Position]] = {
    Step.MENU: _from_menu,
    Step.TICKET: _from_ticket,
    Step.ELSEWHERE: _from_elsewhere,
    Step.RINGING: _from_ringing,
    Step.WAITING: _from_waiting,
    Step.CLOSED: _from_closed,
    Step.CLOSING: _from_closing,
    Step.NUMBER: _from_number,
    Step.CONFIRM: _from_confirm,
    Step.VOICEMAIL: _from_voicemail,
}
"""What follows each step that has a next one."""
