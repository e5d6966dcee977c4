"""Finding tickets: by number, or by words over keyed hashes, since the words themselves are sealed."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from desk.accounts import User
from desk.search import analyse
from desk.vault import Vault
from triage.models import Term, Ticket
from triage.number import is_number

MOST = 25
MOST_WORDS = 12  # each word is a join


def number_in(text: str) -> str | None:
    """The ticket number that somebody typed, with or without spaces, dots or "melding"; None when it is none."""
    digits = re.sub(r"[\s.\-]|melding|[\[\]]", "", text.casefold())
    return digits if is_number(digits) else None


def find(session: Session, text: str) -> tuple[list[Ticket], bool]:
    """The newest tickets that hold every word of `text`, and whether there are more than are given."""
    vault: Vault = session.info["vault"]
    words = analyse(text)[:MOST_WORDS]
    if not words:
        return [], False
    query = select(Ticket).options(lazyload(Ticket.claimed_by, User.roles))
    for word in words:
        query = query.where(Ticket.id.in_(select(Term.ticket_id).where(Term.hash.in_(vault.term_lookups(word)))))
    newest = query.order_by(Ticket.opened_at.desc(), Ticket.id).limit(MOST + 1)
    found = list(session.scalars(newest))
    return found[:MOST], len(found) > MOST
