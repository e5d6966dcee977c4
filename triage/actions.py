"""What people do to a ticket. Each function is one act: a move, its line in the timeline, its line in the audit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from desk import counters
from desk.accounts import User
from desk.audit import Act, audit
from desk.calendar import calendar_of
from desk.dates import written_moment
from hours import Calendar
from triage.closing import hurdles, untrue
from triage.models import Ticket
from triage.moves import Move, after, allowed
from triage.place import begin_again, find_place, something_came
from triage.ratings import Rated, ratings_of, run_of
from triage.tickets import Reporter, add_entry, index_words
from triage.values import Area, Category, CloseReason, EntryKind, Urgency

OWN_CLICK = timedelta(minutes=10)


class Refused(Exception):
    """An act that the desk does not allow now; the message is a Dutch sentence for the person who tried."""


class TakenBy(Refused):
    """Somebody else claimed the ticket first."""

    def __init__(self, name: str, since: str) -> None:
        super().__init__(f"{name} pakte deze melding op: {since} uur.")


@dataclass(frozen=True)
class Doing:
    """Who acts and when (desk time); `fact` marks the form it came from, so that it counts once."""

    actor_id: UUID
    at: datetime
    fact: str | None = None


@dataclass(frozen=True)
class Rating:
    """A person's judgement of how soon. `emergency_call`: who called 112 and when, or why nobody had to."""

    urgency: Urgency
    reason: str
    emergency_call: str | None = None
    together_with: str | None = None
    """The colleague who agreed that it is no longer acute; None when there was nobody."""


@dataclass(frozen=True)
class Categories:
    """What a ticket is about and where. `others` never holds the leading one."""

    leading: Category | None
    others: tuple[Category, ...] = ()
    area: Area | None = None


@dataclass(frozen=True)
class Description:
    """The words on top of a ticket and who reported it."""

    subject: str
    reporter: Reporter


def claim(session: Session, ticket: Ticket, doing: Doing) -> None:
    """Take a ticket. Raises `TakenBy` when a colleague was first, `Forbidden` when it is closed."""
    if ticket.claimed_by_id == doing.actor_id:
        return
    if ticket.claimed_by_id is not None:
        since = written_moment(ticket.claimed_at or doing.at, doing.at)
        raise TakenBy(session.get_one(User, ticket.claimed_by_id).name, since)
    ticket.status = after(ticket.status, Move.CLAIM)
    ticket.claimed_by_id, ticket.claimed_at = doing.actor_id, doing.at
    _tell(session, ticket, EntryKind.CLAIMED, doing)


def release(session: Session, ticket: Ticket, doing: Doing, why: str = "") -> None:
    """Put a ticket back, one's own or that of a colleague who is away. Raises `Refused` when nobody has it."""
    if ticket.claimed_by_id is None:
        raise Refused("Deze melding is van niemand en staat al in de werklijst.")
    before = session.get_one(User, ticket.claimed_by_id).name
    ticket.status = after(ticket.status, Move.RELEASE)
    ticket.claimed_by_id, ticket.claimed_at = None, None
    _tell(session, ticket, EntryKind.RELEASED, doing, text=why or None, before=before[:80])


def rate(session: Session, ticket: Ticket, doing: Doing, rating: Rating) -> None:
    """Say how soon, with a reason. What a partner took over and is rated acute once more is the desk's again.

    Raises `Refused` when it is closed, acute without a word on 112, or lowered with nobody but oneself.
    """
    _demand_open(ticket)
    if rating.urgency is Urgency.ACUTE and not rating.emergency_call:
        raise Refused("Schrijf op wie 112 belde en hoe laat, of waarom dat niet nodig was.")
    _demand_somebody_else(session, doing, rating.together_with)
    before, earlier, taken = ticket.urgency, ratings_of(session, ticket), ticket.taken_by
    words = _rating_words(rating, lowered=_lowered_for_good(ticket, doing, rating.urgency, earlier))
    if rating.urgency is Urgency.ACUTE and ticket.taken_by and (before is not None or ticket.news_since):
        _take_back(ticket, doing)
    elif not (rating.urgency is before is Urgency.ACUTE):
        run = run_of(earlier, rating.urgency)
        ticket.urgent_since = run[-1].at if run else doing.at
    ticket.urgency, ticket.news_since = rating.urgency, None
    if ticket.event_at is not None and ticket.event_at <= doing.at:  # it happened, and was taken into this rating
        ticket.event_at = None
    if rating.emergency_call or not taken:  # what a partner has is rated with an empty field
        note_emergency_call(ticket, rating.emergency_call, doing.at)
    find_place(ticket, calendar_of(session))
    _tell(session, ticket, EntryKind.RATED, doing, text=words, before=before, after=rating.urgency)


