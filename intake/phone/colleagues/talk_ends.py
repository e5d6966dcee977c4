"""How a conversation is written down: as a new ticket, with one that is there, or with a reason why it is neither."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.calendar import calendar_of
from desk.dates import written_time
from desk.vault import Vault
from intake.concern import Concern, Reporter
from intake.phone.calling_back.left_alone import HUNG_UP
from intake.phone.colleagues.draft import draft_of
from intake.phone.colleagues.line_now import talk_of
from intake.phone.colleagues.on_the_line import desk_time, via_of
from intake.phone.models import Call
from intake.receive import Received, receive
from triage import actions
from triage.actions import Categories, Doing, Rating
from triage.models import Contact, Ticket
from triage.place import happens_at
from triage.tickets import add_entry, index_words
from triage.told import heard_the_danger_line
from triage.values import Area, Category, Channel, EntryKind, Outcome

EARLIER = timedelta(hours=24)
"""A hang-up of the same number within this belongs to the conversation."""
LATER_SPOKEN = "Later gesproken"


@dataclass(frozen=True)
class Written:
    """What a colleague wrote down of a conversation. `text` is one text: answers first, then the note."""

    subject: str
    text: str
    reporter: Reporter = field(default_factory=Reporter)
    rating: Rating | None = None
    category: Category | None = None
    area: Area | None = None
    through: str = ""
    """Who put the caller through."""
    event_at: datetime | None = None
    """Desk time, UTC: when something is about to happen, which the ticket must come before."""


def make_ticket(session: Session, call: Call, written: Written, doing: Doing) -> Ticket:
    """The ticket of this conversation, made once however often it is asked for. Claimed by whoever wrote it."""
    received = receive(session, _concern(call, written))
    ticket = received.ticket
    if not received.fresh:
        return ticket
    ticket.area = written.area
    _write_down(session, call, received, written, doing)
    actions.claim(session, ticket, doing)
    return ticket


def join_ticket(session: Session, call: Call, written: Written, ticket: Ticket, doing: Doing) -> Ticket:
    """The conversation belongs to a ticket that is there, which is then read and rated anew. Once, as above."""
    received = receive(session, _concern(call, written, joins=ticket.id))
    if received.fresh:
        _write_down(session, call, received, written, doing)
    return received.ticket


def no_ticket(session: Session, call: Call, text: str, reason: str, doing: Doing) -> None:
    """Nothing follows from this conversation, for a reason. What was typed stays with the contact."""
    contact = call.contact
    if contact.ticket_id is not None or contact.ticked_off_at is not None:
        return
    contact.outcome, contact.text = Outcome.ANSWERED, text or contact.text
    for each in (contact, *earlier_calls(session, contact)):
        _tick_off(session, each, doing, reason if each is contact else f"{LATER_SPOKEN}: {reason}")
    _forget_draft(call)


def earlier_calls(session: Session, contact: Contact, *, held: bool = True) -> list[Contact]:
    """Hang-ups after the words on 112 that this caller made before, and that nobody ticked off; the oldest first.

    Only a number that says something about who calls can tell. `held`: against other writers.
    """
    if contact.from_hash is None or contact.from_address is None:
        return []
    vault: Vault = session.info["vault"]
    marks = vault.lookups(Channel.PHONE, contact.from_address.casefold())
    query = select(Contact).where(
        Contact.from_hash.in_(marks),
        Contact.to_tick_off.is_(True),
        Contact.outcome.in_(HUNG_UP),
        Contact.started_at.between(contact.started_at - EARLIER, contact.started_at),
        Contact.id != contact.id,
    )
    query = query.order_by(Contact.started_at, Contact.id)
    found = session.scalars(query.with_for_update(of=Contact) if held else query)
    return [each for each in found if heard_the_danger_line(each.told, each.lasted)]


def add_what_differs(session: Session, call: Call, text: str, doing: Doing) -> None:
    """Somebody went back after the ticket was made and typed on: that is kept as a note, once."""
    contact = call.contact
    if not text or text == contact.text or contact.ticket_id is None:
        return
    vault: Vault = session.info["vault"]
    ticket = session.get_one(Ticket, contact.ticket_id)
    fact = f"talk:{call.id}:{vault.lookup('talk', text).hex()}"
    add_entry(session, ticket, EntryKind.NOTE, at=doing.at, actor_id=doing.actor_id, fact=fact, text=text)
    index_words(session, ticket, (text,))


def _concern(call: Call, written: Written, joins: UUID | None = None) -> Concern:
    contact = call.contact
    return Concern(
        channel=Channel.PHONE,
        provider_ref=call.call_sid,
        started_at=contact.started_at,
        outcome=Outcome.ANSWERED,
        subject=written.subject,
        text=written.text,
        reporter=written.reporter,
        from_address=contact.from_address,
        from_name=written.reporter.name,
        data_key=contact.data_key,
        joins=joins,
    )


def _write_down(session: Session, call: Call, received: Received, written: Written, doing: Doing) -> None:
    contact, ticket = received.contact, received.ticket
    contact.to_tick_off = False
    _say_who_talked(session, call, ticket, written, doing)
    for each in earlier_calls(session, contact):
        each.ticket_id = ticket.id
        add_entry(session, ticket, EntryKind.JOINED, at=doing.at, contact=each, fact=f"contact:{each.id}")
        _tick_off(session, each, doing, f"Melding {ticket.number}")
    if written.event_at is not None:
        happens_at(ticket, calendar_of(session), written.event_at)
    if written.category is not None:
        actions.categorise(session, ticket, doing, Categories(written.category, (), written.area or ticket.area))
    if written.rating is not None:
        actions.rate(session, ticket, doing, written.rating)
    _forget_draft(call)


def _say_who_talked(session: Session, call: Call, ticket: Ticket, written: Written, doing: Doing) -> None:
    ring = talk_of(session, call)
    words = []
    if ring is not None and ring.accepted_at is not None:
        start = written_time(desk_time(session, ring.accepted_at))
        until = f" tot {written_time(desk_time(session, ring.ended_at))}" if ring.ended_at else ""
        who = "Sprak" if ring.user_id == doing.actor_id else f"{ring.user.name} sprak"
        words.append(f"{who} met de beller {'van' if until else 'vanaf'} {start}{until} uur.")
    if via_of(call):
        words.append("De beller kwam via 14 010.")
    if written.through:
        words.append(f"Doorverbonden door {written.through}.")
    if not words:
        return
    text = " ".join(words)
    fact = f"talked:{call.id}"
    add_entry(session, ticket, EntryKind.NOTE, at=doing.at, actor_id=doing.actor_id, fact=fact, text=text)
    index_words(session, ticket, (text,))


def _tick_off(session: Session, contact: Contact, doing: Doing, reason: str) -> None:
    contact.to_tick_off = False
    contact.ticked_off_at, contact.ticked_off_by_id, contact.tick_off_reason = doing.at, doing.actor_id, reason
    audit(session, Act(f"user:{doing.actor_id}", "tick_off", f"contact:{contact.id}", origin="web"))


def _forget_draft(call: Call) -> None:
    """What was typed stands elsewhere now; who typed last is still known."""
    if draft_of(call).version:
        call.draft = None
