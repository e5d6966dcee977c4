"""Promises to call back: made with a ticket, found again by a confirmed number, kept by a person."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from desk.audit import Act, audit
from desk.base import new_id
from desk.calendar import calendar_of
from desk.clock import Clock
from desk.vault import Vault
from intake.phone.models import Callback
from intake.receive import Received
from triage.marks import held
from triage.models import Ticket
from triage.place import find_place
from triage.tickets import add_entry
from triage.values import Channel, EntryKind

MOST_SHOWN = 20


def promise(session: Session, received: Received, number: str | None, promised_at: datetime) -> None:
    """Note a promise with the ticket, which is then due no later; that of a contact stands once, however often told.

    `number` is E.164 and confirmed, or None.
    """
    vault: Vault = session.info["vault"]
    known = select(Callback).where(Callback.contact_id == received.contact.id)
    if not received.fresh and (before := session.scalars(known).one_or_none()) is not None:
        if number and before.number is None:  # it was promised first, and only then asked on which number
            before.number, before.number_hash = number, vault.lookup(Channel.PHONE, number)
        return
    ticket = received.ticket
    made = Callback(
        id=new_id(),
        ticket_id=ticket.id,
        contact_id=received.contact.id,
        data_key=ticket.data_key,
        promised_at=promised_at,
        number_hash=vault.lookup(Channel.PHONE, number) if number else None,
    )
    made.number = number
    session.add(made)
    ticket.promised_at = min(ticket.promised_at or promised_at, promised_at)
    ticket.due_at = min(ticket.due_at, promised_at)
    # A promise that moves no time must be noticed too by whoever keeps the one before it, or closes the ticket, now.
    flag_modified(ticket, "promised_at")


def joinable_ticket(session: Session, number_hashes: list[bytes]) -> UUID | None:
    """The open ticket that this confirmed number asked to be called back on before; the newest of several."""
    return session.scalar(
        select(Callback.ticket_id)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .where(Callback.number_hash.in_(number_hashes), Ticket.is_open)
        .order_by(Callback.promised_at.desc())
        .limit(1)
    )


def callbacks_of(session: Session, ticket: Ticket) -> list[Callback]:
    """The promises of a ticket: those still to keep first, by their time."""
    return list(
        session.scalars(
            select(Callback)
            .where(Callback.ticket_id == ticket.id)
            .order_by(Callback.done_at.is_not(None), Callback.promised_at, Callback.id)
            .limit(MOST_SHOWN)
        )
    )


def count_open(session: Session) -> int:
    """How many promises are still to keep."""
    return session.scalar(select(func.count()).select_from(Callback).where(Callback.done_at.is_(None))) or 0


def mark_done(session: Session, number: str, ids: Collection[UUID], actor_id: UUID, note: str) -> None:
    """Somebody called back and kept the promises `ids`, those that stood on the page: one telephone call, one line.

    The second time nothing changes. Raises `LookupError` when ticket `number` has none of them.
    """
    ticket = held(session, number)  # first of all: no promise may come while it is read which one is the next
    if kept := open_promises(session, ticket, ids):
        end_promises(session, ticket, kept, actor_id, note)


def open_promises(session: Session, ticket: Ticket, ids: Collection[UUID]) -> list[Callback]:
    """Those of `ids` that are still to keep, by their time. Raises `LookupError` when this ticket has none of them."""
    asked = select(Callback).where(Callback.id.in_(ids), Callback.ticket_id == ticket.id)
    found = list(session.scalars(asked.order_by(Callback.promised_at, Callback.id)))
    if not found:
        raise LookupError(ticket.number)
    return [each for each in found if each.done_at is None]


def end_promises(
    session: Session, ticket: Ticket, kept: list[Callback], actor_id: UUID, note: str, how: str | None = None
) -> None:
    """These promises are kept, or ended in another way (`how`, a code for the timeline). The ticket must be held."""
    clock: Clock = session.info["clock"]
    for each in kept:
        each.done_at, each.done_by_id = clock.now(), actor_id
    ticket.promised_at = _next_promise(session, ticket)
    if ticket.is_open:
        find_place(ticket, calendar_of(session))
    add_entry(
        session, ticket, EntryKind.CALLBACK, at=clock.now(), actor_id=actor_id, after=how,
        fact=f"called_back:{kept[0].id}", text=note or None,
    )  # fmt: skip
    audit(session, Act(f"user:{actor_id}", "call_back", f"ticket:{ticket.number}", how or "ok"))


def _next_promise(session: Session, ticket: Ticket) -> datetime | None:
    still_open = select(func.min(Callback.promised_at)).where(
        Callback.ticket_id == ticket.id, Callback.done_at.is_(None)
    )
    return session.scalar(still_open)
