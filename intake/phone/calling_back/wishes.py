"""Whom a form asks to call: a promise, a ticket's reporter, or a caller who got nobody; forms hold no numbers."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.dates import written_time
from desk.vault import Vault
from intake.phone.calling_back.attempts import Wish
from intake.phone.calling_back.left_alone import left_alone
from intake.phone.calling_back.promise_lines import reach_of_promise
from intake.phone.calling_back.reach import reach_of
from intake.phone.models import Callback
from intake.phone.numbers import e164
from triage.actions import Refused
from triage.marks import NoSuchTicket
from triage.models import Contact, Ticket
from triage.values import Channel, Direction

DONE = "Een collega was u voor. Er is al teruggebeld."
NO_NUMBER = "Er is geen nummer dat het meldpunt kan bellen."


class TooSoon(Refused):
    """They may be calling 112 at this moment; with a reason one may call all the same."""


def of_promises(session: Session, ids: Collection[UUID]) -> Wish:
    """The call that keeps these promises. Raises `LookupError`, or `Refused` when it was made."""
    found = list(session.scalars(select(Callback).where(Callback.id.in_(ids)).order_by(Callback.promised_at)))
    if not found:
        raise LookupError("no such promise")
    still = [each for each in found if each.done_at is None]
    if not still:
        raise Refused(DONE)
    promise = still[0]
    reach = reach_of_promise(session, promise, session.get_one(Contact, promise.contact_id))
    return Wish(_known(reach.number), session.get_one(Ticket, promise.ticket_id), promise)


def of_ticket(session: Session, number: str) -> Wish:
    """A call to the reporter of a ticket; it keeps a promise if one was made for that number. Raises `LookupError`."""
    ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one_or_none()
    if ticket is None:
        raise NoSuchTicket(number)
    vault: Vault = session.info["vault"]
    called = _known(ticket.reporter_phone)
    hashes = vault.lookups(Channel.PHONE, e164(called) or called)
    mine = select(Callback).where(Callback.ticket_id == ticket.id, Callback.done_at.is_(None))
    promise = session.scalars(mine.where(Callback.number_hash.in_(hashes)).order_by(Callback.promised_at)).first()
    return Wish(called, ticket, promise)


def of_contact(session: Session, contact_id: UUID) -> Wish:
    """A call to somebody who called and got nobody. Raises `LookupError`, or `Refused` when it is dealt with."""
    contact = session.get(Contact, contact_id)
    if contact is None or contact.direction is not Direction.IN or contact.channel is not Channel.PHONE:
        raise LookupError("no such call")
    if not contact.to_tick_off:
        raise Refused("Een collega was u voor. Deze oproep is al afgehandeld.")
    return Wish(_known(reach_of(session, contact).number), about=contact)


def demand_not_too_soon(session: Session, wish: Wish) -> None:
    """Raise `TooSoon` for whoever hung up just now after they heard of 112, unless there is a reason."""
    alone = left_alone(session)
    if not alone or wish.reason:
        return
    vault: Vault = session.info["vault"]
    known = vault.lookups(Channel.PHONE, (e164(wish.number) or wish.number).casefold())
    until = max((alone[each] for each in known if each in alone), default=None)
    if until is not None:
        raise TooSoon(f"Bel pas na {written_time(until)} uur. Misschien belt de melder nu 112.")


def _known(number: str | None) -> str:
    if not number:
        raise Refused(NO_NUMBER)
    return number
