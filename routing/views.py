"""The forms with which people hand over. What cannot be done is shown beside what was typed."""

from collections.abc import Callable
from enum import Enum
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from desk.desk import Desk, this_desk
from desk.errors import page_of
from desk.person import only_signed_in, this_person
from routing import forms
from routing.ending import end
from routing.handover import confirm, hand_over
from routing.message import domain_of
from routing.models import Handover
from routing.panels import form_parts
from routing.proposals import directory_of, proposal_for
from triage.actions import Doing
from triage.case import find_ticket
from triage.marks import BadMarks, Marks, NoSuchTicket, demand_fresh, held, used
from triage.models import Ticket
from triage.values import Status
from triage.views.act_page import TWICE, Trouble, answer, page_parts

Deed = Callable[[Session, Ticket, Doing], str]
"""Does one thing to a ticket in a transaction and gives the sentence to say afterwards."""


class Form(Enum):
    """The forms of this part, by the titles of their pages."""

    GIVE = "Overdragen"
    CONFIRM = "Overdracht bevestigen"
    END = "Niet overgenomen of ingetrokken"


def make_blueprint(desk: Desk) -> Blueprint:  # noqa: ARG001  every part's blueprint is asked for in the same way
    """The forms, for signed-in colleagues."""
    pages = Blueprint("routing", __name__, template_folder="templates")
    pages.before_request(only_signed_in)
    pages.register_error_handler(NoSuchTicket, lambda _error: (page_of(404), 404))
    pages.register_error_handler(BadMarks, lambda _error: (page_of(400), 400))
    pages.add_url_rule("/melding/<number>/overdragen", "give", give, methods=["GET", "POST"])
    one = "/melding/<number>/overdracht/<uuid:handover_id>"
    pages.add_url_rule(f"{one}/bevestigen", "confirm", confirmed, methods=["GET", "POST"])
    pages.add_url_rule(f"{one}/beeindigen", "end", ended, methods=["GET", "POST"])
    return pages


def give(number: str) -> Response | tuple[str, int]:
    """Hand over: the form on a page of its own (GET), or doing it (POST)."""

    def deed(session: Session, ticket: Ticket, doing: Doing) -> str:
        giving = forms.giving(request.form, directory_of(session), doing.at)
        proposal = proposal_for(session, ticket)
        rule = proposal.rule if proposal.partner == giving.partner.code else ""
        domain = domain_of(this_desk().settings.mail_from)
        hand_over(session, ticket, doing, giving, rule=rule, domain=domain)
        return f"Overgedragen aan {giving.partner.name}. Nu moet iemand daar het nog bevestigen."

    return _answer(number, f"give:{number}", deed, Form.GIVE, nothing_new=True)


def confirmed(number: str, handover_id: UUID) -> Response | tuple[str, int]:
    """Write down who took it: the form on a page of its own (GET), or doing it (POST)."""

    def deed(session: Session, ticket: Ticket, doing: Doing) -> str:
        who = forms.confirmation(request.form)
        confirm(session, ticket, doing, _one_of(session, ticket, handover_id), who)
        return f"De overdracht is bevestigd. {_left(ticket)}"

    return _answer(number, f"confirm:{handover_id}", deed, Form.CONFIRM, handover_id)


def ended(number: str, handover_id: UUID) -> Response | tuple[str, int]:
    """Note that nobody takes it: the form on a page of its own (GET), or doing it (POST)."""

    def deed(session: Session, ticket: Ticket, doing: Doing) -> str:
        how, why = forms.ending(request.form)
        end(session, ticket, doing, _one_of(session, ticket, handover_id), how, why)
        back = ticket.is_open and ticket.status is not Status.HANDED_OVER
        return "Genoteerd. De melding is weer van ons: draag over aan een ander." if back else "Genoteerd."

    return _answer(number, f"end:{handover_id}", deed, Form.END, handover_id)


def _left(ticket: Ticket) -> str:
    """What is left to do after a confirmation."""
    if not ticket.is_open:
        return "Deze melding is al afgesloten: heropen de melding als er nog iets moet."
    if ticket.taken_by:
        return "Vertel de melder wat er gebeurt."
    return "Een andere overdracht wacht nog." if ticket.status is Status.HANDED_OVER else "Kijk wat er nu nog moet."


def _answer(
    number: str, act: str, deed: Deed, form: Form, handover_id: UUID | None = None, *, nothing_new: bool = False
) -> Response | tuple[str, int]:
    def do() -> str:
        marks = Marks.read(request.form, act)
        return this_desk().database.run(lambda session: _done(session, number, marks, deed, nothing_new=nothing_new))

    return answer(number, do, lambda trouble: _page(number, form, handover_id, trouble), anchor="overdracht")


def _done(session: Session, number: str, marks: Marks, deed: Deed, *, nothing_new: bool) -> str:
    ticket = held(session, number)
    if used(session, marks):
        return TWICE
    demand_fresh(session, ticket, marks, nothing_new=nothing_new)
    return deed(session, ticket, Doing(this_person().id, this_desk().clock.now(), marks.fact))


def _one_of(session: Session, ticket: Ticket, handover_id: UUID) -> Handover:
    found = session.get(Handover, handover_id)
    if found is None or found.ticket_id != ticket.id:
        abort(404)
    return found


def _page(number: str, form: Form, handover_id: UUID | None, trouble: Trouble) -> str:
    with this_desk().database.reading() as session:
        ticket = find_ticket(session, number)
        return render_template(
            "routing/act.html",
            deed=form.value,
            ending=form is Form.END,
            handover=_one_of(session, ticket, handover_id) if handover_id else None,
            **page_parts(session, number, trouble),
            **form_parts(session, ticket),
        )
