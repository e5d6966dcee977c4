"""*Oproepen*: callers who got nobody, after hours or while we were open, and talks that are not written down."""

from collections.abc import Mapping
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from desk.calendar import calendar_of
from desk.desk import this_desk
from desk.person import this_person
from triage.act_forms import Missing, line_of
from triage.actions import Doing
from triage.missed import MOST, LastHeard, OpenForContact, make_ticket, missed
from triage.missed import tick_off as take_off
from triage.views.blueprint import blueprint
from triage.views.reading import note_reading

ENDS = {
    "gesproken": "Teruggebeld en gesproken",
    "niet-bereikt": "Teruggebeld, niet bereikt",
    "niet-nodig": "Niet teruggebeld",
}
FEW = 5
"""Calls of one caller that are shown at once; the others are folded, so that the next caller is in sight."""
ALREADY = "Een collega was u voor. Deze oproepen zijn al afgehandeld."


@blueprint.get("/oproepen")
def calls() -> str:
    """All lists, longest waiting first."""
    return _page({})


@blueprint.post("/oproepen/afvinken")
def tick_off() -> Response | tuple[str, int]:
    """Take the calls of one caller off the list, with a reason."""
    try:
        reason = _reason()
    except Missing as error:
        return _page(error.faults), 422
    ids, doing = _ids(), Doing(this_person().id, this_desk().clock.now())
    done = this_desk().database.run(lambda session: take_off(session, ids, doing, reason))
    flash("Afgevinkt." if done else ALREADY, "done" if done else "ask")
    return redirect(url_for("triage.calls"), 303)


@blueprint.post("/oproepen/melding")
def ticket_of_call() -> Response:
    """Make one ticket of the calls of one caller."""
    ids, doing = _ids(), Doing(this_person().id, this_desk().clock.now())
    open_for_contact: OpenForContact = current_app.extensions["open_for_contact"]

    def work(session: Session) -> str | None:
        ticket = make_ticket(session, ids, doing, open_for_contact)
        return ticket.number if ticket else None

    number = this_desk().database.run(work)
    if number is None:
        flash(ALREADY, "ask")
        return redirect(url_for("triage.calls"), 303)
    flash("Er is een melding gemaakt. Beoordeel hoe snel dit moet.", "done")
    return redirect(url_for("triage.ticket", number=number), 303)


def _reason() -> str:
    """How it ended, in words. Raises `Missing`."""
    end, words = request.form.get("afloop", ""), line_of(request.form, "toelichting")
    if end not in ENDS:
        raise Missing({"afloop": "Kies hoe het afliep."})
    if end == "niet-nodig" and not words:
        raise Missing({"toelichting": "Schrijf op waarom terugbellen niet nodig is."})
    return f"{ENDS[end]}: {words}" if words else ENDS[end]


def _page(faults: Mapping[str, str]) -> str:
    """All lists, with what was wrong beside the caller it was about. They hold numbers: showing them is audited."""
    desk = this_desk()
    last_heard: LastHeard = current_app.extensions["last_heard"]
    with desk.database.reading() as session:
        lists = missed(session, calendar_of(session), desk.clock.now(), last_heard)
        note_reading("calls")
        return render_template(
            "triage/calls.html",
            lists=lists,
            ends=ENDS.items(),
            few=FEW,
            typed=request.form,
            faults=faults,
            to_call_back=current_app.extensions["promises_wait"](session),
            write_down=current_app.extensions["write_down"],
        )


def _ids() -> list[UUID]:
    """The calls that the form speaks of, at most a whole page. Anything but ids of ours is a form of nobody's: 400."""
    given = request.form.getlist("oproep")
    try:
        ids = [UUID(item) for item in given]
    except ValueError:
        abort(400)
    if not 0 < len(ids) <= MOST:
        abort(400)
    return ids