def note_emergency_call(ticket: Ticket, words: str | None, at: datetime) -> None:
    """Keep who called 112 and when that was written down; None takes it off, the same words keep their time."""
    if words != ticket.emergency_call:
        ticket.emergency_call, ticket.emergency_noted_at = words, at if words else None


def categorise(session: Session, ticket: Ticket, doing: Doing, categories: Categories) -> None:
    """Say what it is about and in which area; category never sets urgency. Nothing is written when all stands so."""
    _demand_open(ticket)
    before = _subject_words(ticket)
    ticket.leading_category, ticket.area = categories.leading, categories.area
    ticket.other_categories = " ".join(categories.others)
    if _subject_words(ticket) != before:
        _tell(session, ticket, EntryKind.CATEGORISED, doing, before=before, after=_subject_words(ticket))


def describe(session: Session, ticket: Ticket, doing: Doing, description: Description) -> None:
    """Correct the title and the reporter; the timeline keeps what stood there. Nothing is written without a change."""
    _demand_open(ticket)
    new, old = _described(description), _described(_description_of(ticket))
    changed = [label for label in new if new[label] != old[label]]
    if not changed:
        return
    reporter = description.reporter
    ticket.subject = description.subject
    ticket.reporter_name, ticket.reporter_organisation = reporter.name, reporter.organisation
    ticket.reporter_email, ticket.reporter_phone = reporter.email, reporter.phone
    lines = (f"{label}: {new[label] or 'leeg'} (was: {old[label] or 'leeg'})" for label in changed)
    _tell(session, ticket, EntryKind.DESCRIBED, doing, text="\n".join(lines))


def note(session: Session, ticket: Ticket, doing: Doing, text: str) -> None:
    """Write a note; possible in every state, because what somebody knows must have a place."""
    _tell(session, ticket, EntryKind.NOTE, doing, text=text)


def close(session: Session, ticket: Ticket, doing: Doing, reason: CloseReason, text: str = "") -> None:
    """Close for a reason. Raises `Forbidden` when it is closed already, and `Refused` while something must be done
    first, or when the reason is not true.
    """
    if allowed(ticket.status, Move.CLOSE):
        _demand_closable(session, ticket, reason, text)
    ticket.status = after(ticket.status, Move.CLOSE)
    ticket.is_open, ticket.closed_at, ticket.close_reason = False, doing.at, reason
    ticket.claimed_by_id, ticket.claimed_at, ticket.promised_at = None, None, None
    counters.add(session, "closed")
    _tell(session, ticket, EntryKind.CLOSED, doing, text=text or None, after=reason)


def reopen(session: Session, ticket: Ticket, doing: Doing, why: str) -> None:
    """Bring a closed ticket back to the queue, unread. Raises `Forbidden` when it is open."""
    _reopened(session, ticket, doing.at)
    _tell(session, ticket, EntryKind.REOPENED, doing, text=why)


def put_among_unread(session: Session, ticket: Ticket, *, at: datetime) -> None:
    """Something new arrived: a closed ticket is opened again, and any other waits to be read and rated anew."""
    if allowed(ticket.status, Move.REOPEN):
        _reopened(session, ticket, at)
        add_entry(session, ticket, EntryKind.REOPENED, at=at)
        return
    something_came(ticket, calendar_of(session), at)


def _take_back(ticket: Ticket, doing: Doing) -> None:
    """Whoever rates it acute again has it, unless a colleague does: its half hour starts now."""
    ticket.urgent_since = doing.at
    note_emergency_call(ticket, None, doing.at)  # what was called then vouches for nothing now
    _have(ticket, doing)


