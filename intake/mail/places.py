"""Looks up where the traces of a mail lead: letters of ours, tickets by number, and who takes part in them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.vault import Vault
from intake.mail.threading import Traces, Trail
from routing.letters import is_ours
from triage.models import Contact, Ticket
from triage.values import Channel, Direction

MOST_LETTERS = 50


def trails_of(session: Session, traces: Traces, sender: str | None) -> list[Trail]:
    """The tickets that traces lead to, nearest letter first, then numbers of the subject."""
    vault: Vault = session.info["vault"]
    if traces.ids or traces.numbers:
        session.flush()  # earlier mails of this group may be what this one answers
    letters = [found for found in traces.ids if is_ours(vault, found)]
    by_letter = _by_letter(session, letters) if letters else []
    by_number = _by_number(session, traces.numbers) if traces.numbers else []
    found = [(ticket, True) for ticket in by_letter] + [(ticket, False) for ticket in by_number]
    return [
        Trail(ticket.id, ticket.number, takes_part=takes_part(session, ticket, sender), by_letter=ours)
        for ticket, ours in found
    ]


def takes_part(session: Session, ticket: Ticket, address: str | None) -> bool:
    """Whether this address wrote to the ticket, is its reporter's, or was written to from it."""
    if not address:
        return False
    plain = address.casefold()
    vault: Vault = session.info["vault"]
    wrote = select(Contact.id).where(
        Contact.from_hash.in_(vault.lookups(Channel.MAIL, plain)), Contact.ticket_id == ticket.id
    )
    if session.scalar(wrote.limit(1)) is not None or (ticket.reporter_email or "").casefold() == plain:
        return True
    letters = session.scalars(
        select(Contact)
        .where(Contact.ticket_id == ticket.id, Contact.channel == Channel.MAIL, Contact.direction == Direction.OUT)
        .order_by(Contact.started_at.desc())
        .limit(MOST_LETTERS)
    )
    return any((letter.to_address or "").casefold() == plain for letter in letters)


def _by_letter(session: Session, message_ids: list[str]) -> list[Ticket]:
    rows = session.execute(
        select(Contact.provider_ref, Ticket)
        .join(Ticket, Contact.ticket_id == Ticket.id)
        .where(
            Contact.channel == Channel.MAIL,
            Contact.direction == Direction.OUT,
            Contact.provider_ref.in_(message_ids),
        )
    )
    tickets: dict[str, Ticket] = {reference: ticket for reference, ticket in rows.unique()}  # noqa: C416  rows are no pairs to mypy
    return list(dict.fromkeys(tickets[found] for found in message_ids if found in tickets))


def _by_number(session: Session, numbers: tuple[str, ...]) -> list[Ticket]:
    return list(session.scalars(select(Ticket).where(Ticket.number.in_(numbers)).order_by(Ticket.number)).unique())
