"""The forms with which people hand over. What cannot be done is shown beside what was typed."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from desk.desk import Desk, this_desk
from desk.errors import page_of
from desk.person import only_signed_in, this_person
from routing import forms
from routing.handover import confirm, hand_over
from routing.message import domain_of
from routing.models import Handover
from routing.panels import form_parts
from routing.proposals import directory_of, proposal_for
from triage.act_forms import Missing
from triage.actions import Doing, Refused
from triage.case import changes_since, find_ticket
from triage.marks import BadMarks, Marks, NoSuchTicket, Stale, demand_fresh, held, used
from triage.models import Ticket
from triage.moves import Forbidden
from triage.number import spaced
from triage.rows import title_of
from triage.timeline import days_of

Deed = Callable[[Session, Ticket, Doing], str]
"""Does one thing to a ticket in a transaction and gives the sentence to say afterwards."""

CLOSED = "Deze melding is afgesloten. Heropen haar eerst."
TWICE = "Dit was al opgeslagen. Er is niets dubbel gedaan."


def make_blueprint(desk: Desk) -> Blueprint:  # noqa: ARG001  every part's blueprint is asked for in the same way
    """Both forms, for signed-in colleagues."""
    pages = Blueprint("routing", __name__, template_folder="templates")
    pages.before_request(only_signed_in)
    pages.register_error_handler(NoSuchTicket, lambda _error: (page_of(404), 404))
    pages.register_error_handler(BadMarks, lambda _error: (page_of(400), 400))
    pages.add_url_rule("/melding/<number>/overdragen", "give", give, methods=["GET", "POST"])
    confirming = "/melding/<number>/overdracht/<uuid:handover_id>/bevestigen"
    pages.add_url_rule(confirming, "confirm", confirmed, methods=["GET", "POST"])
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

    return _answer(number, deed)


def confirmed(number: str, handover_id: UUID) -> Response | tuple[str, int]:
    """Write down who took it: the form on a page of its own (GET), or doing it (POST)."""

    def deed(session: Session, ticket: Ticket, doing: Doing) -> str:
        who = forms.confirmation(request.form)
        confirm(session, ticket, doing, _one_of(session, ticket, handover_id), who)
        return "De overdracht is bevestigd. Vertel de melder wat er gebeurt."

    return _answer(number, deed, handover_id)


def _answer(number: str, deed: Deed, handover_id: UUID | None = None) -> Response | tuple[str, int]:
    if request.method == "GET":
        return _page(number, handover_id), 200
    marks = Marks.read(request.form)
    try:
        said = this_desk().database.run(lambda session: _done(session, number, marks, deed))
    except Missing as error:
        return _page(number, handover_id, faults=error.faults), 422
    except Stale as error:
        return _page(number, handover_id, seen=error.seen), 409
    except Forbidden:
        return _page(number, handover_id, refused=CLOSED), 409
    except Refused as error:
        return _page(number, handover_id, refused=str(error)), 409
    flash(said, "done")
    return redirect(f"{url_for('triage.ticket', number=number)}#overdracht", 303)


def _done(session: Session, number: str, marks: Marks, deed: Deed) -> str:
    ticket = held(session, number)
    if used(session, marks):
        return TWICE
    demand_fresh(session, ticket, marks)
    return deed(session, ticket, Doing(this_person().id, this_desk().clock.now(), marks.fact))


def _one_of(session: Session, ticket: Ticket, handover_id: UUID) -> Handover:
    found = session.get(Handover, handover_id)
    if found is None or found.ticket_id != ticket.id:
        abort(404)
    return found


def _page(
    number: str,
    handover_id: UUID | None,
    *,
    faults: dict[str, str] | None = None,
    refused: str = "",
    seen: int | None = None,
) -> str:
    """The form alone, with what was typed, what is wrong with it, and what changed since line `seen`."""
    desk = this_desk()
    with desk.database.reading() as session:
        ticket = find_ticket(session, number)
        news = changes_since(session, ticket, seen) if seen is not None else []
        return render_template(
            "routing/act.html",
            ticket=ticket,
            title=title_of(ticket),
            spaced=spaced(number),
            handover=_one_of(session, ticket, handover_id) if handover_id else None,
            typed=request.form,
            faults=faults or {},
            refused=refused,
            stale=seen is not None,
            news=days_of(news, desk.clock.now()),
            **form_parts(session, ticket),
        )
