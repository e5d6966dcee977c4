"""One webhook, one transaction: the call is recorded, moves on, and ends where it ends."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.vault import Vault
from intake.phone import rings, said
from intake.phone.calls import new_call, record, tell
from intake.phone.carrier.recordings import fetch_later, fetch_now
from intake.phone.colleagues.alarm import watch_later
from intake.phone.duty import reach
from intake.phone.events import Dialled, Event
from intake.phone.facts import Library, Moment, this_moment
from intake.phone.menu import Heard, Line, Position, Step, move
from intake.phone.models import Call, Duty
from intake.phone.numbers import number_to_call
from intake.phone.outcomes import receive_callback, receive_message, receive_promise, settle
from intake.phone.script import Line as Words
from intake.phone.script import RingColleague, Scene, scene
from intake.phone.texts.prompts import FAULT, fault_text
from triage.models import Ticket
from triage.number import is_number

FIRST = 0
MAY_LEAD_TO_A_PERSON = frozenset({Step.MENU, Step.TICKET, Step.ELSEWHERE, Step.RINGING})
NO_WORD = Dialled("no-answer")
REDIRECTED = "redirected"
"""The carrier's word for somebody whom the desk sent out of the queue."""


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
    """What every call goes by. `contact_centre`: numbers (E.164) that stand for everybody who is put through.

    `own`: the numbers of the desk itself, which it cannot call back either.
    """

    contact_centre: frozenset[str]
    library: Library = field(default_factory=Library)
    own: frozenset[str] = frozenset()

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
        _write(call, move(_position(call), Heard(), Line(moment.open_now)))
        spoken = self._spoken(nowhere, call, moment)
        tell(nowhere, call, spoken.scene.lines)
        nowhere.expunge_all()
        return Begun(call, held.newest, spoken)

    def converse(self, session: Session, event: Event, turn: int) -> Spoken:
        """Take one turn of a call. A webhook that repeats a turn hears the same again, and changes nothing.

        `turn` is FIRST for a call that comes in. Raises `LookupError` when documents are missing.
        """
        moment = this_moment(session, self.library)
        call = record(session, event, self.contact_centre)
        event = call.heeds(event)
        fresh = call.step is None or (turn == call.turn and not event.only_ends and not _sent_on_in_vain(call, event))
        if fresh:
            self._take(session, call, event, moment)
        elif turn == call.turn and event.dialled and event.dialled.bridged is False:
            rings.was_not_bridged(session, call, event.dialled)
        spoken = self._spoken(session, call, moment)
        if fresh:
            tell(session, call, () if event.over else spoken.scene.lines)
            self._act(session, call, event)
        self._settle_when_over(session, call, event)
        return spoken

    def note(self, session: Session, event: Event) -> None:
        """Take what a webhook tells of a call, without an answer to the caller."""
        self._settle_when_over(session, self._noted(session, event), event)

    def cut_off(self, session: Session, event: Event, turn: int, last: Words | None = None) -> None:
        """Take what a webhook tells of a call that the desk ends, because something here is broken or away.

        `last`: what the caller hears then, T11 if it is None. A number keyed in just now is kept: nobody asks again.
        A `turn` that was taken since told of a try that is over: it says nothing about the next one.
        """
        call, last = self._noted(session, event), last or Words(FAULT, fault_text())
        event = call.heeds(event)
        if event.dialled is not None and turn == call.turn:
            rings.end(session, call, event.dialled, self.library.rules.wrap_up)
        if number := self._number(call, event.keys):
            call.number = number
        if not event.over and not _just_said(call, last):
            tell(session, call, [last])
        self._settle_when_over(session, call, event)

    def _noted(self, session: Session, event: Event) -> Call:
        call = record(session, event, self.contact_centre)
        event = call.heeds(event)
        if event.recording and event.recording.holds_a_message:
            receive_message(session, call)
            fetch_now(session, call, event.recording)
        return call

    def _spoken(self, session: Session, call: Call, moment: Moment) -> Spoken:
        position = _position(call)
        ring = self._ring(session, call, moment) if call.step is Step.RINGING else None
        facts = moment.facts(position, call.promised_at, ring)
        return Spoken(scene(position, moment.documents.prompts, facts), call.turn)

    def _ring(self, session: Session, call: Call, moment: Moment) -> RingColleague | None:
        ring = rings.ring_of(session, call)
        number = session.get_one(Duty, ring.user_id).number if ring else None
        return RingColleague(ring.id, number, moment.rules.ring_seconds) if ring and number else None

    def _take(self, session: Session, call: Call, event: Event, moment: Moment) -> None:
        heard = self._heard(session, call, event, moment)
        before = _position(call)
        asks = before.step in MAY_LEAD_TO_A_PERSON
        most = moment.rules.most_waiting
        asks = asks and not _sought_long_enough(session, call, moment)
        line = Line(moment.open_now, reach(session, call, most).staff) if asks else Line(moment.open_now)
        after = _with_a_colleague(session, call, move(before, heard, line))
        if after.step != before.step:
            self._promise(call, after.step, moment)
        _enter_queue(session, call, after.step)
        _write(call, after)

    def _heard(self, session: Session, call: Call, event: Event, moment: Moment) -> Heard:
        talked = call.step is Step.RINGING and rings.end(session, call, event.dialled or NO_WORD, moment.rules.wrap_up)
        return Heard(
            keys=event.keys,
            number=self._number(call, event.keys),
            message=event.recording is not None and event.recording.holds_a_message,
            ticket=_known_ticket(session, event.keys) if call.step is Step.TICKET else None,
            talked=talked,
            left=call.leaving,
            full=event.queue_result == "queue-full",
        )

    def _number(self, call: Call, keys: str) -> str | None:
        asked = call.step in {Step.NUMBER, Step.CLOSING}
        return number_to_call(keys, self.contact_centre | self.own) if asked else None

    def _promise(self, call: Call, step: Step | None, moment: Moment) -> None:
        """What the caller was told first holds; only a desk that closes tells something else."""
        if step is Step.CLOSING:
            call.promised_at = moment.promise
        elif step in {Step.PROMISED, Step.VOICEMAIL}:
            call.promised_at = min(call.promised_at or moment.promise, moment.promise)

    def _act(self, session: Session, call: Call, event: Event) -> None:
        if call.step is Step.PROMISED:
            receive_callback(session, call)
        elif call.step is Step.CLOSING:
            receive_promise(session, call)
        elif call.step is Step.LEFT and event.recording:
            receive_message(session, call)
            fetch_later(session, call, event.recording)

    def _settle_when_over(self, session: Session, call: Call, event: Event) -> None:
        if call.state.final:
            settle(session, call, event.dialled, self.library.rules.wrap_up)


