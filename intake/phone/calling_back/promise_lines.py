"""Promises to call back as people read them: by when, on which number, what was tried, and what to do now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.dates import spoken_moment, time_left, written_moment, written_time
from intake.phone import duty
from intake.phone.calling_back.left_alone import left_alone
from intake.phone.calling_back.reach import Reach, reach_of
from intake.phone.models import Attempt, Callback
from intake.phone.numbers import number_to_call
from intake.phone.values import AttemptState
from triage.due import short_moment
from triage.models import Contact
from triage.telephone import dial_link, shown
from triage.values import Outcome

MOST_TRIES_SHOWN = 100
NO_NUMBERS: frozenset[str] = frozenset()
UNDER_WAY = {
    AttemptState.REQUESTED: "Uw telefoon gaat zo. Neem op en toets 1.",
    AttemptState.PLACING: "Uw telefoon gaat zo. Neem op en toets 1.",
    AttemptState.RINGING_COLLEAGUE: "Uw telefoon gaat. Neem op en toets 1.",
    AttemptState.RINGING_REPORTER: "De telefoon gaat over.",
    AttemptState.TALKING: "U bent in gesprek.",
}
ENDS = {
    AttemptState.REACHED: "opgenomen",
    AttemptState.NOT_REACHED: "niet opgenomen",
    AttemptState.NO_COLLEAGUE: "eigen telefoon niet opgenomen, melder niet gebeld",
    AttemptState.FAILED: "bellen mislukte",
    AttemptState.UNCERTAIN: "afloop niet bekend",
}
NEVER_CALLED = "er is niet gebeld"


@dataclass(frozen=True)
class Try:
    """One call that the desk made: "vandaag 10.05", who, and how it ended."""

    moment: str
    who: str
    end: str


@dataclass(frozen=True)
class Calling:
    """The newest call to this number, for whoever looks: what goes on, how it ended, what may be done about it."""

    now: str = ""
    by_me: bool = False
    uncertain: bool = False
    placed: bool = False
    """The carrier did place it; only how it ended is not known."""
    not_reached: bool = False
    reached: bool = False


@dataclass(frozen=True)
class Promise:
    """One telephone call to make, or made: `ids` are the promises it keeps; `done`: when and by whom, in words."""

    key: str
    ids: tuple[UUID, ...]
    at: datetime
    time: str
    words: str
    left: str
    late: bool
    number: str | None
    confirmed: bool
    keyed: bool
    """The caller keyed this number in, and did not confirm it."""
    callable: bool
    link: str | None
    said: bool
    """The caller left a message: a number may be heard in it."""
    tries: int
    again: str | None
    escalated: bool
    free_until: str | None
    """Do not call before this time."""
    attempts: tuple[Try, ...]
    calling: Calling
    form_key: str
    done: str | None


def promises_of(session: Session, found: Sequence[Callback], me: UUID | None) -> list[Promise]:
    """Promises that one telephone call keeps, or kept (the same number at the same moment), stand as one."""
    clock: Clock = session.info["clock"]
    calls: dict[object, list[Callback]] = {}
    for each in found:
        calls.setdefault((each.ticket_id, each.number_hash or each.id, each.done_at), []).append(each)
    contacts = _contacts(session, found)
    tried = _attempts(session, found)
    alone = left_alone(session)
    lines = []
    for same in calls.values():
        attempts = [attempt for each in same for attempt in tried.get(each.id, ())]
        contact = contacts[same[0].contact_id]
        reach = reach_of_promise(session, same[0], contact)
        free = alone.get(reach.known_as) if reach.known_as else None
        said = contact.outcome is Outcome.VOICEMAIL
        lines.append(_promise(same, reach, attempts, said=said, me=me, free=free, clock=clock))
    return lines


def reach_of_promise(session: Session, promise: Callback, contact: Contact) -> Reach:
    """By the number that was confirmed, else as whoever made this call can be reached."""
    return Reach(promise.number, promise.number_hash) if promise.number else reach_of(session, contact)


def tries_of(attempts: Iterable[Attempt], clock: Clock) -> tuple[Try, ...]:
    """Calls that are over, the newest first."""
    over = [each for each in attempts if _is_over(each, clock.real())]
    return tuple(
        Try(
            written_moment(each.contact.started_at, clock.now()),
            each.user.name,
            ENDS.get(each.state, NEVER_CALLED),
        )
        for each in sorted(over, key=lambda each: each.requested_at, reverse=True)
    )


def calling_of(attempts: Iterable[Attempt], me: UUID | None, clock: Clock) -> Calling:
    """The newest of these calls."""
    newest = max(attempts, key=lambda each: each.requested_at, default=None)
    if newest is None:
        return Calling()
    mine = newest.user_id == me
    if not _is_over(newest, clock.real()):
        since = written_time(newest.contact.started_at)
        words = UNDER_WAY[newest.state] if mine else f"{newest.user.name} belt sinds {since} uur."
        return Calling(words, by_me=mine)
    return Calling(
        by_me=mine,
        uncertain=newest.state is AttemptState.UNCERTAIN,
        placed=newest.call_sid is not None,
        not_reached=newest.state is AttemptState.NOT_REACHED,
        reached=newest.state is AttemptState.REACHED,
    )


def _is_over(attempt: Attempt, now: datetime) -> bool:
    stale = attempt.state in duty.NOT_PLACED and attempt.changed_at <= now - duty.PLACED_WITHIN
    return attempt.state.over or stale


def _promise(
    same: list[Callback],
    reach: Reach,
    attempts: list[Attempt],
    *,
    said: bool,
    me: UUID | None,
    free: datetime | None,
    clock: Clock,
) -> Promise:
    first, now = same[0], clock.now()
    number = reach.number
    return Promise(
        key=first.id.hex,
        ids=tuple(each.id for each in same),
        at=first.promised_at,
        time=short_moment(first.promised_at, now),
        words=spoken_moment(first.promised_at, now),
        left=time_left(first.promised_at, now),
        late=first.promised_at <= now,
        number=shown(number) if number else None,
        confirmed=first.number is not None,
        keyed=reach.keyed,
        callable=number is not None and number_to_call(number, NO_NUMBERS) is not None,
        link=dial_link(number),
        said=said,
        tries=first.tries,
        again=written_moment(first.next_at, now) if first.next_at else None,
        escalated=first.escalated_at is not None,
        free_until=written_time(free) if free and free > now else None,
        attempts=tries_of(attempts, clock),
        calling=calling_of([each for each in attempts if first.done_at is None], me, clock),
        form_key=uuid4().hex,
        done=_done(first, now),
    )


def _done(promise: Callback, now: datetime) -> str | None:
    if promise.done_at is None:
        return None
    who = f", door {promise.done_by.name}" if promise.done_by else ""
    return f"{written_moment(promise.done_at, now)}{who}"


def _contacts(session: Session, found: Sequence[Callback]) -> Mapping[UUID, Contact]:
    asked = select(Contact).where(Contact.id.in_([each.contact_id for each in found]))
    return {contact.id: contact for contact in session.scalars(asked)}


def _attempts(session: Session, found: Sequence[Callback]) -> Mapping[UUID, list[Attempt]]:
    made = select(Attempt).where(Attempt.callback_id.in_([each.id for each in found]))
    by_promise: dict[UUID, list[Attempt]] = {}
    for attempt in session.scalars(made.order_by(Attempt.requested_at.desc()).limit(MOST_TRIES_SHOWN)):
        if attempt.callback_id is not None:
            by_promise.setdefault(attempt.callback_id, []).append(attempt)
    return by_promise
