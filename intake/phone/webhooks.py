"""The carrier's door: POST in, TwiML out, whatever happens."""

import logging
from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from desk.desk import Desk
from desk.patience import Patience
from intake.phone import twiml
from intake.phone.answering import xml
from intake.phone.away.offline import Offline
from intake.phone.away.outage import DatabaseAway
from intake.phone.away.recorder import ANSWERED_WITHIN, Recorder
from intake.phone.conversation import FIRST, Conversation, Spoken
from intake.phone.events import BadEvent, Event
from intake.phone.facts import Library
from intake.phone.gate import Gate
from intake.phone.numbers import numbers_of
from intake.phone.opening import Openings, WrittenMeanwhile
from intake.phone.queueing import Queueing
from intake.phone.script import Line
from intake.phone.texts.prompts import FAULT, fault_text

log = logging.getLogger("meldpunt.phone")


def make_webhooks(desk: Desk) -> Blueprint:
    """The routes that the carrier calls, all behind one gate and all answered with TwiML."""
    webhooks = Blueprint("webhooks", __name__, url_prefix="/phone")
    door = _Door(desk)
    webhooks.register_error_handler(Exception, door.refuse)

    @webhooks.post("/incoming")
    def incoming() -> Response:
        return door.converse(FIRST)

    @webhooks.post("/turn/<int:number>")
    def turn(number: int) -> Response:
        return door.converse(number)

    @webhooks.post("/wait/<int:turn>/<int:round_>")
    def wait(turn: int, round_: int) -> Response:
        return door.wait(turn, round_)

    @webhooks.post("/ring/<uuid:ring>/whisper")
    def whisper(ring: UUID) -> Response:
        return door.whisper(ring)

    @webhooks.post("/ring/<uuid:ring>/key")
    def key(ring: UUID) -> Response:
        return door.key(ring)

    @webhooks.post("/ring/<uuid:ring>/leg")
    def leg(ring: UUID) -> Response:
        return door.leg(ring)

    @webhooks.post("/check")
    def check() -> Response:
        return door.check()

    @webhooks.post("/status")
    @webhooks.post("/recording")
    def told() -> Response:
        return door.note()

    return webhooks


