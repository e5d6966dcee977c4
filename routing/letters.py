"""Mail that the desk writes: a contact in the transaction that caused it, sent afterwards by a job (`post`)."""

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.base import new_id
from desk.clock import Clock
from desk.jobs import enqueue
from desk.vault import Vault
from triage.models import Contact, Ticket
from triage.values import Channel, Direction, Outcome

JOB = "send_letter"
OURS = re.compile(r"m\.([0-9a-f]{24})\.([0-9a-f]{20})")


@dataclass(frozen=True)
class Letter:
    """A mail to write. `answers` is the Message-ID of the mail it answers; `automatic` adds the RFC 3834 marks."""

    to: str
    subject: str
    body: str
    answers: str | None = None
    automatic: bool = True


def write_letter(session: Session, ticket: Ticket, letter: Letter, *, domain: str, told: str) -> Contact:
    """Put an outgoing mail into this transaction: its contact (queued), its fixed Message-ID and its job.

    `told` is the code of the text (M1, M2, M4…), `domain` that of `message.domain_of`. Sealed under the ticket's key.
    """
    clock: Clock = session.info["clock"]
    contact = Contact(
        id=new_id(),
        channel=Channel.MAIL,
        direction=Direction.OUT,
        provider_ref=new_message_id(session.info["vault"], domain),
        data_key=ticket.data_key,
        ticket=ticket,
        outcome=Outcome.QUEUED,
        started_at=clock.now(),
        told=told,
    )
    contact.to_address, contact.subject, contact.text = letter.to, letter.subject, letter.body
    contact.answers = letter.answers
    session.add(contact)
    payload = {"contact": str(contact.id), "automatic": "yes" if letter.automatic else ""}
    enqueue(session, JOB, payload)
    return contact


def mark_undelivered(session: Session, message_ids: Iterable[str]) -> list[Contact]:
    """Mark as failed what left under these Message-IDs of ours: a mail system could not deliver it."""
    ours = [found for found in message_ids if is_ours(session.info["vault"], found)]
    left = select(Contact).where(
        Contact.channel == Channel.MAIL,
        Contact.direction == Direction.OUT,
        Contact.provider_ref.in_(ours),
        Contact.outcome.in_((Outcome.SENT, Outcome.UNCERTAIN)),
    )
    letters = list(session.scalars(left.with_for_update(of=Contact)).unique()) if ours else []
    clock: Clock = session.info["clock"]
    for letter in letters:
        letter.outcome, letter.ended_at = Outcome.FAILED, clock.now()
        audit(session, Act("desk", "send", f"contact:{letter.id}", Outcome.FAILED, "mail"))
    return letters


def new_message_id(vault: Vault, domain: str) -> str:
    """A Message-ID that only this desk can have made: `<m.random.mac@domain>`."""
    word = secrets.token_hex(12)
    return f"<m.{word}.{_mac(vault, word)}@{domain}>"


def is_ours(vault: Vault, message_id: str) -> bool:
    """Whether this desk made the Message-ID, judged by its mac alone."""
    found = OURS.fullmatch(message_id.strip("<> \t").partition("@")[0])
    return found is not None and hmac.compare_digest(found[2], _mac(vault, found[1]))


def _mac(vault: Vault, word: str) -> str:
    return hmac.digest(vault.ring.permanent["message_id"], word.encode(), "sha256").hex()[:20]
