"""What a caller hears at each place of the menu, and what the line does then; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from desk.dates import spoken_digits, spoken_moment, spoken_time
from intake.phone.menu import Position, Step
from intake.phone.prompts import Prompts


@dataclass(frozen=True)
class Line:
    """One spoken text and its code, under which it is noted what the caller was told."""

    code: str
    text: str


@dataclass(frozen=True)
class AskKey:
    """Wait for one key; silence counts as an answer."""

    seconds: int


@dataclass(frozen=True)
class AskNumber:
    """Wait for digits, closed by a hash sign."""

    seconds: int


@dataclass(frozen=True)
class TakeMessage:
    """Record what is said after the tone."""


@dataclass(frozen=True)
class HangUp:
    """End the call."""


Then = AskKey | AskNumber | TakeMessage | HangUp


@dataclass(frozen=True)
class Scene:
    """One answer to the carrier: what is said, then what the line does."""

    lines: tuple[Line, ...]
    then: Then


@dataclass(frozen=True)
class Facts:
    """What the texts are filled with: desk time now, the promise made to this caller, T8 whole at Step.CLOSED."""

    now: datetime
    promised_at: datetime | None = None
    closes_early_at: datetime | None = None
    closed_words: str = ""


THEN: Mapping[Step, Then] = {
    Step.MENU: AskKey(5),
    Step.CLOSED: AskKey(5),
    Step.NUMBER: AskNumber(10),
    Step.CONFIRM: AskKey(8),
    Step.VOICEMAIL: TakeMessage(),
}
"""What the line does at each step, in seconds of patience; at any other it hangs up."""


def scene(position: Position, prompts: Prompts, facts: Facts) -> Scene:
    """The scene at a position: the same for the same position, so that a repeated webhook hears the same."""
    then = THEN.get(position.step, HangUp()) if position.step else HangUp()
    return Scene(tuple(_lines(position, prompts, facts)), then)


def _lines(position: Position, prompts: Prompts, facts: Facts) -> Iterator[Line]:
    match position.step:
        case Step.MENU:
            yield from _greeting(position, prompts, facts)
        case Step.CLOSED:
            yield Line("T8", facts.closed_words)
        case Step.NUMBER:
            yield Line("T6", prompts.text("T6_vraag"))
        case Step.CONFIRM:
            yield Line("T6", prompts.text("T6_controle", nummer=spoken_digits(position.number or "")))
        case Step.PROMISED:
            yield Line("T6", prompts.text("T6_belofte", uiterlijk=_promise(facts)))
        case Step.VOICEMAIL:
            yield Line("T7", prompts.text("T7", uiterlijk=_promise(facts)))


def _greeting(position: Position, prompts: Prompts, facts: Facts) -> Iterator[Line]:
    """A menu that is repeated begins with its choices."""
    if not position.tries:
        yield Line("T1", prompts.text("T1"))
        if facts.closes_early_at is not None:
            yield Line("T10", prompts.text("T10", sluitingstijd=spoken_time(facts.closes_early_at)))
    yield Line("T2", prompts.text("T2"))


def _promise(facts: Facts) -> str:
    if facts.promised_at is None:
        raise ValueError("a promise is spoken before it is made")
    return spoken_moment(facts.promised_at, facts.now)
