"""The stand-in for Twilio Voice: a telephone network on your own machine that rings the desk."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit
from uuid import uuid4

from flask import Flask

from demo.carrier.agenda import Agenda, Clock, MovableClock, VirtualAgenda
from demo.carrier.call import Call
from demo.carrier.courier import Courier, Errand, Outcome
from demo.carrier.destinations import doubtful
from demo.carrier.events import Direction, Script, Status, Target
from demo.carrier.faults import Faults
from demo.carrier.interpreter import Addresses, converse
from demo.carrier.journal import Alert, Hook
from demo.carrier.leg import Leg
from demo.carrier.live import LiveAgenda
from demo.carrier.outgoing import Order, outgoing
from demo.carrier.post import Post
from demo.carrier.progress import Progress, Subscription
from demo.carrier.recording import Recording
from demo.carrier.telephone import Telephone
from demo.carrier.transport import HttpTransport, Transport
from demo.carrier.waiting import WaitingLine

MOST_HOOKS = 20_000
BETWEEN_CALLS = 1.0  # seconds; an account begins one call a second unless it pays for more
DESK_NUMBER = "+31100000000"
API_URL = "https://api.twilio.com"


@dataclass
class Number:
    """The desk's number at the carrier, and the addresses that belong to it; each may carry connection overrides."""

    sid: str
    number: str
    voice_url: str
    voice_method: str = "POST"
    fallback_url: str | None = None
    fallback_method: str = "POST"
    status_url: str | None = None
    status_method: str = "POST"


