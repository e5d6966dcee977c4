"""The carrier's door for calls that the desk makes: signed as the other one, and none of it is a call that came in."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from desk.desk import Desk
from desk.patience import Patience
from intake.phone import twiml
from intake.phone.answering import xml
from intake.phone.calling_back import attempts, out_twiml, progress
from intake.phone.events import BadEvent, Event
from intake.phone.facts import Library, this_moment
from intake.phone.gate import Gate
from intake.phone.models import Attempt
from intake.phone.numbers import number_to_call, numbers_of
from intake.phone.values import AttemptState

T = TypeVar("T")
log = logging.getLogger("meldpunt.phone")

ANSWERED_WITHIN = 3.5  # seconds for all that is asked of the database, as for calls that come in
CALL = "1"
BEFORE_THE_KEY = frozenset(
    {AttemptState.REQUESTED, AttemptState.PLACING, AttemptState.UNCERTAIN, AttemptState.RINGING_COLLEAGUE}
)


def make_outbound(desk: Desk) -> Blueprint:
    """The routes of a call back."""
    outbound = Blueprint("outbound", __name__, url_prefix="/phone/out/<uuid:attempt>")
    door = _Door(desk)
    outbound.register_error_handler(Exception, door.refuse)

    @outbound.post("/colleague")
    def colleague(attempt: UUID) -> Response:
        return door.ask(attempt)

    @outbound.post("/key")
    def key(attempt: UUID) -> Response:
        return door.connect(attempt)

    @outbound.post("/after")
    def after(attempt: UUID) -> Response:
        return door.told(attempt, door.calls.after, twiml.let_go())

    @outbound.post("/status")
    def status(attempt: UUID) -> Response:
        return door.told(attempt, door.calls.status, twiml.nothing())

    @outbound.post("/reporter")
    def reporter(attempt: UUID) -> Response:
        return door.told(attempt, door.calls.reporter, twiml.nothing())

    return outbound


@dataclass(frozen=True)
class CallsBack:
    """What the webhooks of a call back say and mean. `never`: numbers (E.164) that are not called."""

    never: frozenset[str]
    library: Library = field(default_factory=Library)

    def ask(self, session: Session, event: Event, attempt_id: UUID) -> str | None:
        """The colleague answered: the text they hear, or None when there is nobody to call any more."""
        attempt = _ours(session, event, attempt_id)
        if attempt is None or attempt.state not in BEFORE_THE_KEY:
            return None
        attempts.hear(session, attempt, AttemptState.RINGING_COLLEAGUE)
        return this_moment(session, self.library).documents.prompts.text("F2")

    def key(self, session: Session, event: Event, attempt_id: UUID) -> str | None:
        """The number to ring, or None for anything but the one key. A repeated webhook rings the same number again."""
        attempt = _ours(session, event, attempt_id)
        if (
            attempt is None
            or event.keys != CALL
            or attempt.state not in {*BEFORE_THE_KEY, AttemptState.RINGING_REPORTER}
        ):
            return None
        number = number_to_call(attempt.contact.to_address or "", self.never)
        attempts.hear(session, attempt, AttemptState.RINGING_REPORTER if number else AttemptState.FAILED)
        return number

    def after(self, session: Session, event: Event, attempt_id: UUID) -> None:
        """How the effort to reach the reporter ended."""
        if event.dialled and (attempt := _ours(session, event, attempt_id)):
            attempts.hear(session, attempt, progress.of_dial(event.dialled))

    def status(self, session: Session, event: Event, attempt_id: UUID) -> None:
        """What becomes of the colleague's own leg."""
        if event.leg_state and (attempt := _ours(session, event, attempt_id)):
            attempts.hear(session, attempt, progress.of_colleague(event.leg_state, attempt.state))

    def reporter(self, session: Session, event: Event, attempt_id: UUID) -> None:
        """What becomes of the reporter's leg."""
        if event.leg_state and (attempt := _ours(session, event, attempt_id)):
            attempts.hear(session, attempt, progress.of_reporter(event.leg_state))


def _ours(session: Session, event: Event, attempt_id: UUID) -> Attempt | None:
    """The attempt, if this call is the one that was placed for it: the first that is heard of is."""
    attempt = attempts.held(session, attempt_id)
    if attempt is None or attempt.call_sid not in {None, event.call_sid}:
        return None
    attempt.call_sid = event.call_sid[:34]
    return attempt


class _Door:
    """Admits webhooks and answers them."""

    def __init__(self, desk: Desk) -> None:
        settings = desk.settings
        self._database = desk.database
        self._gate = Gate(settings, for_calls_out=True)
        self._links = out_twiml.OutLinks(settings.public_url, settings.voice, settings.phone_number)
        self.calls = CallsBack(numbers_of((*settings.contact_centre_numbers, settings.phone_number)))

    def ask(self, attempt: UUID) -> Response:
        """Answer what the colleague hears."""
        event = self._gate.admit(request)
        text = self._run(lambda session: self.calls.ask(session, event, attempt))
        return xml(twiml.let_go() if text is None else out_twiml.ask(text, attempt, self._links))

    def connect(self, attempt: UUID) -> Response:
        """Answer the key."""
        event = self._gate.admit(request)
        number = self._run(lambda session: self.calls.key(session, event, attempt))
        return xml(twiml.let_go() if number is None else out_twiml.connect(number, attempt, self._links))

    def told(self, attempt: UUID, take: Callable[[Session, Event, UUID], None], answer: str) -> Response:
        """Take what is told, and answer the same whatever it was."""
        event = self._gate.admit(request)
        self._run(lambda session: take(session, event, attempt))
        return xml(answer)

    def refuse(self, error: Exception) -> Response:
        """A colleague hears nothing of a fault: the line is put down, and the carrier tells again what can be told."""
        if isinstance(error, HTTPException):
            return xml(twiml.nothing(), error.code or 400)
        if isinstance(error, BadEvent):
            return xml(twiml.nothing(), 400)
        log.error("a webhook of a call back could not be recorded", exc_info=error)
        return xml(twiml.let_go(), 503)

    def _run(self, work: Callable[[Session], T]) -> T:
        return self._database.run(work, Patience(ANSWERED_WITHIN))
