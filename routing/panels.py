"""What this part draws on the ticket page: the proposal, and where the handovers stand."""

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.dates import written_time
from desk.desk import Desk
from desk.person import this_person
from desk.slots import Slot
from routing.forms import ENDS
from routing.handover import current_handovers, handovers_of
from routing.models import HandoverStatus
from routing.partners import Partner
from routing.proposals import choices_for, directory_of, proposal_for
from routing.rules import Proposal
from routing.steps import progress_of
from triage.marks import marks_for
from triage.models import Ticket
from triage.moves import Move, allowed
from triage.values import Status, Urgency

SETTLED = {HandoverStatus.SENT, HandoverStatus.DELIVERED, HandoverStatus.QUESTION, HandoverStatus.CONFIRMED}


def slots(desk: Desk) -> dict[str, Slot]:  # noqa: ARG001  every part's slots are asked for in the same way
    """What this part draws on the ticket page."""
    return {"proposal": proposal_panel, "handover": handover_panel}


def proposal_panel(session: Session, ticket: Ticket) -> Markup:
    """*Voorstel*: whom the rules name and why; empty for a closed ticket and while it is handed over."""
    if _given(session, ticket) or not allowed(ticket.status, Move.HAND_OVER):
        return Markup()
    proposal, directory = proposal_for(session, ticket), directory_of(session)
    return _drawn(
        "routing/proposal.html",
        acute=ticket.urgency is Urgency.ACUTE,
        proposal=proposal,
        partner=directory.get(proposal.partner or ""),
        also=[directory[code] for code in proposal.also if code in directory],
    )


def handover_panel(session: Session, ticket: Ticket) -> Markup:
    """*Overdracht*: every handover with its steps, and the form for the next; empty when there is nothing to show."""
    clock: Clock = session.info["clock"]
    directory, reader, now = directory_of(session), this_person().id, clock.now()
    current = current_handovers(session, ticket)
    found = [
        progress_of(each, directory.get(each.partner), reader, now, earlier=each not in current)
        for each in handovers_of(session, ticket)
    ]
    may_give = allowed(ticket.status, Move.HAND_OVER)
    if not found and not may_give:
        return Markup()
    return _drawn(
        "routing/handover.html",
        ticket=ticket,
        handovers=found,
        given=_given(session, ticket),
        may_give=may_give,
        acute=ticket.urgency is Urgency.ACUTE,
        **form_parts(session, ticket),
    )


def _given(session: Session, ticket: Ticket) -> bool:
    """Whether a handover says where the ticket is now: none does once it is the desk's again."""
    if ticket.is_open and ticket.status is not Status.HANDED_OVER:
        return False
    return any(handover.status in SETTLED for handover in current_handovers(session, ticket))


def form_parts(session: Session, ticket: Ticket) -> dict[str, object]:
    """What both forms of this part need: marks, partners to choose from, and what is asked for."""
    clock: Clock = session.info["clock"]
    proposal = proposal_for(session, ticket)
    return {
        "marks": marks_for(session, ticket),
        "partners": [(each.code, _words(each, proposal)) for each in choices_for(session, proposal)],
        "proposed": proposal.partner or "",
        "ask_112": ticket.urgency is Urgency.ACUTE and not ticket.emergency_call,
        "ends": [(how.value, words) for how, words in ENDS.items()],
        "clock_now": written_time(clock.now()),
    }


def _words(partner: Partner, proposal: Proposal) -> str:
    number = partner.phone or "nummer nog niet ingesteld"
    mark = " (voorstel)" if partner.code == proposal.partner else ""
    return f"{partner.name}, {number}{mark}" if partner.name != number else f"{partner.name}{mark}"


def _drawn(template: str, **parts: object) -> Markup:
    return Markup(render_template(template, **parts))  # noqa: S704  escaped by the template
