"""What every form of a ticket carries, so that a repeat changes nothing and nobody overwrites what they did not see."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from uuid import uuid4

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from triage.models import Entry, Ticket
from triage.values import EntryKind

KEY = re.compile(r"[0-9a-f]{32}")
COUNT = re.compile(r"[0-9]{1,9}")


class BadMarks(ValueError):
    """A form without the marks that our pages put into it."""


@dataclass(frozen=True)
class Marks:
    """What the page knew when it was made: `version` of the ticket, `seen`, the newest line of its timeline, and a key.

    `fact` is how the timeline remembers a posted form: of its key, its act and all that was filled in. Somebody who
    goes back and writes something else therefore writes something new; sending the same again changes nothing.
    """

    version: int
    seen: int
    key: str
    fact: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str], act: str) -> Self:
        """The marks of a form; `act` names what is done to what, since all forms of a page carry the same marks.

        Raises `BadMarks` when one is missing or was made up.
        """
        version, seen, key = form.get("version", ""), form.get("seen", ""), form.get("form_key", "")
        if not (COUNT.fullmatch(version) and COUNT.fullmatch(seen) and KEY.fullmatch(key)):
            raise BadMarks("version, seen or form_key")
        filled = json.dumps([act, *sorted(form.items())])
        return cls(int(version), int(seen), key, f"form:{hashlib.sha256(filled.encode()).hexdigest()}")


def marks_for(session: Session, ticket: Ticket) -> Marks:
    """Marks for a form that is about to be shown."""
    return Marks(ticket.version, newest_line(session, ticket), uuid4().hex)


def newest_line(session: Session, ticket: Ticket) -> int:
    """The number of the newest line of a timeline, nought without any. That a letter of ours left is no news."""
    news = or_(Entry.kind != EntryKind.WROTE, Entry.after != "sent")
    return session.scalar(select(func.max(Entry.n)).where(Entry.ticket_id == ticket.id, news)) or 0


class Stale(Exception):
    """The ticket changed since the page was made; `seen` is the newest line that stood on it."""

    def __init__(self, seen: int) -> None:
        super().__init__("the ticket changed")
        self.seen = seen


class NoSuchTicket(LookupError):
    """No ticket has this number."""


def held(session: Session, number: str) -> Ticket:
    """The ticket of this number, locked against other writers. Raises `NoSuchTicket`."""
    ticket = session.scalars(
        select(Ticket)
        .where(Ticket.number == number)
        .with_for_update(of=Ticket)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if ticket is None:
        raise NoSuchTicket(number)
    return ticket


def used(session: Session, marks: Marks) -> bool:
    """Whether this very form was received before."""
    return session.scalar(select(Entry.n).where(Entry.fact == marks.fact)) is not None


def demand_fresh(session: Session, ticket: Ticket, marks: Marks, *, nothing_new: bool = False) -> None:
    """Raise `Stale` when the ticket changed since; with `nothing_new` a new line in its timeline is enough."""
    changed = ticket.version != marks.version
    if changed or (nothing_new and newest_line(session, ticket) != marks.seen):
        raise Stale(marks.seen)