def back_to_the_desk(ticket: Ticket, calendar: Calendar, doing: Doing) -> None:
    """No partner takes it. Whoever notes that has it, unless a colleague does; the clock runs on as it was rated."""
    _have(ticket, doing)
    find_place(ticket, calendar)


def _have(ticket: Ticket, doing: Doing) -> None:
    ticket.status = after(ticket.status, Move.TAKE_BACK)
    ticket.taken_by, ticket.answer_from = None, None
    if ticket.claimed_by_id is None:
        ticket.claimed_by_id, ticket.claimed_at = doing.actor_id, doing.at


def _reopened(session: Session, ticket: Ticket, at: datetime) -> None:
    ticket.status = after(ticket.status, Move.REOPEN)
    ticket.is_open, ticket.closed_at, ticket.close_reason = True, None, None
    note_emergency_call(ticket, None, at)
    begin_again(ticket, calendar_of(session), at)
    counters.add(session, "closed", -1)


def _tell(
    session: Session,
    ticket: Ticket,
    kind: EntryKind,
    doing: Doing,
    *,
    text: str | None = None,
    before: str | None = None,
    after: str | None = None,
) -> None:
    index_words(session, ticket, (text,))
    add_entry(
        session,
        ticket,
        kind,
        at=doing.at,
        actor_id=doing.actor_id,
        fact=doing.fact,
        text=text,
        before=before,
        after=after,
    )
    audit(session, Act(f"user:{doing.actor_id}", kind, f"ticket:{ticket.number}", origin="web"))


def _demand_open(ticket: Ticket) -> None:
    if not ticket.is_open:
        raise Refused("Deze melding is afgesloten. Heropen de melding eerst.")


def _demand_closable(session: Session, ticket: Ticket, reason: CloseReason, text: str) -> None:
    for hurdle in (*hurdles(ticket), untrue(session, ticket, reason, text)):
        if hurdle:
            raise Refused(hurdle)


def _demand_somebody_else(session: Session, doing: Doing, name: str | None) -> None:
    """Raise `Refused` when the second person is the first, by a part of the name as well."""
    typed, own = (set(re.findall(r"\w+", each.casefold())) for each in (name or "", _name_of(session, doing)))
    if (name and not any(map(str.isalpha, name))) or (typed and typed <= own):
        raise Refused("Schrijf de naam van een andere collega op. Bent u alleen? Laat het veld dan leeg.")


def _name_of(session: Session, doing: Doing) -> str:
    return session.get_one(User, doing.actor_id).name


def _lowered_for_good(ticket: Ticket, doing: Doing, urgency: Urgency, earlier: Sequence[Rated]) -> bool:
    """Whether acute is taken off, and not just one's own click of less than ten minutes ago."""
    if ticket.urgency is not Urgency.ACUTE or urgency is Urgency.ACUTE:
        return False
    run = run_of(earlier, Urgency.ACUTE)
    own = bool(run) and all(rated.actor_id == doing.actor_id for rated in run)
    return not own or doing.at - run[-1].at >= OWN_CLICK


def _rating_words(rating: Rating, *, lowered: bool) -> str:
    words = [rating.reason]
    if rating.emergency_call:
        words.append(f"112: {rating.emergency_call}")
    if lowered:
        agreed = f"Samen met {rating.together_with}."
        words.append(agreed if rating.together_with else "Alleen verlaagd: de coördinator kijkt dit na.")
    return "\n".join(words)


def _subject_words(ticket: Ticket) -> str:
    return " ".join([*ticket.categories, ticket.area or ""]).strip()


def _description_of(ticket: Ticket) -> Description:
    reporter = Reporter(
        ticket.reporter_name, ticket.reporter_organisation, ticket.reporter_email, ticket.reporter_phone
    )
    return Description(ticket.subject or "", reporter)


def _described(description: Description) -> dict[str, str]:
    reporter = description.reporter
    return {
        "Titel": description.subject,
        "Naam": reporter.name or "",
        "Organisatie": reporter.organisation or "",
        "E-mail": reporter.email or "",
        "Telefoon": reporter.phone or "",
    }
