"""Searching, always by POST: what somebody looks for is a name more often than not, and addresses are kept in logs."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from desk.audit import Act, audit
from desk.calendar import calendar_of
from desk.desk import this_desk
from desk.person import this_person
from triage.act_forms import line_of
from triage.case import find_ticket
from triage.marks import NoSuchTicket
from triage.rows import row_of
from triage.search import find, number_in
from triage.views.blueprint import blueprint


@blueprint.get("/zoeken")
def search() -> str:
    """The empty form."""
    return render_template("triage/search.html", asked="", rows=None, more=False, unknown="")


@blueprint.post("/zoeken")
def found() -> str | Response:
    """What was found: the ticket itself for a number, else the newest that hold every word."""
    asked = line_of(request.form, "q")
    number = number_in(asked)
    if number is not None:
        return _by_number(number, asked)
    desk, person = this_desk(), this_person()
    now = desk.clock.now()
    with desk.database.reading() as session:
        tickets, more = find(session, asked)
        calendar = calendar_of(session)
        rows = [row_of(ticket, calendar, person.id, now) for ticket in tickets]
    _note(str(len(rows)))
    return render_template("triage/search.html", asked=asked, rows=rows, more=more, unknown="")


def _by_number(number: str, asked: str) -> str | Response:
    try:
        with this_desk().database.reading() as session:
            find_ticket(session, number)
    except NoSuchTicket:
        _note("0")
        return render_template("triage/search.html", asked=asked, rows=[], more=False, unknown=number)
    _note("1")
    return redirect(url_for("triage.ticket", number=number), 303)


def _note(hits: str) -> None:
    """Who searched and how much was found; never what for."""
    act = Act(this_person().actor, "search", "tickets", f"{hits} found", "web")
    this_desk().database.run(lambda writing: audit(writing, act))
