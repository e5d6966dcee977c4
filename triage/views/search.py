"""Searching, always by POST: what somebody looks for is a name more often than not, and addresses are kept in logs."""

from collections.abc import Mapping, Sequence

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from desk.audit import Act, audit
from desk.calendar import calendar_of
from desk.desk import this_desk
from desk.person import this_person
from triage.act_forms import Missing, line_of
from triage.case import find_ticket
from triage.marks import NoSuchTicket
from triage.number import is_number, spaced
from triage.rows import Row, row_of
from triage.search import eight_digits_in, find, number_in, words_in
from triage.views.blueprint import blueprint

NOTHING_ASKED = "Typ eerst een nummer, een naam of een woord."
NOT_A_NUMBER = "Dit nummer klopt niet. Controleer de cijfers."
TOO_COMMON = "Op deze woorden kunnen wij niet zoeken: ze zijn te kort of te gewoon. Typ een naam of een ander woord."
NOTHING_FOUND = "Niets gevonden. Probeer minder woorden, of een andere schrijfwijze van de naam."


@blueprint.get("/zoeken")
def search() -> str:
    """The empty form."""
    return _page(None)


@blueprint.post("/zoeken")
def found() -> str | Response | tuple[str, int]:
    """What was found: the ticket itself for a number, else the newest that hold every word."""
    try:
        asked = line_of(request.form, "q")
    except Missing as error:
        return _page(None, faults=error.faults), 422
    number = number_in(asked)
    return _by_words(asked) if number is None else _by_number(number, asked)


def _by_words(asked: str) -> str:
    desk, person = this_desk(), this_person()
    now = desk.clock.now()
    with desk.database.reading() as session:
        tickets, more = find(session, asked)
        calendar = calendar_of(session)
        rows = [row_of(ticket, calendar, person.id, now) for ticket in tickets]
    _note(str(len(rows)))
    return _page(rows, more=more, nothing=_why_nothing(asked))


def _by_number(number: str, asked: str) -> str | Response:
    try:
        with this_desk().database.reading() as session:
            find_ticket(session, number)
    except NoSuchTicket:
        _note("0")
        return _page([], nothing=_why_nothing(asked))
    _note("1")
    return redirect(url_for("triage.ticket", number=number), 303)


def _why_nothing(asked: str) -> str:
    """What to say, and what to try, when nothing is found."""
    if digits := eight_digits_in(asked):
        unknown = f"Er is geen melding met nummer {spaced(digits)}. Lees de cijfers nog een keer voor."
        return unknown if is_number(digits) else NOT_A_NUMBER
    if not asked:
        return NOTHING_ASKED
    return NOTHING_FOUND if words_in(asked) else TOO_COMMON


def _page(
    rows: Sequence[Row] | None, *, more: bool = False, nothing: str = "", faults: Mapping[str, str] | None = None
) -> str:
    asked = request.form.get("q", "")
    return render_template(
        "triage/search.html", asked=asked, rows=rows, more=more, nothing=nothing, faults=faults or {}
    )


def _note(hits: str) -> None:
    """Who searched and how much was found; never what for."""
    act = Act(this_person().actor, "search", "tickets", f"{hits} found", "web")
    this_desk().database.run(lambda writing: audit(writing, act))
