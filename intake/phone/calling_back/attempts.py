"""Calling somebody back by one click: asked for once, by one colleague at a time, and brought to its end."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.clock import Clock
from desk.data_keys import new_data_key
from desk.database import one_at_a_time
from desk.documents import current
from desk.jobs import enqueue
from desk.vault import Vault
from intake.phone import duty
from intake.phone.calling_back.progress import further
from intake.phone.models import Attempt, Callback, Duty
from intake.phone.numbers import number_to_call
from intake.phone.texts.line_rules import LineRules
from intake.phone.texts.prompts import NAME, prompts_in_force
from intake.phone.values import AttemptState
from triage.actions import Refused
from triage.models import Contact, Ticket
from triage.values import Channel, Direction, Outcome

JOB = "place_call"
OUTCOMES = {
    AttemptState.REACHED: Outcome.SENT,
    AttemptState.NOT_REACHED: Outcome.FAILED,
    AttemptState.NO_COLLEAGUE: Outcome.FAILED,
    AttemptState.FAILED: Outcome.FAILED,
    AttemptState.UNCERTAIN: Outcome.UNCERTAIN,
}
SAID_OF = {
    AttemptState.NO_COLLEAGUE: "De telefoon van de collega werd niet opgenomen. De melder is niet gebeld.",
    AttemptState.FAILED: "De telefoonaanbieder kon niet bellen.",
}
"""What the story tells beside the outcome of the contact."""


class NoOwnNumber(Exception):
    """The colleague has no telephone number yet: it must be asked for."""


@dataclass(frozen=True)
class Wish:
    """Whom to call. `number` is as known; `about`: the call that is answered by it, when there is no ticket.

    `reason`: why they are called although they may be calling 112 now.
    """

    number: str
    ticket: Ticket | None = None
    callback: Callback | None = None
    about: Contact | None = None
    reason: str = ""

    @property
    def object(self) -> str:
        """As the audit log names it."""
        return f"ticket:{self.ticket.number}" if self.ticket else f"contact:{self.about.id if self.about else '-'}"


def request(session: Session, attempt_id: UUID, user_id: UUID, wish: Wish, never: frozenset[str]) -> Attempt:
    """Ask for a call: the attempt, its outgoing contact and its job. The same id again is the same attempt.

    `never` are numbers (E.164) that nobody is called back on. Raises `NoOwnNumber`, or `Refused` with a sentence.
    """
    if (known := session.get(Attempt, attempt_id)) is not None:
        return known
    number = number_to_call(wish.number, never)
    if number is None:
        raise Refused("Dit nummer kan het meldpunt niet bellen. Bel met uw eigen telefoon.")
    _demand_free(session, user_id, number)
    _demand_nobody_calls(session, number)
    attempt = _new(session, attempt_id, user_id, wish, number)
    result = "asked_with_reason" if wish.reason else "asked"
    audit(session, Act(f"user:{user_id}", "place_call", wish.object, result, "web"))
    enqueue(session, JOB, {"attempt": str(attempt_id)}, key=f"attempt:{attempt_id}")
    return attempt


def held(session: Session, attempt_id: UUID) -> Attempt | None:
    """An attempt, locked against other writers together with its contact."""
    found = select(Attempt).join(Attempt.contact).where(Attempt.id == attempt_id)
    return session.scalars(found.with_for_update(of=[Attempt, Contact])).one_or_none()


def hear(session: Session, attempt: Attempt, heard: AttemptState) -> None:
    """Take what is heard of an attempt; what is known already, or goes back, changes nothing."""
    put(session, attempt, further(attempt.state, heard))


def put(session: Session, attempt: Attempt, state: AttemptState) -> None:
    """Say where an attempt stands, whatever stood there. The outcome of its contact follows from that."""
    clock: Clock = session.info["clock"]
    before, contact = attempt.state, attempt.contact
    attempt.changed_at, attempt.state = clock.real(), state
    if state is before:
        return
    contact.outcome = OUTCOMES.get(state, Outcome.QUEUED)
    contact.ended_at = clock.now() if state.over else None
    if contact.data_key.secret is not None:
        contact.text = "\n".join(part for part in (contact.subject, SAID_OF.get(state)) if part) or None
    if state.over:
        audit(session, Act("phone", "place_call", f"contact:{contact.id}", state, "phone"))
    if state is AttemptState.REACHED:
        duty.free_again(session, attempt.user_id, line_rules_of(session).wrap_up)


def line_rules_of(session: Session) -> LineRules:
    """How long the line rings, waits and tries, as in force."""
    _version, body = current(session, NAME)
    return prompts_in_force(body).line


def _demand_free(session: Session, user_id: UUID, number: str) -> None:
    clock: Clock = session.info["clock"]
    own = session.get(Duty, user_id, with_for_update={"of": Duty})
    if own is None or not own.number:
        raise NoOwnNumber
    if own.number == number:
        raise Refused("Dit is het nummer van uw eigen telefoon.")
    if duty.on_the_line(session, user_id) or duty.calls_back(session, user_id, clock.real()):
        raise Refused("U bent nog aan het bellen. Rond dat gesprek eerst af.")


def _demand_nobody_calls(session: Session, number: str) -> None:
    """Two colleagues who call the same number at the same moment would have the reporter answer twice."""
    vault: Vault = session.info["vault"]
    clock: Clock = session.info["clock"]
    one_at_a_time(session, vault.lookup(Channel.PHONE, number))
    under_way = select(Attempt).where(duty.under_way(clock.real())).order_by(Attempt.changed_at)
    for other in session.scalars(under_way):
        if other.contact.to_address == number:
            raise Refused(f"{other.user.name} belt dit nummer al.")


def _new(session: Session, attempt_id: UUID, user_id: UUID, wish: Wish, number: str) -> Attempt:
    clock: Clock = session.info["clock"]
    contact = Contact(
        id=attempt_id,
        channel=Channel.PHONE,
        direction=Direction.OUT,
        provider_ref=f"out:{attempt_id}",
        data_key=wish.ticket.data_key if wish.ticket else new_data_key(session, "call"),
        ticket=wish.ticket,
        outcome=Outcome.QUEUED,
        started_at=clock.now(),
        told="",
    )
    contact.to_address, contact.subject, contact.text = number, wish.reason or None, wish.reason or None
    attempt = Attempt(id=attempt_id, contact=contact, user_id=user_id, state=AttemptState.REQUESTED)
    attempt.callback_id = wish.callback.id if wish.callback else None
    attempt.about_id = wish.about.id if wish.about else None
    attempt.requested_at = attempt.changed_at = clock.real()
    session.add_all((contact, attempt))
    return attempt
