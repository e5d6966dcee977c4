"""The spoken menu as a pure function: where a caller stands and what is heard decide where the call goes next."""

import enum
from dataclasses import dataclass, replace

MOST_REPEATS = 1  # of a menu after a wrong key
MOST_NUMBERS = 3  # times that a caller may key in a number
MOST_TURNS = 40  # nobody needs as many; a broken device must not keep a line busy for ever


class Step(enum.StrEnum):
    """Where in the conversation a caller is."""

    MENU = "menu"
    CLOSED = "closed"
    NUMBER = "number"
    CONFIRM = "confirm"
    PROMISED = "promised"
    VOICEMAIL = "voicemail"
    LEFT = "left"
    END = "end"


LAST_STEPS = frozenset({Step.PROMISED, Step.LEFT, Step.END})


@dataclass(frozen=True)
class Position:
    """What is recorded of a conversation. `number` is E.164: keyed in, and confirmed once the step is PROMISED."""

    step: Step | None = None
    tries: int = 0
    number: str | None = None
    turn: int = 0
    """How many turns the caller had; the carrier asks for the next one by this number."""


@dataclass(frozen=True)
class Heard:
    """What the caller did in one turn: keys pressed ("" is silence), the number they spell, a message spoken."""

    keys: str = ""
    number: str | None = None
    message: bool = False


def move(position: Position, heard: Heard, *, open_now: bool) -> Position:
    """Where the caller stands after one more turn."""
    turn = position.turn + 1
    if turn > MOST_TURNS:
        return Position(Step.END, turn=turn)
    match position.step:
        case None:
            after = Position(Step.MENU if open_now else Step.CLOSED)
        case Step.MENU:
            after = _from_menu(position, heard, open_now=open_now)
        case Step.CLOSED:
            after = _from_closed(position, heard, open_now=open_now)
        case Step.NUMBER:
            confirm = replace(position, step=Step.CONFIRM, number=heard.number)
            after = confirm if heard.number else _ask_again(position, open_now=open_now)
        case Step.CONFIRM:
            promised = replace(position, step=Step.PROMISED)
            after = promised if heard.keys == "1" else _ask_again(position, open_now=open_now)
        case Step.VOICEMAIL:
            after = Position(Step.LEFT if heard.message else Step.END)
        case _:
            after = position
    return replace(after, turn=turn)


def _from_menu(position: Position, heard: Heard, *, open_now: bool) -> Position:
    if heard.keys == "9":
        return Position(Step.NUMBER)
    wrong = heard.keys not in {"", "0"}
    if wrong and position.tries < MOST_REPEATS:
        return Position(Step.MENU, position.tries + 1)
    return _voicemail(open_now=open_now)


def _from_closed(position: Position, heard: Heard, *, open_now: bool) -> Position:
    if heard.keys == "1":
        return Position(Step.NUMBER)
    if open_now:  # it opened while they listened
        return Position(Step.MENU)
    if heard.keys:  # a key cut the text short: nobody is sent away before it was spoken to its end
        return Position(Step.CLOSED, position.tries + 1)
    return Position(Step.END)


def _ask_again(position: Position, *, open_now: bool) -> Position:
    if position.tries + 1 < MOST_NUMBERS:
        return Position(Step.NUMBER, position.tries + 1)
    return _voicemail(open_now=open_now)


def _voicemail(*, open_now: bool) -> Position:
    """A message may be left while the desk is open only; who comes too late hears that it is closed."""
    return Position(Step.VOICEMAIL if open_now else Step.CLOSED)
