"""Whom a number belongs to, by what was reported from it before. It says who may be calling, and proves nothing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.search import analyse
from desk.vault import Vault
from intake.phone.models import Callback
from intake.phone.numbers import e164
from triage.models import Contact, Term, Ticket
from triage.values import Channel

MOST = 60  # tickets looked at; whoever called more often is known by the newest
MOST_SHOWN = 3


@dataclass(frozen=True)
class Known:
    """The reporter of the newest ticket of a number, and its open tickets by number, newest first."""

    name: str = ""
    organisation: str = ""
    tickets: tuple[str, ...] = ()


NOBODY = Known()


def known_by(session: Session, numbers: Collection[str]) -> dict[str, Known]:
    """What is known of each of these numbers (E.164 or SIP). Never ask for one that stands for many people."""
    vault: Vault = session.info["vault"]
    hashes = {mark: number for number in numbers for mark in vault.lookups(Channel.PHONE, number.casefold())}
    found: dict[str, dict[str, Ticket]] = {}
    for mark, ticket in _tickets(session, hashes) if hashes else ():
        found.setdefault(hashes[mark], {})[ticket.number] = ticket
    for number, ticket in _reported(session, numbers):
        found.setdefault(number, {})[ticket.number] = ticket
    return {number: _known(list(tickets.values())) for number, tickets in found.items()}


def _tickets(session: Session, hashes: Collection[bytes]) -> Iterator[tuple[bytes, Ticket]]:
    called = select(Contact.from_hash, Ticket).join(Ticket, Contact.ticket_id == Ticket.id)
    asked = select(Callback.number_hash, Ticket).join(Ticket, Callback.ticket_id == Ticket.id)
    for query, column in ((called, Contact.from_hash), (asked, Callback.number_hash)):
        rows = session.execute(query.where(column.in_(hashes)).order_by(Ticket.opened_at.desc()).limit(MOST))
        yield from ((mark, ticket) for mark, ticket in rows if mark is not None)


def _reported(session: Session, numbers: Collection[str]) -> Iterator[tuple[str, Ticket]]:
    """Tickets, of mails too, whose reporter has such a number: found by the index of words, then read."""
    vault: Vault = session.info["vault"]
    words = {mark: number for number in numbers for word in analyse(number)[:1] for mark in vault.term_lookups(word)}
    if not words:
        return
    query = select(Term.hash, Ticket).join(Ticket, Term.ticket_id == Ticket.id).where(Term.hash.in_(words))
    for mark, ticket in session.execute(query.order_by(Ticket.opened_at.desc()).limit(MOST)):
        if e164(ticket.reporter_phone or "") == words[mark]:
            yield words[mark], ticket


def _known(tickets: list[Ticket]) -> Known:
    tickets.sort(key=lambda ticket: ticket.opened_at, reverse=True)
    named = next((ticket for ticket in tickets if ticket.reporter_name or ticket.reporter_organisation), None)
    still_open = [ticket.number for ticket in tickets if ticket.is_open]
    return Known(
        (named.reporter_name or "") if named else "",
        (named.reporter_organisation or "") if named else "",
        tuple(still_open[:MOST_SHOWN]),
    )
