"""One telephone call, or one leg of one: what is done and heard at its far end, and where it stands."""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from demo.carrier.agenda import Agenda, Appointment, Clock
from demo.carrier.courier import CookieJar
from demo.carrier.events import (
    Begun,
    Declined,
    Direction,
    Elapsed,
    Ended,
    Event,
    HungUp,
    Key,
    PickedUp,
    Redirected,
    Script,
    Spoken,
    Status,
    Stirred,
    Taken,
    Target,
)
from demo.carrier.journal import Kind, Turn

BETWEEN_KEYS = 0.2  # seconds
LONGEST_SILENCE = 600.0  # seconds that anything is waited for
KEYS = frozenset("0123456789*#")


@dataclass
class Call:
    """A call, running or over. Turns are timed in seconds since it began; `pace` makes everything that much faster."""

    sid: str
    from_: str
    to: str
    account_sid: str
    agenda: Agenda
    clock: Clock
    pace: float = 1.0
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Sent with every request besides the usual ones."""
    direction: Direction = Direction.INBOUND
    parent_sid: str | None = None
    """The call that dialled this one, of a child leg."""
    status: Status = Status.RINGING
    connected_to: "Call | None" = None
    """The other side, while two are talking."""
    waiting: bool = False
    """In a queue."""
    turns: list[Turn] = field(default_factory=list)
    listens_for: tuple[type, ...] = ()
    """While it is this side's turn: what may happen, keys or speech."""
    finished: bool = False
    """Over, and the last word about it was sent, unless a fault keeps that back."""
    answered_after: float | None = None
    ended_at: datetime | None = None
    cookies: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        self.started_at = self.clock.now()
        self._began = self.agenda.seconds()
        self._lock = threading.Lock()
        self._inbox: deque[Event] = deque()
        self._busy = False
        self._serial = 0
        self._timer: Appointment | None = None
        self._length: float | None = None
        self._script: Script[None] | None = None

    # What is done at its far end

    def press(self, keys: str) -> None:
        """Press keys, one after the other. Raises `ValueError` for what is no key."""
        if not keys or not set(keys) <= KEYS:
            raise ValueError("keys are 0-9, * and #")
        for number, key in enumerate(keys):
            if number:
                self.advance(BETWEEN_KEYS)
            self.turns.append(Turn(self.seconds(), Kind.PRESSED, key, spent=0.0))
            self._post(Key(key))

    def say(self, text: str) -> None:
        """Say something; while a message is recorded, it becomes part of it."""
        self._post(Spoken(" ".join(text.split())))

    def hang_up(self) -> None:
        """Put the telephone down."""
        self._post(HungUp())

    def pick_up(self) -> None:
        """Answer, at the called side."""
        self._post(PickedUp())

    def decline(self) -> None:
        """Do not want it, at the called side."""
        self._post(Declined())

    # What others do to it

    def end(self) -> None:
        """End it from the carrier's side, as the account may."""
        self._post(Ended())

    def redirect(self, target: Target) -> None:
        """Go on elsewhere, as the account may."""
        self._post(Redirected(target))

    def taken(self) -> None:
        """Leave the queue, because somebody took this caller from it."""
        self._post(Taken())

    def stir(self) -> None:
        """Let it look again at what it may be waiting for."""
        self._post(Stirred())

    # What can be seen of it

    @property
    def heard(self) -> list[str]:
        """Every line that was spoken, in order, also one that the caller cut short."""
        return [turn.text for turn in self.turns if turn.kind is Kind.SPOKEN]

    def transcript(self) -> str:
        """The whole call, one line for each thing, for people to read."""
        return "\n".join(turn.written() for turn in self.turns)

    @property
    def listening(self) -> bool:
        """Nothing is being said: it is this side's turn."""
        return bool(self.listens_for)

    @property
    def far_end(self) -> str:
        """The number at the other end of this leg from the network."""
        return self.from_ if self.direction is Direction.INBOUND else self.to

    def seconds(self) -> float:
        """Since the call began; after its end, how long it was."""
        return self._length if self._length is not None else (self.agenda.seconds() - self._began) * self.pace

    def moment(self, seconds: float) -> float:
        """Where on the agenda so many seconds of this call are."""
        return self._began + seconds / self.pace

    def since(self, moment: float) -> float:
        """The seconds of this call at a moment of the agenda, also after its end."""
        return (moment - self._began) * self.pace

    @property
    def duration(self) -> int:
        """Whole seconds since it was answered, begun ones counted; 0 if it never was."""
        return 0 if self.answered_after is None else max(1, round(self.seconds() - self.answered_after))

    def advance(self, seconds: float) -> None:
        """Let seconds of this call pass."""
        self.agenda.let_pass(seconds / self.pace)

    def wait_until_silent(self, limit: float = LONGEST_SILENCE) -> None:
        """Until it is this side's turn or the call is over. Raises `NeverHappened` after `limit` seconds."""
        self.agenda.until(lambda: self.finished or (self.listening and not self._busy), limit / self.pace)

    def wait_until_somebody_listens(self, limit: float = 2 * LONGEST_SILENCE) -> None:
        """Until what is said is recorded or heard by somebody, or the call is over. Raises `NeverHappened`."""
        self.agenda.until(lambda: self.finished or (Spoken in self.listens_for and not self._busy), limit / self.pace)

    def wait_until_over(self, limit: float = LONGEST_SILENCE) -> None:
        """Until the call is over. Raises `NeverHappened` after `limit` seconds."""
        self.agenda.until(lambda: self.finished, limit / self.pace)

    def form(self) -> dict[str, str]:
        """What every request about this call says. https://www.twilio.com/docs/voice/twiml."""
        return {
            "AccountSid": self.account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": self.sid,
            "CallStatus": self.status.value,
            "Direction": self.direction.value,
            "From": self.from_,
            "Caller": self.from_,
            "FromCountry": "NL" if self.from_.startswith("+31") else "",
            "To": self.to,
            "Called": self.to,
            "ToCountry": "NL" if self.to.startswith("+31") else "",
            **({"ParentCallSid": self.parent_sid} if self.parent_sid else {}),
            **self.parameters,
        }

    # What the network does with it

    def run(self, script: Script[None]) -> None:
        """Begin."""
        self._script = script
        self._post(Begun())

    def answer(self) -> None:
        """It is being answered, if it was not yet."""
        if self.status is Status.RINGING:
            self.status, self.answered_after = Status.IN_PROGRESS, self.seconds()
            self.note("opgenomen")

    @property
    def rung(self) -> bool:
        """Whether we ring somebody, or are about to, who has not answered."""
        return self.direction is not Direction.INBOUND and self.status.unanswered

    @property
    def cut_short(self) -> Status:
        """What it becomes when it is ended now: one that we began and nobody answered is canceled."""
        return Status.CANCELED if self.rung else Status.COMPLETED

    def leave(self, status: Status = Status.COMPLETED) -> None:
        """It is over from now on; the first end stays."""
        if not self.status.final:
            self._length, self.ended_at, self.status = self.seconds(), self.clock.now(), status

    def begin(self, kind: Kind, text: str, lasts: float, *, may_break_in: bool = False) -> Turn:
        """Something that takes time begins."""
        turn = Turn(self.seconds(), kind, text, lasts, open=may_break_in)
        self.turns.append(turn)
        return turn

    def note(self, text: str) -> None:
        """Something that happened."""
        self.turns.append(Turn(self.seconds(), Kind.EVENT, text, spent=0.0))

    def _post(self, event: Event) -> None:
        """Hand the script an event. It runs in one thread at a time; what comes meanwhile waits its turn."""
        with self._lock:
            self._inbox.append(event)
            if self._busy:
                return
            self._busy = True
        self.agenda.soon(self._drain)

    def _drain(self) -> None:
        try:
            while (event := self._next()) is not None:
                self._resume(event)
        except BaseException:  # a desk that fails within this process: the call is dead, the test sees why
            self.finished, self._busy = True, False
            raise

    def _next(self) -> Event | None:
        with self._lock:
            if self._inbox:
                return self._inbox.popleft()
            self._busy = False
            return None

    def _resume(self, event: Event) -> None:
        stale = isinstance(event, Elapsed) and event.serial != self._serial
        if self.finished or stale or self._script is None:
            return
        if self._timer:
            self._timer.cancel()
        self._serial += 1
        try:
            seconds = next(self._script) if isinstance(event, Begun) else self._script.send(event)
        except StopIteration:
            self.finished = True
            return
        self._timer = self.agenda.later(seconds / self.pace, partial(self._post, Elapsed(self._serial)))
