"""Finding tickets: by number, or by words over keyed hashes, since the words themselves are sealed."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from desk.accounts import User
from desk.search import analyse, with_whole_numbers
from desk.vault import Vault
from triage.models import Term, Ticket
from triage.number import is_number

MOST = 25
MOST_WORDS = 12  # each word is a join
DECORATION = re.compile(r"[\s.:#\-\N{EN DASH}\[\]]|melding|meldnummer|nummer|nr")


def number_in(text: str) -> str | None:
    """The ticket number that somebody typed, however it is spaced or announced; None when it is none."""
    digits = eight_digits_in(text)
    return digits if digits and is_number(digits) else None


def eight_digits_in(text: str) -> str | None:
    """What was meant as a ticket number, though its check digit may be wrong: "#4821-7735", "nr. 4821 7735"."""
    digits = DECORATION.sub("", text.casefold())
    return digits if re.fullmatch(r"[0-9]{8}", digits) else None


def words_in(text: str) -> list[str]:
    """The terms to look for, a telephone number as one; none when every word is too short or too common."""
    return analyse(with_whole_numbers(text))[:MOST_WORDS]


def find(session: Session, text: str) -> tuple[list[Ticket], bool]:
    """The newest tickets that hold every word of `text`, and whether there are more than are given."""
    vault: Vault = session.info["vault"]
    words = words_in(text)
    if not words:
        return [], False
    query = select(Ticket).options(lazyload(Ticket.claimed_by, User.roles))
    for word in words:
        query = query.where(Ticket.id.in_(select(Term.ticket_id).where(Term.hash.in_(vault.term_lookups(word)))))
    newest = query.order_by(Ticket.opened_at.desc(), Ticket.id).limit(MOST + 1)
    found = list(session.scalars(newest))
    return found[:MOST], len(found) > MOST
