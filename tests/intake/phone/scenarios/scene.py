"""A desk, its network, and the few things that scenarios do with both."""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qsl
from uuid import UUID
from wsgiref.types import StartResponse, WSGIEnvironment

from sqlalchemy import select

from demo.carrier import Call, Carrier, Faults, Telephone, WsgiTransport
from demo.carrier.network import DESK_NUMBER
from desk.documents import write
from desk.worker import Worker
from intake import phone
from intake.phone import duty, rings, said
from intake.phone.carrier.client import Carrier as Client
from intake.phone.carrier.comparison import Found
from intake.phone.carrier.fallback import fallback_document
from intake.phone.carrier.reconcile import reconcile
from intake.phone.models import Call as Record
from intake.phone.models import KeptRecording, Ring
from intake.phone.texts.prompts import SEED
from intake.phone.values import RingState
from tests.fakes import FixedClock
from tests.intake.phone.line import TOKEN, Line, with_settings
from tests.intake.phone.servers import served
from tests.intake.phone.well import assert_all_is_well
from triage.models import Attachment, Contact, Ticket

KNOWN = "+31600000142"
MINE, OTHERS = "+31600000201", "+31600000202"
FALLBACK_HOST = "fallback.example"


@dataclass
class Frail:
    """The desk's application, which can be made to fail at some addresses."""

    line: Line
    broken: str = ""
    """Where it answers 500; empty for nowhere."""
    before: dict[str, Callable[[dict[str, str]], object]] = field(default_factory=dict)
    """What happens once, just before an address is asked, with the form of that webhook."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if (first := self.before.pop(environ["PATH_INFO"], None)) is not None:
            body = environ["wsgi.input"].read()
            environ["wsgi.input"] = io.BytesIO(body)
            first(dict(parse_qsl(body.decode(), keep_blank_values=True)))
        if self.broken and environ["PATH_INFO"].startswith(self.broken):
            start_response("500 -", [("Content-Type", "text/plain")])
            return [b""]
        return self.line.app(environ, start_response)


def _fallback(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Another server, which has only the document that speaks when nothing else does."""
    start_response("200 OK", [("Content-Type", "text/xml; charset=utf-8")])
    return [fallback_document("Polly.Laura-Neural").encode()]


