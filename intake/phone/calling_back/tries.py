"""A promise that could not be kept yet: tried again in opening hours, until a coordinator decides."""

import enum
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.calendar import calendar_of
from desk.clock import Clock
from desk.dates import long_moment
from intake.phone import duty
from intake.phone.calling_back.attempts import line_rules_of
from intake.phone.calling_back.callbacks import end_promises, open_promises
from intake.phone.calling_back.retry import next_try
from intake.phone.models import Attempt, Callback
from triage.actions import Refused
from triage.marks import held
from triage.models import Ticket
from triage.tickets import add_entry
from triage.values import EntryKind

NOT_REACHED = "not_reached"
ESCALATED = "Dit is vaak genoeg geprobeerd. Een coördinator beslist."


class Decision(enum.StrEnum):
    """What a coordinator decides about a promise that could not be kept."""

    AGAIN = "again"
    WRITTEN = "written"
    """They get a letter or a mail instead, which a person writes."""
    GIVEN_UP = "given_up"


def not_reached(session: Session, number: str, ids: Collection[UUID], tries: int, actor_id: UUID) -> Callback | None:
    """Nobody was reached for these promises; gives the first of them, with its next try or its escalation.

    `tries` is how many stood on the page: None when a colleague, or an earlier click, was first. Raises `LookupError`
    when ticket `number` has none of them, `Refused` while somebody still calls.
    """
    ticket = held(session, number)
    promises = open_promises(session, ticket, ids)
    if not promises or promises[0].tries != tries:
        return None
    _demand_nobody_calls(session, promises, actor_id)
    clock: Clock = session.info["clock"]
    now, rules = clock.now(), line_rules_of(session)
    over = tries + 1 >= rules.callback_tries
    pause = timedelta(minutes=rules.callback_retry_minutes)
    again = None if over else next_try(calendar_of(session), now, pause)
    for each in promises:
        each.tries, each.next_at = tries + 1, again
        each.escalated_at = now if over else None
    words = f"Volgende poging: {long_moment(again)}." if again else ESCALATED
    _tell(session, ticket, promises[0], NOT_REACHED, actor_id, words)
    return promises[0]


def decide(
    session: Session, number: str, ids: Collection[UUID], decision: Decision, words: str, actor_id: UUID
) -> bool:
    """What a coordinator decided; False when there is nothing to decide any more. Raises `LookupError` as above."""
    ticket = held(session, number)
    promises = [each for each in open_promises(session, ticket, ids) if each.escalated_at is not None]
    if not promises:
        return False
    if decision is not Decision.AGAIN:
        end_promises(session, ticket, promises, actor_id, words, decision)
        return True
    clock: Clock = session.info["clock"]
    for each in promises:
        each.escalated_at, each.next_at = None, clock.now()
    _tell(session, ticket, promises[0], decision, actor_id, words)
    return True


def _demand_nobody_calls(session: Session, promises: Collection[Callback], actor_id: UUID) -> None:
    """A call that still rings may yet be answered: it would be counted as missed, and as reached."""
    clock: Clock = session.info["clock"]
    made = select(Attempt).where(Attempt.callback_id.in_([each.id for each in promises]))
    going_on = session.scalars(made.where(duty.under_way(clock.real())).limit(1)).one_or_none()
    if going_on is not None:
        who = "U" if going_on.user_id == actor_id else going_on.user.name
        raise Refused(f"{who} belt nog. Wacht tot het gesprek voorbij is.")


def _tell(session: Session, ticket: Ticket, promise: Callback, what: str, actor_id: UUID, words: str) -> None:
    clock: Clock = session.info["clock"]
    add_entry(
        session, ticket, EntryKind.CALLBACK, at=clock.now(), actor_id=actor_id, after=what,
        fact=f"{what}:{promise.id}:{promise.tries}", text=words or None,
    )  # fmt: skip
    audit(session, Act(f"user:{actor_id}", "call_back", f"ticket:{ticket.number}", what, "web"))
