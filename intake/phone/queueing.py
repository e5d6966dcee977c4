"""What the carrier asks and tells while a caller waits, and while a colleague is rung."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.clock import Clock
from intake.phone import rings
from intake.phone.calls import record, tell
from intake.phone.conversation import Conversation
from intake.phone.duty import reach
from intake.phone.events import Event
from intake.phone.facts import Moment, this_moment
from intake.phone.menu import Line as Desk
from intake.phone.menu import Position, Step
from intake.phone.models import Call, Ring
from intake.phone.script import Line, voiced, waiting_line
from intake.phone.values import Leaving
from intake.phone.waiting import AGAIN, OTHERWISE, Wait, next_text, way_out

ACCEPT = "1"
MOST_ROUNDS = 1_000_000  # nobody waits as many, and a column holds no more


@dataclass(frozen=True)
class Queueing:
    """The queue of a conversation, and the telephones of those who are rung."""

    conversation: Conversation

    def wait(self, session: Session, event: Event, turn: int, round_: int) -> tuple[Line, ...] | None:
        """What is said in this round; None when the caller leaves the queue. A repeated round says the same again."""
        moment = this_moment(session, self.conversation.library)
        call = record(session, event, self.conversation.contact_centre)
        if call.step is not Step.WAITING or turn != call.turn or call.state.final:
            return None
        call.queue_sid = event.queue_sid or call.queue_sid
        news = OTHERWISE in event.keys or (call.wait_round or 0) < round_
        if call.leaving is None and news and round_ <= MOST_ROUNDS:
            self._next_round(session, call, event.keys, moment)
            call.wait_round = round_
        return None if call.leaving else _lines(call, moment)

    def whisper(self, session: Session, event: Event, ring_id: UUID) -> Line | None:
        """What the colleague hears who is rung; None when the caller is gone by now."""
        ring = self._ring(session, event, ring_id)
        if ring is None or ring.ended_at is not None:
            return None
        rings.hear_of(ring, event)
        prompts = this_moment(session, self.conversation.library).documents.prompts
        return voiced(Line("F1", prompts.text("F1")), prompts)

    def key(self, session: Session, event: Event, ring_id: UUID) -> bool:
        """Whether the colleague takes the call and the caller is still theirs to take."""
        ring = self._ring(session, event, ring_id)
        repeated = ring is not None and ring.accepted_at is not None
        if ring is None or event.keys != ACCEPT or not rings.accept(session, ring):
            return False
        if repeated:
            return True
        audit(session, Act(f"user:{ring.user_id}", "answer", f"contact:{ring.call_id}", origin="phone"))
        return True

    def leg(self, session: Session, event: Event, ring_id: UUID) -> None:
        """Take what the carrier tells of a colleague's telephone."""
        if (ring := self._ring(session, event, ring_id)) is not None:
            rings.hear_of(ring, event)

    def _ring(self, session: Session, event: Event, ring_id: UUID) -> Ring | None:
        call = record(session, event, self.conversation.contact_centre)
        ring = session.get(Ring, ring_id)
        return ring if ring is not None and ring.call_id == call.id else None

    def _next_round(self, session: Session, call: Call, keys: str, moment: Moment) -> None:
        clock: Clock = session.info["clock"]
        wait = Wait(call.waiting_since or clock.real(), clock.real(), call.wait_said, call.wait_said_at)
        desk = Desk(moment.open_now, reach(session, call, moment.rules.most_waiting).staff)
        call.leaving = way_out(wait, keys, desk, moment.rules)
        if call.leaving is Leaving.COLLEAGUE and rings.offer(session, call) is None:
            call.leaving = None
        call.wait_text = None if call.leaving else next_text(wait)
        if call.wait_text is not None:
            call.wait_said, call.wait_said_at = call.wait_text, wait.now
            call.promised_at = moment.promise if call.wait_text == AGAIN else call.promised_at
            tell(session, call, _lines(call, moment))


def _lines(call: Call, moment: Moment) -> tuple[Line, ...]:
    if call.wait_text is None:
        return ()
    facts = moment.facts(Position(Step.WAITING), call.promised_at)
    return (waiting_line(call.wait_text, moment.documents.prompts, facts),)
