"""How the screen *Gesprek* is drawn: for whoever types here, for a colleague who reads along, and once it is over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from desk.dates import written_time
from desk.desk import this_desk
from desk.person import this_person
from intake.phone.colleagues.draft import Draft, draft_of
from intake.phone.colleagues.line_now import caller_line
from intake.phone.colleagues.on_the_line import OnTheLine
from intake.phone.colleagues.strip import TOPIC
from intake.phone.colleagues.talk import QUESTIONS, Writer, text_of, writer_of
from intake.phone.colleagues.talk_ends import earlier_calls
from intake.phone.models import Call
from triage.models import Contact
from triage.number import spaced
from triage.telephone import shown
from triage.values import Area
from triage.words import CATEGORIES, PACES

Answer = Response | str | tuple[str, int] | tuple[Response, int]


@dataclass(frozen=True)
class Trouble:
    """Why it was not done: a sentence per field, or what somebody else wrote meanwhile."""

    faults: Mapping[str, str] = field(default_factory=dict)
    newer: Draft | None = None


def talk_page(call_id: UUID, typed: Draft | None, trouble: Trouble, status: int = 200) -> Answer:
    """The screen with what is kept, or with what was just `typed` and could not be."""
    with this_desk().database.reading() as session:
        call, writer = shown_to_read(session, call_id)
        if call.contact.ticket_id is not None:
            return redirect(where_it_went(call_id), 303)
        return render_template("phone/talk.html", **_parts(session, call, writer, typed, trouble)), status


def talk_head(call: UUID) -> str:
    """Who calls and how they are on the line now, for a page that is open: also when they are nobody's after all."""
    with this_desk().database.reading() as session:
        found = session.get(Call, call)
        if found is None:
            abort(404)
        writer, line = writer_of(session, found), caller_line(session, found)
        mine = writer is not None and writer.may_be(this_person().id)
        return render_template("phone/talk_head.html", **_head(session, found, line, mine=mine))


def shown_to_read(session: Session, call_id: UUID) -> tuple[Call, Writer]:
    """A conversation and who types in it; 404 for a call that there is none of."""
    call = session.get(Call, call_id)
    writer = writer_of(session, call) if call is not None else None
    if call is None or writer is None:
        abort(404)
    return call, writer


def where_it_went(call_id: UUID) -> str:
    """The page of what became of a conversation that is written down."""
    with this_desk().database.reading() as session:
        ticket = session.get_one(Contact, call_id).ticket
        return url_for("triage.ticket", number=ticket.number) if ticket else url_for("triage.calls")


def _parts(session: Session, call: Call, writer: Writer, typed: Draft | None, trouble: Trouble) -> dict[str, object]:
    contact, kept, line = call.contact, draft_of(call), caller_line(session, call)
    mine = writer.may_be(this_person().id)
    stands = kept if typed is None or not mine else _on_top(typed, kept, trouble)
    return _head(session, call, line, mine=mine) | {
        "writer": writer,
        "closed": contact.ticked_off_at is not None,
        "reason": contact.tick_off_reason,
        "typed": stands,
        "lost": text_of(typed) if typed is not None and not mine else "",
        "kept_at": written_time(call.draft_at) if call.draft_at and kept.version else "",
        "questions": QUESTIONS,
        "own_number": shown(contact.from_address) if contact.from_hash and contact.from_address else "",
        "offered": _offered(line.tickets, call),
        "paces": PACES.items(),
        "categories": CATEGORIES.items(),
        "areas": [(area.value, area.value) for area in Area],
        "faults": trouble.faults,
        "newer": text_of(trouble.newer) if trouble.newer else None,
        "form": request.form,
    }


def _head(session: Session, call: Call, line: OnTheLine, *, mine: bool) -> dict[str, object]:
    earlier = [written_time(each.started_at) for each in earlier_calls(session, call.contact, held=False)]
    return {"topic": TOPIC, "call": call, "line": line, "mine": mine, "earlier": earlier}


def _on_top(typed: Draft, kept: Draft, trouble: Trouble) -> Draft:
    """What was typed, to be sent once more: over what somebody else wrote, now that both were seen."""
    return Draft(kept.version if trouble.newer else typed.version, typed.by, typed.words)


def _offered(tickets: tuple[tuple[str, str], ...], call: Call) -> list[tuple[str, str, str]]:
    """Tickets that this conversation may belong to: number, as people read it, and why it is offered."""
    keyed = [(call.keyed, spaced(call.keyed), "toetste de beller in")] if call.keyed else []
    return keyed + [(number, words, "zelfde nummer") for number, words in tickets if number != call.keyed]