class _Door:
    """Admits webhooks, has them recorded, in the database or beside it, and answers."""

    def __init__(self, desk: Desk) -> None:
        settings = desk.settings
        self._database, self._clock = desk.database, desk.clock
        self._recorder = Recorder(desk)
        self._openings = Openings(desk.database)
        self._gate = Gate(settings)
        self._links = twiml.Links(settings.public_url, settings.voice, settings.phone_number)
        self._offline = Offline(settings.data_dir)
        library, own = Library(self._offline.keep), numbers_of([settings.phone_number])
        self._conversation = Conversation(numbers_of(settings.contact_centre_numbers), library, own)
        self._queueing = Queueing(self._conversation)

    def converse(self, turn: int) -> Response:
        """Answer a webhook that asks what to say next."""
        event = self._gate.admit(request)
        if event.child:  # what is said to a colleague who is rung up is no turn of the caller's
            return self._noted(event)
        return self._answered(event, turn, lambda patience: self._turned(event, turn, patience))

    def wait(self, turn: int, round_: int) -> Response:
        """Answer what somebody in the queue hears next, or let them out of it."""
        event = self._gate.admit(request)

        def waited(session: Session) -> str:
            lines = self._queueing.wait(session, event, turn, round_)
            return twiml.leave() if lines is None else twiml.wait(lines, turn, round_, self._links)

        return self._answered(event, turn, lambda patience: self._database.run(waited, patience))

    def whisper(self, ring: UUID) -> Response:
        """Answer what a colleague hears who is rung."""
        event = self._gate.admit(request)

        def whispered(session: Session) -> str:
            text = self._queueing.whisper(session, event, ring)
            return twiml.let_go() if text is None else twiml.whisper(text, ring, self._links)

        return xml(self._recorder.record(event, whispered, twiml.let_go()))

    def key(self, ring: UUID) -> Response:
        """Answer the key of a colleague: nothing more connects them, and anything else lets them go."""
        event = self._gate.admit(request)

        def pressed(session: Session) -> str:
            return twiml.nothing() if self._queueing.key(session, event, ring) else twiml.let_go()

        return xml(self._recorder.record(event, pressed, twiml.let_go()))

    def leg(self, ring: UUID) -> Response:
        """Take what is told of a colleague's telephone."""
        event = self._gate.admit(request)

        def told(session: Session) -> str:
            self._queueing.leg(session, event, ring)
            return twiml.nothing()

        return xml(self._recorder.record(event, told, twiml.nothing()))

    def note(self) -> Response:
        """Answer a webhook that only tells something."""
        return self._noted(self._gate.admit(request))

    def check(self) -> Response:
        """Answer a request by which `meldpunt phone setup` finds out whether the carrier would get in."""
        self._gate.admit(request)
        return xml(twiml.nothing())

    def refuse(self, error: Exception) -> Response:
        """TwiML for what was refused or failed: an HTML page would be read aloud, or be an alarm at the carrier.

        Status 503 stands for an event that could be recorded nowhere: the carrier tries again, then falls back.
        """
        if isinstance(error, HTTPException):
            return xml(twiml.nothing(), error.code or 400)
        if isinstance(error, BadEvent):
            return xml(twiml.nothing(), 400)
        log.error("a webhook could not be recorded", exc_info=error)
        return xml(self._ending(Line(FAULT, fault_text())), 503)

    def _answered(self, event: Event, turn: int, ask: Callable[[Patience], str]) -> Response:
        """Answer the caller; whatever is broken or away, the call is recorded and the caller told."""
        patience = Patience(ANSWERED_WITHIN)
        try:
            return xml(self._recorder.ask(event, lambda: ask(patience)))
        except DatabaseAway as away:
            last = self._offline.line(self._clock.now())
            return xml(self._recorder.keep(event, self._ending(last), last, away))
        except BadEvent:
            raise
        except Exception:
            # A text, the calendar.
            log.exception("a call could not go on", extra={"call": event.call_sid})
            return self._cut_off(event, turn, patience)

    def _turned(self, event: Event, turn: int, patience: Patience) -> str:
        spoken = self._begun(event, patience) if turn == FIRST else None
        spoken = spoken or self._spoken(event, turn, patience)
        return twiml.write(spoken.scene, spoken.turn, self._links)

    def _begun(self, event: Event, patience: Patience) -> Spoken | None:
        """The first answer by the short way, or None when the call must take the long one."""
        if event.state and event.state.final:  # it ended before it began here, and must be settled as well
            return None
        begun = self._conversation.begin(event, self._database.vault, self._database.clock)
        if begun is None:
            return None
        try:
            self._openings.insert(begun.call, begun.newest, patience)
        except (SQLAlchemyError, TimeoutError, WrittenMeanwhile):
            # A repeat, the status came first, somebody changed a text, or the database was busy with another.
            return None
        return begun.spoken

    def _spoken(self, event: Event, turn: int, patience: Patience) -> Spoken:
        return self._database.run(lambda session: self._conversation.converse(session, event, turn), patience)

    def _noted(self, event: Event) -> Response:
        def noted(session: Session) -> str:
            self._conversation.note(session, event)
            return twiml.nothing()

        return xml(self._recorder.record(event, noted, twiml.nothing()))

    def _cut_off(self, event: Event, turn: int, patience: Patience) -> Response:
        last = Line(FAULT, fault_text())

        def cut_off(session: Session) -> str:
            self._conversation.cut_off(session, event, turn, last)
            return self._ending(last)

        return xml(self._recorder.record(event, cut_off, self._ending(last), last, patience))

    def _ending(self, last: Line) -> str:
        return twiml.speak_and_end(last.text, self._links.voice)
