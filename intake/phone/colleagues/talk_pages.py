"""*Gesprek*: type while calling, kept while typing; then a ticket, an addition to one, or a reason why neither."""

import re
from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.dates import written_time
from desk.desk import Desk, this_desk
from desk.person import only_signed_in, this_person
from intake.phone.calls import find_call_of
from intake.phone.colleagues import draft as drafts
from intake.phone.colleagues import talk_ends
from intake.phone.colleagues.draft import Closed, Draft, Overtaken, draft_of
from intake.phone.colleagues.talk import QUESTIONS, Writer, text_of, typed_words, writer_of, written
from intake.phone.colleagues.talk_screen import Answer, Trouble, shown_to_read, talk_head, talk_page, where_it_went
from intake.phone.models import Call
from triage.act_forms import Missing, line_of
from triage.actions import Doing
from triage.models import Ticket
from triage.number import numbers_in
from triage.views.reading import note_reading

ALREADY = "Dit gesprek was al vastgelegd. Er is niets dubbel gedaan."
NOT_WITH_YOU = "Deze beller is niet met iemand van ons verbonden."
NO_SUCH = "Er is geen melding met dit nummer. Kijk de cijfers na."
VERSION, NO_VERSION = re.compile(r"[0-9]{1,8}"), -1
WHY = "Schrijf op waarom dit geen melding wordt."


def make_talks(desk: Desk) -> Blueprint:
    """The screen of one conversation and everything it posts to. The same post twice is one ticket."""
    pages = Blueprint("talk", __name__, url_prefix="/gesprek/<uuid:call>")
    pages.before_request(only_signed_in)
    pages.add_url_rule("/kop", "head", talk_head)

    @pages.get("")
    def page(call: UUID) -> Answer:
        if _is_nobodys(call):
            flash(NOT_WITH_YOU, "ask")
            return redirect(url_for("phone.roster.page"), 303)
        note_reading(f"contact:{call}")
        return talk_page(call, None, Trouble())

    @pages.get("/meelezen")
    def read_along(call: UUID) -> str:
        with desk.database.reading() as session:
            found, _writer = shown_to_read(session, call)
            return render_template("phone/typed.html", typed=draft_of(found), questions=QUESTIONS)

    @pages.post("/bewaar")
    def keep(call: UUID) -> Answer:
        return _kept(call) if "application/json" in request.headers.get("Accept", "") else _do(call, _only_kept)

    @pages.post("/overnemen")
    def take_over(call: UUID) -> Answer:
        me = this_person().id
        try:
            desk.database.run(lambda session: drafts.take_over(session, _held(session, call), me))
        except Closed:
            flash(ALREADY, "ask")
        return redirect(url_for("phone.talk.page", call=call), 303)

    @pages.post("/melding")
    def ticket(call: UUID) -> Answer:
        return _do(call, _ticket)

    @pages.post("/erbij")
    def addition(call: UUID) -> Answer:
        return _do(call, _addition)

    @pages.post("/geen")
    def nothing(call: UUID) -> Answer:
        return _do(call, _nothing)

    return pages


def address_of(contact_id: UUID) -> str:
    """Where the talk of this contact is written down."""
    return url_for("phone.talk.page", call=contact_id)


Act = Callable[[Session, Call, Draft, Doing], str]
"""Does it, and gives the address to go on to."""


def _only_kept(_session: Session, call: Call, _typed: Draft, _doing: Doing) -> str:
    return url_for("phone.talk.page", call=call.id)


def _ticket(session: Session, call: Call, typed: Draft, doing: Doing) -> str:
    made = talk_ends.make_ticket(session, call, written(typed, doing.at), doing)
    return url_for("triage.ticket", number=made.number)


def _addition(session: Session, call: Call, typed: Draft, doing: Doing) -> str:
    number = next(iter(numbers_in(request.form.get("nummer", "") or request.form.get("ander", ""))), "")
    ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one_or_none()
    if ticket is None:
        raise Missing({"ander": NO_SUCH})
    with_title = Draft(typed.version, typed.by, {"titel": "Belde opnieuw", **typed.words})
    joined = talk_ends.join_ticket(session, call, written(with_title, doing.at), ticket, doing)
    return url_for("triage.ticket", number=joined.number)


