"""What a caller hears at each place of the menu, and what the line does then; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from desk.dates import spoken_digits, spoken_moment, spoken_time
from intake.phone.menu import Position, Step
from intake.phone.texts.prompts import Prompts


@dataclass(frozen=True)
class Line:
    """One spoken text and its code, under which it is noted what the caller was told.

    `sound` names the recording that is played instead of the voice, if there is one of exactly this text.
    """

    code: str
    text: str
    sound: str | None = None


@dataclass(frozen=True)
class AskKey:
    """Wait for one key; silence counts as an answer."""

    seconds: int


@dataclass(frozen=True)
class AskNumber:
    """Wait for digits, closed by a hash sign, or by the last of `digits`."""

    seconds: int
    digits: int | None = None


@dataclass(frozen=True)
class TakeMessage:
    """Record what is said after the tone."""


@dataclass(frozen=True)
class RingColleague:
    """Ring one colleague; `ring` names the try, `number` is E.164, `seconds` how long it rings."""

    ring: UUID
    number: str
    seconds: int


@dataclass(frozen=True)
class JoinQueue:
    """Wait for a colleague."""


@dataclass(frozen=True)
class HangUp:
    """End the call."""


Then = AskKey | AskNumber | TakeMessage | RingColleague | JoinQueue | HangUp


@dataclass(frozen=True)
class Scene:
    """One answer to the carrier: what is said, then what the line does."""

    lines: tuple[Line, ...]
    then: Then


@dataclass(frozen=True)
class Facts:
    """What the texts are filled with: desk time now, the promise made to this caller, T8 whole at Step.CLOSED.

    `ring` is the colleague to ring at Step.RINGING.
    """

    now: datetime
    promised_at: datetime | None = None
    closes_early_at: datetime | None = None
    closed_words: str = ""
    ring: RingColleague | None = None


THEN: Mapping[Step, Then] = {
    Step.MENU: AskKey(5),
    Step.TICKET: AskNumber(8, digits=8),
    Step.ELSEWHERE: AskKey(5),
    Step.CLOSED: AskKey(5),
    Step.CLOSING: AskNumber(10),
    Step.NUMBER: AskNumber(10),
    Step.CONFIRM: AskKey(12),
    Step.WAITING: JoinQueue(),
    Step.VOICEMAIL: TakeMessage(),
}
"""What the line does at each step, in seconds of patience; at any other it hangs up."""


SAYS: Mapping[Step, tuple[str, str]] = {
    Step.TICKET: ("T2a", "T2a"),
    Step.ELSEWHERE: ("T3", "T3"),
    Step.NUMBER: ("T6", "T6_vraag"),
    Step.TALKED: ("T13", "T13"),
    Step.LEFT: ("T14", "T14"),
}
"""The steps at which one text is said as it stands: its code, and its name in the document."""


def scene(position: Position, prompts: Prompts, facts: Facts) -> Scene:
    """The scene at a position: the same for the same position, so that a repeated webhook hears the same."""
    lines = tuple(voiced(line, prompts) for line in _lines(position, prompts, facts))
    return Scene(lines, _then(position, facts))


def waiting_line(code: str, prompts: Prompts, facts: Facts) -> Line:
    """What is said to somebody in the queue: T4, or T5 with its promise."""
    blanks = {"uiterlijk": _promise(facts)} if facts.promised_at is not None else {}
    return voiced(Line(code, prompts.text(code, **blanks)), prompts)


def voiced(line: Line, prompts: Prompts) -> Line:
    """The line with the recording that is played for it, if there is one."""
    return replace(line, sound=prompts.sounds.get(line.text))


def _then(position: Position, facts: Facts) -> Then:
    match position.step:
        case Step.RINGING if facts.ring is not None:
            return facts.ring
        case Step() as step:
            return THEN.get(step, HangUp())
    return HangUp()


def _lines(position: Position, prompts: Prompts, facts: Facts) -> Iterator[Line]:
    if position.aside:
        yield Line(position.aside, prompts.text(position.aside))
    match position.step:
        case Step.MENU:
            yield from _greeting(position, prompts, facts)
        case Step.CLOSED:
            yield from _closed(position, prompts, facts)
        case Step.CLOSING:
            yield Line("T9", prompts.text("T9", uiterlijk=_promise(facts)))
            yield Line("T6", prompts.text("T6_vraag"))
        case Step.CONFIRM:
            yield Line("T6", prompts.text("T6_controle", nummer=spoken_digits(position.number or "")))
        case Step.PROMISED:
            yield Line("T6", prompts.text("T6_belofte", uiterlijk=_promise(facts)))
        case Step.VOICEMAIL:
            yield Line("T7", prompts.text("T7", uiterlijk=_promise(facts)))
        case Step() as step if step in SAYS:
            code, name = SAYS[step]
            yield Line(code, prompts.text(name))


def _greeting(position: Position, prompts: Prompts, facts: Facts) -> Iterator[Line]:
    """A menu that is repeated begins with its choices."""
    if not position.tries:
        yield Line("T1", prompts.text("T1"))
        if facts.closes_early_at is not None:
            yield Line("T10", prompts.text("T10", sluitingstijd=spoken_time(facts.closes_early_at)))
    yield Line("T2", prompts.text("T2"))


def _closed(position: Position, prompts: Prompts, facts: Facts) -> Iterator[Line]:
    """Said once more, it says so: it is a long text, and nobody should doubt whether the key worked."""
    if position.tries:
        yield Line("T8", prompts.text("T8_nogmaals"))
    yield Line("T8", facts.closed_words)


def _promise(facts: Facts) -> str:
    if facts.promised_at is None:
        raise ValueError("a promise is spoken before it is made")
    return spoken_moment(facts.promised_at, facts.now)
