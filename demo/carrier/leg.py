"""The far end of a call: waiting, speaking, and what may interrupt it."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from demo.carrier.call import Call
from demo.carrier.courier import Outcome
from demo.carrier.document import Document, Refused, Verb, read_reply
from demo.carrier.events import (
    CallerGone,
    CallOver,
    Dequeued,
    Direction,
    Elapsed,
    Ended,
    Event,
    HungUp,
    Redirected,
    Replaced,
    Script,
    Stirred,
    Taken,
    Target,
)
from demo.carrier.faults import Faults
from demo.carrier.journal import Kind, Turn
from demo.carrier.recording import Recording, speaking_time
from demo.carrier.telephone import Telephone
from demo.carrier.transport import Reply
from demo.carrier.waiting import WaitingLine

TINY = 1e-6  # seconds that are only rounding


class Network(Protocol):
    """What a call needs of the network it runs on."""

    @property
    def faults(self) -> Faults:
        """The knobs."""

    def ask(self, call: Call, target: Target) -> Outcome:
        """Request an address for a call."""

    def call_back(self, call: Call, method: str, url: str, form: Mapping[str, str], *, after: float = 0.0) -> None:
        """Tell the desk something that no answer is expected to."""

    def alarm(self, call: Call, code: int, text: str) -> None:
        """Write down what the carrier would complain of."""

    def may_show(self, call: Call, caller_id: str | None) -> bool:
        """Whether a call may dial with this number as its caller's; None is what it comes with itself."""

    def child(self, parent: Call, number: str, caller_id: str) -> Call:
        """A new leg of a call, to a number; not running yet."""

    def line(self, name: str) -> WaitingLine:
        """The queue of that name, made if there was none."""

    def line_called(self, name: str) -> WaitingLine | None:
        """The queue of that name, if there is one."""

    def telephone(self, number: str) -> Telephone:
        """The telephone at a number."""

    def elsewhere(self, leg: "Leg", target: Target) -> Script[None]:
        """Go on as a call of its own, because the account said so."""

    def new_recording(self, call: Call) -> Recording:
        """Begin a recording."""

    def recording_url(self, recording: Recording) -> str:
        """Where the carrier says that it is."""

    def after(self, call: Call, seconds: float, recording: Recording) -> None:
        """Make the recording's sound available after so many seconds."""


class Leg:
    """One telephone at the end of one call."""

    def __init__(self, call: Call, network: Network) -> None:
        self.call, self.network = call, network

    def now(self) -> float:
        """Seconds since the call began."""
        return self.call.seconds()

    def wait(self, seconds: float, heeds: tuple[type, ...] = (), *, silent: bool = False) -> Script[Event | None]:
        """Let time pass until something that is heeded happens: that event, or None. `silent`: this side's turn.

        Raises `CallOver` when the call ends, `Replaced` when it is sent elsewhere, `Dequeued` when it is taken.
        """
        end = self.now() + seconds
        self.call.listens_for = heeds if silent else ()
        try:
            while (left := end - self.now()) > TINY:
                event = yield left
                self._obey(event)
                if isinstance(event, heeds):
                    return event
                if not isinstance(event, Elapsed | Stirred | Taken):
                    self.call.note("daar luistert nu niemand naar")
            return None
        finally:
            self.call.listens_for = ()

    def speak(
        self, text: str, heeds: tuple[type, ...] = (), *, kind: Kind = Kind.SPOKEN, lasts: float | None = None
    ) -> Script[Event | None]:
        """Say something, or play a sound of `lasts` seconds, until it is over or something heeded happens."""
        turn = self.call.begin(kind, text, speaking_time(text) if lasts is None else lasts, may_break_in=bool(heeds))
        try:
            return (yield from self.wait(turn.lasts, heeds))
        finally:
            self.finish(turn)

    def finish(self, turn: Turn) -> None:
        """The turn is over now, whole or not."""
        turn.spent = min(self.now() - turn.start, turn.lasts)
        turn.cut = turn.spent < turn.lasts - TINY

    def fetch(self, target: Target) -> Script[Document]:
        """The document at an address. Raises `Refused` with the carrier's error code."""
        outcome = self.network.ask(self.call, target)
        yield from self.wait(outcome.lost)
        if outcome.code or outcome.reply is None:
            raise Refused(outcome.code, outcome.text)
        return read_reply(outcome.reply, outcome.url)

    def get(self, url: str) -> Script[Reply | None]:
        """A sound to play; None, after an alarm, when it cannot be had."""
        outcome = self.network.ask(self.call, Target("GET", url))
        yield from self.wait(outcome.lost)
        if outcome.code:
            self.network.alarm(self.call, outcome.code, f"a sound that cannot be fetched: {outcome.text}")
            return None
        return outcome.reply

    def _obey(self, event: Event) -> None:
        match event:
            case HungUp():
                self.call.leave()
                self.call.note("beller hangt op" if self.call.direction is Direction.INBOUND else "legt neer")
                raise CallerGone
            case Ended():
                raise CallOver(self.call.cut_short)
            case Redirected(target):
                raise Replaced(target)
            case Taken() if self.call.waiting:
                raise Dequeued


def target_of(verb: Verb, document: Document, form: Mapping[str, str], *, attribute: str = "action") -> Target:
    """Where a verb sends its result: its address, or the document's own. Raises `Refused` (11100)."""
    url = absolute(verb.attributes.get(attribute, ""), document)
    return Target(verb.one_of("method", "POST", "GET", "POST"), url, form)


def absolute(url: str, document: Document) -> str:
    """An address seen from its document. Raises `Refused` (11100): an inline document has no place of its own."""
    whole = urljoin(document.url, url) if url else document.url
    if urlsplit(whole).scheme not in {"http", "https"}:
        raise Refused(11100, f"{url!r} is no absolute URL")
    return whole
