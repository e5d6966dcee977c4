"""What the rules in force propose for a ticket, and whom it may go to."""

from functools import lru_cache

from sqlalchemy.orm import Session

from desk.documents import current
from routing.partners import Directory, Partner, read_partners
from routing.rulebook import read_rules
from routing.rules import Facts, Proposal, Rule, propose
from triage.models import Ticket


def proposal_for(session: Session, ticket: Ticket) -> Proposal:
    """What the rules in force say of this ticket as it stands."""
    return propose(rules_of(session), Facts(ticket.categories, ticket.urgency, ticket.area, ticket.channel))


def choices_for(session: Session, proposal: Proposal) -> list[Partner]:
    """Every partner: the proposed one first, then those the rule names beside it, then the rest in their order."""
    directory = directory_of(session)
    first = [code for code in (proposal.partner, *proposal.also) if code in directory]
    return [directory[code] for code in dict.fromkeys([*first, *directory]) if code]


def directory_of(session: Session) -> Directory:
    """The partners in force; parsed once per version."""
    _version, body = current(session, "partners")
    return _partners(body)


def rules_of(session: Session) -> tuple[Rule, ...]:
    """The rules in force, in order; parsed once per version."""
    _version, body = current(session, "rules")
    return _rules(body)


@lru_cache(maxsize=8)
def _partners(body: str) -> Directory:
    return read_partners(body)


@lru_cache(maxsize=8)
def _rules(body: str) -> tuple[Rule, ...]:
    return read_rules(body)
