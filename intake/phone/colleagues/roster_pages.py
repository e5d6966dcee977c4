"""*Telefoon*: who takes the telephone, one's own number and pauses, and taking a caller who waits."""

from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from desk.desk import Desk, this_desk
from desk.own_paths import own_path
from desk.person import only_signed_in, this_person
from intake.phone import duty
from intake.phone.colleagues import roster
from intake.phone.colleagues.line_now import line_now
from intake.phone.colleagues.strip import TOPIC, strip
from intake.phone.colleagues.taking import take_once
from intake.phone.numbers import number_to_call, numbers_of
from intake.phone.rings import CannotTake, Gone, serve_next
from triage.telephone import shown
from triage.views.reading import note_reading

Answer = Response | str | tuple[str, int]
NO_NUMBER = "Vul het nummer in waarop wij u kunnen bellen: mobiel of vast, geen servicenummer."
FIRST_A_NUMBER = "Vul eerst het nummer in waarop wij u kunnen bellen."
GONE = "De beller hing op of koos iets anders."
NOT_YET = "U neemt de telefoon nog niet op, of u bent al in gesprek."
YOURS = "De beller wordt nu met u verbonden. Neem uw telefoon op en toets 1."


def _resume(session: Session, user_id: UUID) -> None:
    """Whoever waits longest need not wait for the end of a round."""
    duty.resume(session, user_id)
    serve_next(session)


ACTS: dict[str, tuple[Callable[[Session, UUID], None], str]] = {
    "af": (duty.sign_off, "U neemt de telefoon niet meer op."),
    "pauze": (duty.pause, "U heeft pauze. Uw telefoon gaat niet over."),
    "verder": (_resume, "U bent weer beschikbaar."),
    "langer": (roster.more_time, "U krijgt twee minuten extra. Uw telefoon gaat niet over."),
}


def make_roster(desk: Desk) -> Blueprint:
    """The page, the strip by itself, and every act. A browser with htmx gets the strip back and stays where it is."""
    pages = Blueprint("roster", __name__, url_prefix="/telefoon")
    pages.before_request(only_signed_in)
    never = numbers_of((*desk.settings.contact_centre_numbers, desk.settings.phone_number))

    @pages.get("")
    def page() -> str:
        return _read()

    @pages.get("/strook")
    def own_strip() -> str:
        return _strip("")

    @pages.post("/aan")
    def on() -> Answer:
        return _take_telephone(request.form.get("nummer", "").strip(), never)

    @pages.post("/alarmnummer")
    def alarm_number() -> Answer:
        number, me = number_to_call(request.form.get("nummer", "").strip(), never), this_person().id
        if number is None:
            return _page(request.form.get("nummer", ""), NO_NUMBER), 422
        desk.database.run(lambda session: roster.keep_number(session, me, number))
        return _answer(f"Wij bellen u op {shown(number)} als iedereen in gesprek is.")

    @pages.post(f"/<any({','.join(ACTS)}):name>")
    def act(name: str) -> Answer:
        do, said = ACTS[name]
        me = this_person().id
        desk.database.run(lambda session: do(session, me))
        return _answer(said)

    @pages.post("/neem/<uuid:call>")
    def take(call: UUID) -> Answer:
        me = this_person().id
        try:
            desk.database.run(lambda session: take_once(session, call, me))
        except Gone as gone:
            return _answer(f"{gone.by} heeft deze beller al." if gone.by else GONE)
        except CannotTake:
            return _answer(NOT_YET)
        return _answer(YOURS, url_for("phone.talk.page", call=call))

    return pages


def _read() -> str:
    if not request.headers.get("HX-Request"):  # what the page asks for by itself is still that one reading
        note_reading("telephone")
    return _page("", "")


def _take_telephone(typed: str, never: frozenset[str]) -> Answer:
    """On the number that was typed, or without any on the one from before."""
    me, number = this_person().id, number_to_call(typed, never) if typed else None
    if typed and number is None:
        return _page(typed, NO_NUMBER), 422

    def work(session: Session) -> str | None:
        known = roster.duty_of(session, me)
        chosen = number or (known.number if known else None)
        if chosen:
            duty.sign_on(session, me, chosen)
            serve_next(session)
        return chosen

    chosen = this_desk().database.run(work)
    if chosen is None:
        return _page("", FIRST_A_NUMBER), 422
    return _answer(f"U neemt de telefoon op. Wij bellen u op {shown(chosen)}.")


def _answer(said: str, to: str = "") -> Answer:
    """The strip for whoever stays on the page; else on to `to`, or back to where this was asked."""
    if request.headers.get("HX-Request"):
        return _strip(said)
    flash(said, "done")
    came = urlsplit(request.referrer or "")
    back = own_path(f"{came.path}?{came.query}" if came.query else came.path)
    return redirect(to or back or url_for("phone.roster.page"), 303)


def _strip(said: str) -> str:
    with this_desk().database.reading() as session:
        return strip(session, this_person(), said)


def _page(typed: str, fault: str) -> str:
    me = this_person()
    with this_desk().database.reading() as session:
        own, line = roster.duty_of(session, me.id), line_now(session)
        number = own.number if own and own.number else ""
        return render_template(
            "phone/roster.html",
            topic=TOPIC,
            line=line,
            me=line.of(me.id),
            person=me,
            number=typed or (shown(number) if number else ""),
            fault=fault,
            demo=this_desk().settings.demo,
            coordinator=roster.is_coordinator(session, me.id),
        )