@dataclass
class Scene:
    """One scenario. At its end `over` holds what must hold after every call."""

    line: Line
    clock: FixedClock
    faults: Faults = field(default_factory=Faults)
    alerts: int = 0
    """How many complaints of the carrier this scenario is about."""

    def __post_init__(self) -> None:
        self.line = with_settings(self.line, phone_number=DESK_NUMBER)
        settings = self.line.desk.settings
        self.app = Frail(self.line)
        self.network = Carrier(
            settings.twilio_account_sid,
            TOKEN,
            voice_url=f"{settings.public_url}/phone/incoming#rt=6000&rc=2&rp=all",
            status_url=f"{settings.public_url}/phone/status#rc=5&rp=all",
            fallback_url=f"https://{FALLBACK_HOST}/fallback.xml",
            transport=WsgiTransport(self.app, {FALLBACK_HOST: _fallback}),
            clock=self.clock,
            faults=self.faults,
        )

        self.network.number.fallback_method = "GET"  # it is a file

    # The desk

    def colleague(self, name: str = "Iris Bedacht", number: str = MINE) -> Telephone:
        """Somebody takes the telephone from now on; returns their telephone, which nobody answers yet."""
        self.line.on_duty(name, number)
        return self.network.telephone(number)

    def id_of(self, name: str = "Iris Bedacht", number: str = MINE) -> UUID:
        """The account of somebody who takes the telephone."""
        return self.line.on_duty(name, number)

    def paused(self, user: UUID) -> None:
        """This colleague is rung no more, unless they take somebody themselves."""
        self.line.desk.database.run(lambda session: duty.pause(session, user))

    def takes(self, call: UUID, user: UUID) -> None:
        """A colleague clicks on a waiting caller. Raises `Gone` or `CannotTake`."""
        self.line.desk.database.run(lambda session: rings.take(session, call, user))

    def rule(self, old: str, new: str) -> None:
        """Put another rule or text of the line in force."""
        body = SEED.read_text("utf-8")
        assert old in body
        with self.line.desk.database.writing() as session:
            write(session, "prompts", body.replace(old, new), "test")

    def waiting(self) -> list[UUID]:
        """Callers in the queue whom nobody has yet."""
        with self.line.desk.database.reading() as session:
            return [call.id for call in duty.waiting_calls(session)]

    # The caller

    def dial(self, from_: str = KNOWN) -> Call:
        """A caller who hears the first text to its end."""
        call = self.network.dial(from_)
        call.wait_until_silent()
        return call

    def asks_for_a_person(self, from_: str = KNOWN) -> Call:
        """A caller who presses 0 in the menu, a moment ago."""
        call = self.dial(from_)
        call.press("0")
        call.advance(1)
        return call

    def does(self, call: Call, *keys: str) -> None:
        """Press keys, each once it is the caller's turn."""
        for pressed in keys:
            call.press(pressed)
            call.wait_until_silent()

    # Afterwards

    def over(self) -> None:
        """Whatever is still to come comes; then all must be well."""
        self.network.settle(36_000)
        assert len(self.network.alerts) >= self.alerts
        assert_all_is_well(self.line, self.network, alerts=self.alerts)

    def contact(self) -> Contact:
        """The only call there was, once everything about it has come."""
        self.network.settle(36_000)
        return self.line.contact()

    def record(self) -> Record:
        """What is kept of the only call; read plain columns only."""
        (only,) = self.line.calls()
        return only

    def ticket_text(self) -> str:
        """What the only ticket says."""
        with self.line.desk.database.reading() as session:
            return str(session.scalars(select(Ticket)).one().text)

    def callers(self) -> dict[str, str | None]:
        """Each call there was, and who called as far as that is known."""
        with self.line.desk.database.reading() as session:
            return {each.provider_ref: each.from_address for each in session.scalars(select(Contact))}

    def tries(self) -> list[RingState]:
        """How each try to reach a colleague ended, in their order."""
        with self.line.desk.database.reading() as session:
            return [ring.state for ring in session.scalars(select(Ring).order_by(Ring.started_at))]

    def last_sentence(self) -> str:
        """What was being said to the only caller when the call ended."""
        with self.line.desk.database.reading() as session:
            call = session.scalars(select(Record)).one()
            assert call.contact.ended_at is not None
            length = (call.contact.ended_at - call.contact.started_at).total_seconds()
            return said.last_sentence(said.read(call.said), length)

    def work(self, rounds: int = 3, wait: timedelta = timedelta(minutes=6)) -> None:
        """Do what jobs there are, with the carrier's REST face in reach."""
        with self._in_reach() as line:
            worker = Worker(line.desk.database, phone.handlers(line.desk), schedule=lambda: None)
            for _ in range(rounds):
                worker.drain()
                self.clock.advance(wait)

    def does_job(self, name: str) -> None:
        """Do what a job does that comes on a schedule."""
        phone.handlers(self.line.desk)[name](None)  # type: ignore[arg-type]

    def reconciles(self) -> Found:
        """Compare with the carrier's own list."""
        self.clock.advance(timedelta(minutes=10))
        return reconciled(self.line, self.network)

    @contextmanager
    def _in_reach(self) -> Iterator[Line]:
        with served(self.network.rest_app()) as url:
            yield with_settings(self.line, twilio_api_url=url)

    def deleted(self) -> list[bool]:
        """Of each recording, whether we know that it is deleted at the carrier."""
        with self.line.desk.database.reading() as session:
            return [kept.deleted_at is not None for kept in session.scalars(select(KeptRecording))]

    def kept_recordings(self) -> list[str]:
        """The sids of the recordings that are kept."""
        with self.line.desk.database.reading() as session:
            return list(session.scalars(select(Attachment.position)))


def reconciled(line: Line, network: Carrier) -> Found:
    """What a comparison with the list of this network finds, and brings in."""
    with served(network.rest_app()) as url:
        desk = with_settings(line, twilio_api_url=url).desk
        return reconcile(desk, Client(desk.settings), timedelta(days=1))