def _just_said(call: Call, last: Words) -> bool:
    """Whether this is a repeat: nothing comes after the last words."""
    heard = said.read(call.said)
    return bool(heard) and (heard[-1].code, heard[-1].text) == (last.code, last.text)


def _with_a_colleague(session: Session, call: Call, after: Position) -> Position:
    """Who is to be rung is kept for this caller now; somebody else may have been quicker."""
    if after.step is not Step.RINGING or rings.kept_for(session, call) or rings.offer(session, call):
        return after
    return replace(after, step=Step.WAITING)


def _sought_long_enough(session: Session, call: Call, moment: Moment) -> bool:
    """Whether a caller waited as long as anybody may, here in the sound of telephones that nobody answered."""
    clock: Clock = session.info["clock"]
    longest = timedelta(minutes=moment.rules.longest_wait)
    return call.waiting_since is not None and clock.real() - call.waiting_since >= longest


def _sent_on_in_vain(call: Call, event: Event) -> bool:
    """Whether a job came too late: the caller it was for is through, or waits again for somebody else."""
    return event.queue_result == REDIRECTED and call.step is Step.WAITING and call.leaving is None


def _enter_queue(session: Session, call: Call, step: Step | None) -> None:
    """The place in the queue counts from when a person was asked for, and is kept while a colleague is tried."""
    if step not in {Step.WAITING, Step.RINGING}:
        call.waiting_since = None
        return
    clock: Clock = session.info["clock"]
    if call.waiting_since is None:
        call.waiting_since = clock.real()
        watch_later(session, call)
    if step is Step.WAITING:
        call.leaving, call.wait_round, call.wait_text = None, 0, None


def _known_ticket(session: Session, keys: str) -> str | None:
    digits = keys.rstrip("#")
    if not is_number(digits):
        return None
    return session.scalar(select(Ticket.number).where(Ticket.number == digits))


def _write(call: Call, after: Position) -> None:
    call.step, call.tries, call.turn = after.step, after.tries, after.turn
    call.keyed, call.aside = after.keyed, after.aside
    if after.number:  # a number that is not confirmed in the end is kept as well
        call.number = after.number if call.number != after.number else call.number


def _position(call: Call) -> Position:
    return Position(call.step, call.tries, call.number, call.turn, call.keyed, call.aside)
