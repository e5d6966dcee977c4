"""The page of one ticket: know what it is about, and act."""

from flask import render_template, request
from sqlalchemy.orm import Session

from desk.calendar import calendar_of
from desk.dates import long_moment, written_moment
from desk.desk import this_desk
from desk.person import this_person
from triage.case import find_ticket, seen_by, story_of
from triage.closing import hurdles
from triage.marks import marks_for
from triage.models import Ticket
from triage.moves import Move, allowed
from triage.next_steps import can_it_wait, next_steps
from triage.rows import has_news, row_of
from triage.telephone import dial_link, shown
from triage.timeline import days_of
from triage.values import Channel
from triage.views.blueprint import blueprint
from triage.views.choices import form_choices
from triage.views.reading import note_reading
from triage.written import Passage, passages_of, whole

LAST_LINE = 2**63 - 1  # what the column of a line's number holds; both engines refuse to compare it with more


@blueprint.get("/melding/<number>")
def ticket(number: str) -> str:
    """The ticket as it stands. Opening it is written to the audit log before anybody reads it."""
    before = request.args.get("tot", type=_line)
    with this_desk().database.reading() as session:
        found = find_ticket(session, number)
        note_reading(f"ticket:{number}")
        return render_template("triage/ticket.html", **_page(session, found, before))


def _line(text: str) -> int:
    """The number of a line. Raises `ValueError`, and then the story begins at its newest line."""
    line = int(text)
    if not 0 < line <= LAST_LINE:
        raise ValueError(text)
    return line


def _page(session: Session, found: Ticket, before: int | None) -> dict[str, object]:
    desk, person = this_desk(), this_person()
    now = desk.clock.now()
    calendar = calendar_of(session)
    story = story_of(session, found, before)
    seen = seen_by(session, found.number)
    return {
        "ticket": found,
        "row": row_of(found, calendar, person.id, now),
        "steps": next_steps(
            found.urgency,
            found.status,
            found.due_at,
            claimed=found.claimed_by_id is not None,
            taken=found.taken_by is not None,
            news=has_news(found),
        ),
        "wait": can_it_wait(calendar, found.urgency, found.status, now),
        "story": story,
        "passages": _reported(found, story.opening_subject),
        "days": days_of(story.lines, now),
        "marks": marks_for(session, found),
        "person": person,
        "seen": [("u" if name == person.name else name, written_moment(at, desk.clock.real())) for name, at in seen],
        "may": _may(found),
        "blocked": hurdles(found),
        "now": now,
        "moment": lambda at: written_moment(at, now),
        "dial": dial_link(found.reporter_phone),
        "shown": shown,
        "printed": f"Afgedrukt door {person.name}, {long_moment(now)}.",
        **form_choices(found),
    }


def _reported(found: Ticket, subject: str) -> tuple[Passage, ...]:
    """What the ticket began with; what was said by telephone was written down by a colleague, whole."""
    text = found.text or ""
    return passages_of(text, subject) if found.channel is Channel.MAIL else whole(text)


def _may(found: Ticket) -> dict[str, bool]:
    """What the table of moves allows now, and what the desk asks first."""
    return {
        "claim": found.claimed_by_id is None and allowed(found.status, Move.CLAIM),
        "release": found.claimed_by_id is not None and allowed(found.status, Move.RELEASE),
        "close": allowed(found.status, Move.CLOSE) and not hurdles(found),
        "reopen": allowed(found.status, Move.REOPEN),
    }