def _nothing(session: Session, call: Call, typed: Draft, doing: Doing) -> str:
    reason = line_of(request.form, "waarom")
    if not reason:
        raise Missing({"waarom": WHY})
    talk_ends.no_ticket(session, call, text_of(typed), reason, doing)
    return url_for("triage.calls")


SAID: dict[Act, str] = {
    _ticket: "De melding is gemaakt en van u.",
    _addition: "Het gesprek staat bij deze melding.",
    _nothing: "Vastgelegd: geen melding.",
    _only_kept: "Bewaard.",
}


def _do(call_id: UUID, act: Act) -> Answer:
    """Keep what was typed and do it, in one transaction; what cannot be done is said beside what was typed."""
    desk = this_desk()
    doing = Doing(this_person().id, desk.clock.now())
    try:
        typed = _typed()
        done = desk.database.run(lambda session: _kept_and_done(session, call_id, typed, act, doing))
    except Missing as error:
        return talk_page(call_id, _as_typed(), Trouble(faults=error.faults), 422)
    except Overtaken as error:
        return talk_page(call_id, _as_typed(), Trouble(newer=error.newer), 409)
    except Closed:
        flash(ALREADY, "ask")
        return redirect(where_it_went(call_id), 303)
    if isinstance(done, Missing):
        return talk_page(call_id, None, Trouble(faults=done.faults), 422)
    to, said = done
    flash(said, "done")
    return redirect(to, 303)


def _kept_and_done(session: Session, call_id: UUID, typed: Draft, act: Act, doing: Doing) -> tuple[str, str] | Missing:
    """Where to go on and what to say, or what is missing: what was typed is kept all the same.

    After the ticket was made, only what was typed since is added to it.
    """
    call = _held(session, call_id)
    if call.contact.ticket_id is not None:
        talk_ends.add_what_differs(session, call, text_of(typed), doing)
        ticket = session.get_one(Ticket, call.contact.ticket_id)
        return url_for("triage.ticket", number=ticket.number), ALREADY
    kept = _saved(session, call, typed)
    try:
        return act(session, call, kept, doing), SAID[act]
    except Missing as error:  # raised before anything was written
        return error


def _saved(session: Session, call: Call, typed: Draft) -> Draft:
    """Kept, when this colleague is the one who types here. Raises `Overtaken` or `Closed`."""
    writer = writer_of(session, call)
    if typed.by is None or writer is None or not writer.may_be(typed.by):
        raise Overtaken(draft_of(call))
    return drafts.save(session, call, typed)


def _kept(call_id: UUID) -> Answer:
    """The answer to a page that keeps what is typed by itself."""
    desk = this_desk()
    try:
        typed = _typed()
        kept = desk.database.run(lambda session: _saved(session, _held(session, call_id), typed))
    except Missing as error:
        return jsonify(said="Niet bewaard. " + " ".join(error.faults.values())), 422
    except Overtaken as error:
        with desk.database.reading() as session:
            _found, writer = shown_to_read(session, call_id)
            return jsonify(said=_overtaken(writer), newer=text_of(error.newer)), 409
    except Closed:
        return jsonify(said="Dit gesprek is al vastgelegd.", to=where_it_went(call_id)), 409
    return jsonify(version=kept.version, said=f"Bewaard {written_time(desk.clock.now())}"), 200


def _overtaken(writer: Writer) -> str:
    if writer.may_be(this_person().id):
        return "Niet bewaard: in een ander venster typte u verder. Uw tekst hier staat er nog."
    return f"Niet bewaard: {writer.name} nam dit gesprek over. Uw tekst hier staat er nog."


def _typed() -> Draft:
    """The form, with the version that it was drawn from. Raises `Missing` for a text that does not fit."""
    return Draft(_version(), this_person().id, typed_words(request.form))


def _as_typed() -> Draft:
    return Draft(_version(), this_person().id, {name: request.form.get(name, "") for name in drafts.FIELDS})


def _version() -> int:
    given = request.form.get("versie", "")
    return int(given) if VERSION.fullmatch(given) else NO_VERSION


def _held(session: Session, call_id: UUID) -> Call:
    call = find_call_of(session, call_id)
    if call is None or writer_of(session, call) is None:
        abort(404)
    return call


def _is_nobodys(call_id: UUID) -> bool:
    """A call that no colleague has, had, or typed about: the telephone was not answered after all."""
    with this_desk().database.reading() as session:
        call = session.get(Call, call_id)
        return call is not None and writer_of(session, call) is None
