"""The acknowledgement: once for each ticket, to people only, in the transaction that opened the ticket."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.sender import GiveUp
from desk.vault import Vault
from intake.mail.machine import Writer
from intake.mail.parsed import ParsedMail
from intake.receive import Received
from routing.closed import acknowledgement, first_reaction
from routing.letters import Letter, write_letter
from routing.message import domain_of, recipient
from triage.models import Contact, Ticket
from triage.values import Channel

OLDEST = timedelta(days=7)
MOST_A_DAY = 3
CODES = ("M1", "M2")


@dataclass(frozen=True)
class Silence:
    """Why nobody was answered; `reason` is a sentence for the timeline, empty when it needs no saying."""

    reason: str = ""


class Ration:
    """How many acknowledgements each address got in a day; asked for once in a transaction, then counted along."""

    def __init__(self, session: Session, addresses: Iterable[str | None]) -> None:
        clock: Clock = session.info["clock"]
        vault: Vault = session.info["vault"]
        hashes = {
            found: address.casefold()
            for address in addresses
            if address
            for found in vault.lookups(Channel.MAIL, address.casefold())
        }
        told = session.scalars(
            select(Contact.from_hash).where(
                Contact.from_hash.in_(hashes),
                Contact.told.in_(CODES),
                Contact.started_at > clock.now() - timedelta(days=1),
            )
        )
        self._given = Counter(hashes[found] for found in told if found)

    def allows(self, address: str) -> bool:
        """Whether the address may get one more."""
        return self._given[address.casefold()] < MOST_A_DAY

    def give(self, address: str) -> None:
        """Count one more."""
        self._given[address.casefold()] += 1


@dataclass(frozen=True)
class Question:
    """A mail that was received, and what decides whether it is answered. `internaldate` is real time."""

    received: Received
    mail: ParsedMail
    writer: Writer
    internaldate: datetime


def acknowledge(session: Session, question: Question, ration: Ration, mail_from: str) -> Silence | None:
    """Answer a mail with M1 or M2 in this transaction; None when that was done, else why not.

    The ticket is then due no later than the first reaction that the letter promises.
    """
    silence = _silence(session, question, ration, mail_from)
    if silence is not None:
        return silence
    clock: Clock = session.info["clock"]
    received, mail, address = question.received, question.mail, question.mail.sender_address or ""
    code, subject, body = acknowledgement(session, received.ticket.number, clock.now())
    letter = Letter(to=address, subject=subject, body=body, answers=mail.message_id)
    write_letter(session, received.ticket, letter, domain=domain_of(mail_from), told=code)
    received.contact.told = code
    _keep_to(received.ticket, first_reaction(session, clock.now()))
    ration.give(address)
    return None


def _keep_to(ticket: Ticket, promised_at: datetime) -> None:
    ticket.promised_at = min(ticket.promised_at or promised_at, promised_at)
    ticket.due_at = min(ticket.due_at, promised_at)


def _silence(session: Session, question: Question, ration: Ration, mail_from: str) -> Silence | None:
    clock: Clock = session.info["clock"]
    received, address = question.received, question.mail.sender_address or ""
    if question.writer is not Writer.PERSON or not mail_from or received.joined or not received.fresh:
        return Silence()
    if not question.mail.readable:
        return Silence("Er is geen ontvangstbevestiging gestuurd.")
    # A first scan of an old mailbox must not write to years of senders.
    if clock.real() - question.internaldate > OLDEST:
        return Silence("Ouder dan een week: er is geen ontvangstbevestiging gestuurd.")
    try:
        recipient(address)
    except GiveUp:
        return Silence("Naar dit adres kan geen ontvangstbevestiging.")
    if not ration.allows(address):
        return Silence(
            f"Dit adres kreeg in een dag al {MOST_A_DAY} ontvangstbevestigingen. Er is geen nieuwe gestuurd."
        )
    return None
