"""*Terugbellen*: every promise to keep, the coordinator's first, then by the time promised, then who asked first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.clock import Clock
from hours import local
from intake.phone.calling_back.promise_lines import Promise, promises_of
from intake.phone.models import Callback
from triage.models import Contact, Ticket
from triage.number import spaced
from triage.rows import title_of

MOST = 200
HEADS = {
    "coordinator": ("Een coördinator beslist", "vaak genoeg geprobeerd, niemand bereikt", "late"),
    "te-laat": ("Te laat", "de beloofde tijd is om", "late"),
    "vandaag": ("Vandaag", "beloofd vóór het einde van vandaag", "today"),
    "morgen": ("Morgen", "", "later"),
    "later": ("Later", "", "later"),
}


@dataclass(frozen=True)
class Row:
    """One call to make, and on which ticket. `who` is empty when nobody knows who asked."""

    promise: Promise
    number: str
    spaced: str
    title: str
    who: str


@dataclass(frozen=True)
class Group:
    """Rows under one head; `look` names its colour."""

    key: str
    title: str
    hint: str
    look: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ToCall:
    """The whole screen; `more`: not all of them fit."""

    groups: tuple[Group, ...]
    count: int
    more: bool


def to_call(session: Session, me: UUID) -> ToCall:
    """What is still to be called, for this colleague at this moment."""
    clock: Clock = session.info["clock"]
    found = _still_to_keep(session)
    tickets = _tickets(session, found[:MOST])
    rows: dict[str, list[Row]] = {key: [] for key in HEADS}
    by_id = {each.id: each for each in found}
    for promise in promises_of(session, found[:MOST], me):
        ticket = tickets[by_id[promise.ids[0]].ticket_id]
        rows[_head(promise, clock.now())].append(_row(promise, ticket))
    groups = tuple(Group(key, *HEADS[key], tuple(members)) for key, members in rows.items() if members)
    return ToCall(groups, sum(len(group.rows) for group in groups), more=len(found) > MOST)


def _still_to_keep(session: Session) -> list[Callback]:
    """At most one more than fit. Of those promised the same moment, who asked first is first."""
    asked = select(Callback).join(Contact, Contact.id == Callback.contact_id).where(Callback.done_at.is_(None))
    first = asked.order_by(Callback.promised_at, Contact.started_at, Callback.id)
    return list(session.scalars(first.limit(MOST + 1)))


def _row(promise: Promise, ticket: Ticket) -> Row:
    who = ", ".join(part for part in (ticket.reporter_name, ticket.reporter_organisation) if part)
    return Row(promise, ticket.number, spaced(ticket.number), title_of(ticket), who)


def _head(promise: Promise, now: datetime) -> str:
    if promise.escalated:
        return "coordinator"
    if promise.late:
        return "te-laat"
    days = (local(promise.at).date() - local(now).date()).days
    return {0: "vandaag", 1: "morgen"}.get(days, "later")


def _tickets(session: Session, found: list[Callback]) -> dict[UUID, Ticket]:
    asked = select(Ticket).where(Ticket.id.in_({each.ticket_id for each in found}))
    return {ticket.id: ticket for ticket in session.scalars(asked)}
