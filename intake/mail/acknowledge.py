"""The acknowledgement: once for each ticket, to people only, in the transaction that opened the ticket."""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from desk.clock import Clock
from desk.sender import GiveUp
from desk.vault import Vault
from intake.mail.inbox import UNDATED
from intake.mail.machine import Writer
from intake.mail.parsed import ParsedMail
from intake.receive import Received
from routing.closed import ACKNOWLEDGEMENTS, acknowledgement, first_reaction
from routing.letters import Letter, write_letter
from routing.message import domain_of, recipient
from triage.models import Contact, Ticket
from triage.values import Channel, Direction

log = logging.getLogger("meldpunt.mail")

OLDEST = timedelta(days=7)
OLD_WORDS = "Ouder dan een week: er is geen ontvangstbevestiging gestuurd."
UNDATED_WORDS = "De mailserver zegt niet wanneer dit bericht kwam. Er is geen ontvangstbevestiging gestuurd."
MOST_A_DAY = 3


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
        letter = aliased(Contact)  # it counts from when it was written: after an outage old mails are answered at once
        told = session.scalars(
            select(Contact.from_hash)
            .join(letter, letter.ticket_id == Contact.ticket_id)
            .where(
                Contact.from_hash.in_(hashes),
                Contact.told.in_(ACKNOWLEDGEMENTS),
                letter.direction == Direction.OUT,
                letter.told.in_(ACKNOWLEDGEMENTS),
                letter.started_at > clock.now() - timedelta(days=1),
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

    The ticket is then due no later than the first reaction that the letter promises. A fault in calendar or texts shows
    before anything is written, so it costs the letter and not the ticket.
    """
    silence = _silence(session, question, ration, mail_from)
    if silence is not None:
        return silence
    clock: Clock = session.info["clock"]
    now = clock.now()
    try:
        code, subject, body = acknowledgement(session, question.received.ticket.number, now)
        promised_at = first_reaction(session, now)
    except (LookupError, ValueError) as error:  # a calendar without openings, a text that cannot be filled
        fault = type(error).__name__  # a traceback would quote the text
        log.error("an acknowledgement could not be written", extra={"fault": fault})  # noqa: TRY400
        return Silence(
            "Er kon geen ontvangstbevestiging worden geschreven. Laat de openingstijden en teksten nakijken."
        )
    received, mail, address = question.received, question.mail, question.mail.sender_address or ""
    letter = Letter(to=address, subject=subject, body=body, answers=mail.message_id)
    write_letter(session, received.ticket, letter, domain=domain_of(mail_from), told=code)
    received.contact.told = code
    _keep_to(received.ticket, promised_at)
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
        return Silence(UNDATED_WORDS if question.internaldate == UNDATED else OLD_WORDS)
    try:
        recipient(address)
    except GiveUp:
        return Silence("Naar dit adres kan geen ontvangstbevestiging.")
    if not ration.allows(address):
        return Silence(
            f"Dit adres kreeg in een dag al {MOST_A_DAY} ontvangstbevestigingen. Er is geen nieuwe gestuurd."
        )
    return None
