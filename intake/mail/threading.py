"""Which ticket a mail may belong to, as far as the mail itself says; who may join is decided here too."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from intake.mail.machine import Writer
from intake.mail.parsed import ParsedMail
from triage.number import is_number

MOST_NUMBERS = 5

_NUMBER = re.compile(r"\[\s*melding\s+([0-9]{4})[ \u00a0]?([0-9]{4})\s*\]", re.IGNORECASE)
_FORWARD = re.compile(r"\s*(?:fw|fwd|wg|tr|doorgestuurd|weitergeleitet)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)


@dataclass(frozen=True)
class Traces:
    """What points to earlier mail: Message-IDs, nearest first, and ticket numbers of the subject."""

    ids: tuple[str, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Trail:
    """A ticket that a trace leads to. `takes_part`: this sender wrote to it, or was written to, before."""

    ticket_id: UUID
    number: str
    takes_part: bool
    by_letter: bool
    """Found by the Message-ID of a letter of ours, which only its receiver can know; not by a mere number."""


@dataclass(frozen=True)
class Placement:
    """Where a mail goes: into the ticket it `joins`, else into a new one that `mentions` a number."""

    joins: UUID | None = None
    mentions: str | None = None


def traces_of(mail: ParsedMail, writer: Writer) -> Traces:
    """Message-IDs that the mail answers, and numbers in its subject whose check digit fits.

    A forward quotes the thread it was taken from without belonging to it. A report names the letter it returns only
    inside that letter. Numbers in the text are never looked at: the text may quote anything.
    """
    ids = () if _FORWARD.match(mail.subject) else mail.answers
    if writer is Writer.BOUNCE:
        ids = (*mail.returned, *ids)
    found = ("".join(groups) for groups in _NUMBER.findall(mail.subject))
    numbers = dict.fromkeys(number for number in found if is_number(number))
    return Traces(ids, tuple(numbers)[:MOST_NUMBERS])


def placement(trails: Sequence[Trail], writer: Writer) -> Placement:
    """Join the first ticket that the sender takes part in; a stranger's mail never joins without a person's word.

    A machine that answers or returns a letter of ours knows its Message-ID and joins the letter's ticket.
    """
    for trail in trails:
        machine = trail.by_letter and writer in {Writer.BOUNCE, Writer.AUTO_REPLY}
        if trail.takes_part or machine:
            return Placement(joins=trail.ticket_id)
    return Placement(mentions=trails[0].number if trails else None)