class Carrier:
    """One account with one number. With a clock that can be moved, calls run in virtual time; else in real time.

    Everything that goes wrong for the desk's fault is in `alerts`: a test should find that empty.
    """

    def __init__(  # noqa: PLR0913  an account has these
        self,
        account_sid: str,
        auth_token: str,
        *,
        voice_url: str,
        clock: Clock,
        status_url: str | None = None,
        fallback_url: str | None = None,
        transport: Transport | None = None,
        number: str = DESK_NUMBER,
        faults: Faults | None = None,
        region: str = "ie1",
        api_url: str = API_URL,
    ) -> None:
        self.account_sid, self.auth_token = account_sid, auth_token
        self.clock, self.api_url = clock, api_url
        self.faults = faults or Faults()
        self.number = Number(_sid("PN"), number, voice_url, fallback_url=fallback_url, status_url=status_url)
        self.agenda: Agenda = VirtualAgenda(clock) if isinstance(clock, MovableClock) else LiveAgenda()
        self.calls: dict[str, Call] = {}
        self.telephones: dict[str, Telephone] = {}
        self.lines: dict[str, WaitingLine] = {}
        self.recordings: dict[str, Recording] = {}
        self.pace = 1.0
        """How much faster than life the calls are that the account asks for."""
        self._next_turn = 0.0
        self.journal: deque[Hook] = deque(maxlen=MOST_HOOKS)
        self.alerts: list[Alert] = []
        self._courier = Courier(
            auth_token, transport or HttpTransport(), region=region, faults=self.faults, note=self._write
        )
        self._post = Post(self.agenda, self.faults, tell=self._tell, lose=self._lose)

    def dial(
        self, from_: str, to: str | None = None, *, pace: float = 1.0, parameters: Mapping[str, str] | None = None
    ) -> Call:
        """Somebody phones the desk. `from_`: E.164, or `anonymous` when withheld; `pace`: how much faster than life.

        `parameters` go with every request, such as `ForwardedFrom`.
        """
        to = to or self.number.number
        call = Call(_sid("CA"), from_, to, self.account_sid, self.agenda, self.clock, pace, parameters or {})
        self.calls[call.sid] = call
        call.run(self._whole(call))
        return call

    def place(self, order: Order, *, pace: float = 1.0) -> Call:
        """The account calls somebody. One call a second begins; the others wait for their turn."""
        now = self.agenda.seconds()
        self._next_turn = max(self._next_turn, now) + BETWEEN_CALLS / pace
        turn = (self._next_turn - now) * pace
        call = self._leg(order.to, order.from_, Direction.OUTBOUND_API, Status.QUEUED, pace)
        if (doubt := doubtful(order.to)) is not None:
            self.alarm(call, 13227, f"{order.to} may not be reached: {doubt}")
        call.run(outgoing(Leg(call, self), self.telephone(order.to), order, turn))
        return call

    def telephone(self, number: str) -> Telephone:
        """The telephone at a number (E.164), which rings when it is dialled; nobody answers unless told to."""
        return self.telephones.setdefault(number, Telephone(number))

    def settle(self, limit: float = 3600.0) -> None:
        """Let everything happen that is still to come: late callbacks, recordings.

        Raises `NeverHappened` when after `limit` seconds something is still going on, such as a call.
        """
        self.agenda.until(self.agenda.idle, limit)

    def rest_app(self) -> Flask:
        """The carrier's REST face as an application of its own."""
        from demo.carrier.rest import rest_blueprint  # which itself needs this class

        app = Flask("carrier")
        app.register_blueprint(rest_blueprint(self))
        return app

    def close(self) -> None:
        """Do nothing more; calls in progress stand still."""
        if isinstance(self.agenda, LiveAgenda):
            self.agenda.close()

    # What a call needs of it

    def ask(self, call: Call, target: Target) -> Outcome:
        """Request an address for a call."""
        form = call.form() | dict(target.form)
        return self._courier.deliver(Errand(call.sid, target.method, target.url, form, call.cookies))

    def call_back(self, call: Call, method: str, url: str, form: Mapping[str, str], *, after: float = 0.0) -> None:
        """Tell the desk something, `after` so many seconds of the call; the knobs may spoil it."""
        self._post.send(Errand(call.sid, method, url, form, call.cookies, may_double=False), after / call.pace)

    def alarm(self, call: Call, code: int, text: str) -> None:
        """Write down what the carrier would complain of."""
        self.alerts.append(Alert(self.clock.now(), call.sid, code, text, self.agenda.seconds()))
        call.note(f"fout {code}: {text}")

    def may_show(self, call: Call, caller_id: str | None) -> bool:
        """Its own, which is shown unless asked otherwise, the number it came to or ours; a call over SIP only ours."""
        given = () if call.from_.startswith(("sip:", "client:")) else (call.from_, call.to)
        return (call.from_ if caller_id is None else caller_id) in {*given, self.number.number}

    def child(self, parent: Call, number: str, caller_id: str) -> Call:
        """A new leg of a call, to a number; not running yet."""
        return self._leg(
            number, caller_id, Direction.OUTBOUND_DIAL, Status.INITIATED, parent.pace, parent_sid=parent.sid
        )

    def line(self, name: str) -> WaitingLine:
        """The queue of that name, made if there was none."""
        line = self.line_called(name) or WaitingLine(_sid("QU"), name, self.clock.now())
        return self.lines.setdefault(line.sid, line)

    def line_called(self, name: str) -> WaitingLine | None:
        """The queue of that name, if there is one."""
        return next((line for line in list(self.lines.values()) if line.name == name), None)

    def elsewhere(self, leg: Leg, target: Target) -> Script[None]:
        """Go on as a call of its own, because the account said so."""
        return converse(leg, Addresses(target))

    def new_recording(self, call: Call) -> Recording:
        """Begin a recording."""
        recording = Recording(_sid("RE"), call.sid, self.clock.now())
        self.recordings[recording.sid] = recording
        return recording

    def recording_url(self, recording: Recording) -> str:
        """Where the carrier says that it is."""
        return f"{self.api_url}/2010-04-01/Accounts/{self.account_sid}/Recordings/{recording.sid}"

    def after(self, call: Call, seconds: float, recording: Recording) -> None:
        """Make the recording's sound available after so many seconds of the call."""
        self.agenda.later(seconds / call.pace, partial(setattr, recording, "completed", True))

    # Its own affairs

    def _leg(
        self,
        to: str,
        from_: str,
        direction: Direction,
        status: Status,
        pace: float,
        *,
        parent_sid: str | None = None,
    ) -> Call:
        call = Call(
            _sid("CA"),
            from_,
            to,
            self.account_sid,
            self.agenda,
            self.clock,
            pace,
            direction=direction,
            parent_sid=parent_sid,
            status=status,
        )
        self.calls[call.sid] = call
        return call

    def _whole(self, call: Call) -> Script[None]:
        number = self.number
        fallback = Target(number.fallback_method, number.fallback_url) if number.fallback_url else None
        yield from converse(Leg(call, self), Addresses(Target(number.voice_method, number.voice_url), fallback))
        call.leave()
        Progress(self, call, Subscription(number.status_url, number.status_method)).tell("completed")

    def _tell(self, errand: Errand) -> None:
        outcome = self._courier.deliver(errand)
        if outcome.code:
            text = f"callback: {outcome.text}"
            self.alerts.append(Alert(self.clock.now(), errand.call_sid, outcome.code, text, self.agenda.seconds()))

    def _lose(self, errand: Errand) -> None:
        self._write(errand.call_sid, errand.method, errand.url, None, 0.0, "verloren")

    def _write(self, call_sid: str, method: str, url: str, status: int | None, ms: float, note: str) -> None:
        path, moment = urlsplit(url).path, self.agenda.seconds()
        self.journal.append(Hook(self.clock.now(), call_sid, method, path, status, ms, note, moment))


def _sid(kind: str) -> str:
    return kind + uuid4().hex
