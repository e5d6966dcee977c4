"""The call-back panel of the ticket page: what was promised, the number, and a button for whoever kept it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from desk.clock import Clock
from desk.dates import spoken_moment, time_left, written_moment
from desk.desk import Desk
from desk.person import only_signed_in, this_person
from desk.slots import Slot
from intake.phone.callbacks import callbacks_of, mark_done
from intake.phone.models import Callback
from triage.due import short_moment
from triage.models import Ticket
from triage.telephone import dial_link, shown

LONGEST_NOTE = 4_000


@dataclass(frozen=True)
class PromiseLine:
    """One telephone call to make, or made: `ids` are the promises it keeps; `done`: when and by whom, in words."""

    ids: tuple[UUID, ...]
    at: datetime
    time: str
    words: str
    left: str
    number: str | None
    link: str | None
    done: str | None


def slots(desk: Desk) -> dict[str, Slot]:  # noqa: ARG001  every part's slots are asked for in the same way
    """What this part draws on the ticket page."""
    return {"callback": callback_panel}


def callback_panel(session: Session, ticket: Ticket) -> Markup:
    """The panel of a ticket; empty when nobody there asked to be called back."""
    clock: Clock = session.info["clock"]
    now = clock.now()
    lines = [_line(same, now) for same in _calls_of(callbacks_of(session, ticket))]
    return Markup(render_template("phone/callbacks.html", ticket=ticket, lines=lines)) if lines else Markup()  # noqa: S704  escaped by the template


def make_pages(desk: Desk) -> Blueprint:
    """The one route of the panel, for signed-in colleagues."""
    pages = Blueprint("callbacks", __name__)
    pages.before_request(only_signed_in)

    @pages.post("/melding/<number>/terugbellen")
    def done(number: str) -> Response:
        note = request.form.get("note", "").strip()[:LONGEST_NOTE]
        ids = request.form.getlist("belofte", type=UUID)  # anything else was made up, and finds nothing
        actor = this_person().id
        try:
            desk.database.run(lambda session: mark_done(session, number, ids, actor, note))
        except LookupError:
            abort(404)
        return redirect(f"/melding/{number}#terugbellen", 303)

    return pages


def _calls_of(promises: list[Callback]) -> list[list[Callback]]:
    """Promises that one telephone call keeps, or kept: those to the same number at the same moment."""
    calls: dict[object, list[Callback]] = {}
    for each in promises:
        calls.setdefault((each.number_hash or each.id, each.done_at), []).append(each)
    return list(calls.values())


def _line(same: list[Callback], now: datetime) -> PromiseLine:
    first, number = same[0], same[0].number
    return PromiseLine(
        ids=tuple(each.id for each in same),
        at=first.promised_at,
        time=short_moment(first.promised_at, now),
        words=spoken_moment(first.promised_at, now),
        left=time_left(first.promised_at, now),
        number=shown(number) if number else None,
        link=dial_link(number),
        done=_done(first, now),
    )


def _done(promise: Callback, now: datetime) -> str | None:
    if promise.done_at is None:
        return None
    who = f", door {promise.done_by.name}" if promise.done_by else ""
    return f"{written_moment(promise.done_at, now)}{who}"
