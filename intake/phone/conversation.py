"""One webhook, one transaction: the call is recorded, moves on, and ends where it ends."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.vault import Vault
from intake.phone.calls import new_call, record
from intake.phone.events import Event
from intake.phone.facts import Library, Moment, this_moment
from intake.phone.menu import Heard, Position, Step, move
from intake.phone.models import Call
from intake.phone.numbers import number_to_call
from intake.phone.outcomes import receive_callback, receive_message, settle
from intake.phone.prompts import FAULT
from intake.phone.recordings import fetch_later, fetch_now
from intake.phone.script import Scene, scene

FIRST = 0
MOST_TOLD = 400  # characters of codes, as wide as the column


@dataclass(frozen=True)
class Spoken:
    """The answer to a webhook, and the turn that the caller's next answer will be."""

    scene: Scene
    turn: int


@dataclass(frozen=True)
class Begun:
    """A new call in its first turn, the documents it was answered by, and the answer."""

    call: Call
    newest: int
    spoken: Spoken


@dataclass(frozen=True)
class Conversation:
    """What every call goes by. `contact_centre`: numbers (E.164) that stand for everybody who is put through."""

    contact_centre: frozenset[str]
    library: Library = field(default_factory=Library)

    def begin(self, event: Event, vault: Vault, clock: Clock) -> Begun | None:
        """The first turn of a call that was never heard of, made without the database; None while no text is known.

        Whoever inserts it must see to it that neither the call nor newer documents are there.
        """
        held = self.library.held
        if held is None:
            return None
        nowhere = Session(info={"vault": vault, "clock": clock})  # bound to no database: nothing is written here
        call = new_call(nowhere, event, self.contact_centre)
        moment = Moment(clock.now(), held)
        self._take(call, event, moment)
        spoken = self._spoken(call, moment)
        _tell(call, _codes(spoken))
        nowhere.expunge_all()
        return Begun(call, held.newest, spoken)

    def converse(self, session: Session, event: Event, turn: int) -> Spoken:
        """Take one turn of a call. A webhook that repeats a turn hears the same again, and changes nothing.

        `turn` is FIRST for a call that comes in. Raises `LookupError` when documents are missing.
        """
        moment = this_moment(session, self.library)
        call = record(session, event, self.contact_centre)
        event = call.heeds(event)
        fresh = call.step is None or turn == call.turn
        if fresh:
            self._take(call, event, moment)
        spoken = self._spoken(call, moment)
        if fresh:
            _tell(call, _codes(spoken))
            _act(session, call, event)
        _settle_when_over(session, call)
        return spoken

    def note(self, session: Session, event: Event) -> None:
        """Take what a webhook tells of a call, without an answer to the caller."""
        _settle_when_over(session, self._noted(session, event))

    def cut_off(self, session: Session, event: Event) -> None:
        """Take what a webhook tells of a call that the desk ends, because something here is broken."""
        call = self._noted(session, event)
        _tell(call, [FAULT])
        _settle_when_over(session, call)

    def _noted(self, session: Session, event: Event) -> Call:
        call = record(session, event, self.contact_centre)
        event = call.heeds(event)
        if event.recording and event.recording.holds_a_message:
            receive_message(session, call)
            fetch_now(session, call, event.recording)
        return call

    def _spoken(self, call: Call, moment: Moment) -> Spoken:
        position = _position(call)
        facts = moment.facts(position, call.promised_at)
        return Spoken(scene(position, moment.documents.prompts, facts), call.turn)

    def _take(self, call: Call, event: Event, moment: Moment) -> None:
        heard = Heard(
            keys=event.keys,
            number=number_to_call(event.keys, self.contact_centre) if call.step is Step.NUMBER else None,
            message=event.recording is not None and event.recording.holds_a_message,
        )
        before = _position(call)
        after = move(before, heard, open_now=moment.open_now)
        if after.step != before.step and after.step in {Step.PROMISED, Step.VOICEMAIL}:
            call.promised_at = moment.promise
        call.step, call.tries, call.turn = after.step, after.tries, after.turn
        if after.number and after.number != before.number:  # a number not confirmed in the end is kept as well
            call.number = after.number


def _act(session: Session, call: Call, event: Event) -> None:
    if call.step is Step.PROMISED:
        receive_callback(session, call)
    elif call.step is Step.LEFT and event.recording:
        receive_message(session, call)
        fetch_later(session, call, event.recording)


def _codes(spoken: Spoken) -> list[str]:
    return [line.code for line in spoken.scene.lines]


def _tell(call: Call, codes: list[str]) -> None:
    told = call.contact.told.split()
    for code in codes:
        if told[-1:] != [code]:
            told.append(code)
    call.contact.told = " ".join(told)[:MOST_TOLD]


def _settle_when_over(session: Session, call: Call) -> None:
    if call.state.final:
        settle(session, call)


def _position(call: Call) -> Position:
    return Position(call.step, call.tries, call.number, call.turn)
