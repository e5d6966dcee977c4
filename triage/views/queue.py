"""The work list."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from desk.calendar import calendar_of
from desk.desk import this_desk
from desk.person import this_person
from triage.queue import BadPlace, Place, View, counts, page_of
from triage.rows import grouped, row_of
from triage.views.blueprint import blueprint


@dataclass(frozen=True)
class Heading:
    """What a view is called, in the list of views and above its page, and what stands there when it is empty."""

    short: str
    title: str
    order: str
    empty: str
    then: View | None = None


HEADINGS = {
    View.OPEN: Heading(
        "Alle open", "Alle open meldingen", "Acuut eerst, dan ongelezen, daarna wat het eerst moet.",
        "Er ligt niets open. Nieuwe e-mails en oproepen komen hier vanzelf te staan.",
    ),
    View.MINE: Heading(
        "Mijn meldingen", "Mijn meldingen", "Wat u oppakte, in de volgorde waarin het moet.",
        "U heeft geen meldingen. Pak er een op die nog vrij is.", View.FREE,
    ),
    View.FREE: Heading(
        "Niet opgepakt", "Niet opgepakt", "Deze meldingen zijn nog van niemand.",
        "Alles is opgepakt. Kijk bij alle open meldingen of een collega hulp kan gebruiken.", View.OPEN,
    ),
    View.HANDED_OVER: Heading(
        "Overgedragen", "Overgedragen meldingen", "Wij blijven ze volgen tot iemand bij de partner ze overneemt.",
        "Er is niets overgedragen dat nog open is.", View.OPEN,
    ),
    View.CLOSED: Heading(
        "Afgesloten", "Afgesloten meldingen", "Laatst afgesloten eerst.",
        "Er is nog niets afgesloten.", View.OPEN,
    ),
}  # fmt: skip


@blueprint.get("/")
def home() -> Response:
    """The first page is the work list."""
    return redirect(url_for("triage.queue"))


@blueprint.get("/werklijst")
def queue() -> str:
    """One page of one view. The address holds the view and a place in the list, nothing personal."""
    view, place = _asked()
    desk, person = this_desk(), this_person()
    now = desk.clock.now()
    with desk.database.reading() as session:
        calendar = calendar_of(session)
        page = page_of(session, view, person.id, place)
        rows = [row_of(ticket, calendar, person.id, now) for ticket in page.tickets]
        return render_template(
            "triage/queue.html",
            view=view,
            heading=HEADINGS[view],
            headings=HEADINGS,
            counts=counts(session, person.id).by_view,
            groups=grouped(rows, now),
            page=page,
            person=person,
        )


def _asked() -> tuple[View, Place | None]:
    name, place = request.args.get("weergave", View.OPEN.value), request.args.get("plaats")
    if name not in set(View):
        abort(404)
    try:
        return View(name), Place.read(place) if place else None
    except BadPlace:
        abort(404)
