"""What the telephone draws on pages of others: the call-back panel of a ticket, and buttons that call somebody."""

from collections.abc import Callable
from uuid import uuid4

from flask import render_template
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.dates import written_time
from desk.desk import Desk
from desk.person import person_or_none
from desk.slots import Slot
from intake.phone.calling_back.callback_pages import can_place
from intake.phone.calling_back.callbacks import callbacks_of
from intake.phone.calling_back.left_alone import left_alone
from intake.phone.calling_back.promise_lines import NO_NUMBERS, calling_of, promises_of, tries_of
from intake.phone.calling_back.reach import reach_of
from intake.phone.models import Attempt
from intake.phone.numbers import number_to_call
from triage.models import Contact, Ticket
from triage.telephone import dial_link, shown

MOST_TRIES = 10


def slots(desk: Desk) -> dict[str, Slot]:
    """What this part draws on the pages of tickets and of callers who got nobody."""
    able = can_place(desk)
    return {
        "callback": lambda session, ticket: callback_panel(session, ticket, able=able),
        "call_reporter": lambda session, ticket: _if(able, lambda: reporter_button(session, ticket)),
        "call_contact": lambda session, contact: contact_button(session, contact, able=able),
    }


def callback_panel(session: Session, ticket: Ticket, *, able: bool) -> Markup:
    """The panel of a ticket; empty when nobody there asked to be called back."""
    person = person_or_none()
    lines = promises_of(session, callbacks_of(session, ticket), person.id if person else None)
    if not lines:
        return Markup()
    return _drawn("phone/callbacks.html", ticket=ticket, lines=lines, can_place=able)


def reporter_button(session: Session, ticket: Ticket) -> Markup:
    """The reporter's number on a ticket as a button that calls; empty when it cannot be called from here."""
    number = number_to_call(ticket.reporter_phone or "", NO_NUMBERS)
    if number is None:
        return Markup()
    person, clock = person_or_none(), _clock(session)
    made = select(Attempt).join(Attempt.contact).where(Contact.ticket_id == ticket.id)
    tried = list(session.scalars(made.order_by(Attempt.requested_at.desc()).limit(MOST_TRIES)))
    same = [each for each in tried if each.contact.to_address == number]
    calling = calling_of(same, person.id if person else None, clock)
    return _drawn(
        "phone/call_reporter.html", ticket=ticket, number=shown(number), calling=calling, form_key=uuid4().hex
    )


def contact_button(session: Session, contact: Contact, *, able: bool) -> Markup:
    """How somebody who got nobody is called back: at once, not yet, or not at all; and what was tried."""
    person, clock = person_or_none(), _clock(session)
    reach = reach_of(session, contact)
    made = select(Attempt).where(Attempt.about_id == contact.id).order_by(Attempt.requested_at.desc())
    tried = list(session.scalars(made.limit(MOST_TRIES)))
    free = left_alone(session).get(reach.known_as) if reach.known_as else None
    return _drawn(
        "phone/call_contact.html",
        contact=contact,
        number=shown(reach.number) if reach.number else None,
        keyed=reach.keyed,
        link=dial_link(reach.number),
        callable=able and number_to_call(reach.number or "", NO_NUMBERS) is not None,
        free_until=written_time(free) if free else None,
        attempts=tries_of(tried, clock),
        calling=calling_of(tried, person.id if person else None, clock),
        form_key=uuid4().hex,
    )


def _if(able: bool, draw: Callable[[], Markup]) -> Markup:  # noqa: FBT001  read as a sentence
    return draw() if able else Markup()


def _drawn(template: str, **given: object) -> Markup:
    return Markup(render_template(template, **given))  # noqa: S704  escaped by the template


def _clock(session: Session) -> Clock:
    clock: Clock = session.info["clock"]
    return clock
