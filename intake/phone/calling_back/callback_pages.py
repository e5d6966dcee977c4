"""*Terugbellen*: the screen, and the forms with which a colleague calls back, reached nobody, or kept a promise."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from desk.dates import written_moment
from desk.desk import Desk
from desk.person import only_coordinators, only_signed_in, this_person
from intake.phone.calling_back import attempts, tries, wishes
from intake.phone.calling_back.attempts import NoOwnNumber, Wish
from intake.phone.calling_back.callbacks import count_open, mark_done
from intake.phone.calling_back.to_call import to_call
from intake.phone.calling_back.tries import Decision
from intake.phone.colleagues.roster import keep_number
from intake.phone.models import Callback
from intake.phone.numbers import number_to_call, numbers_of
from triage.actions import Refused
from triage.marks import KEY
from triage.number import is_number
from triage.views.reading import note_reading

T = TypeVar("T")

LONGEST_NOTE = 4_000
LONGEST_REASON = 200
RINGS = "Uw telefoon gaat zo. Neem op en toets 1: dan bellen wij de melder."
FIRST = "Een collega was u voor. Kijk wat er intussen gebeurde."
DECISIONS = {
    Decision.AGAIN: "Nog een keer proberen",
    Decision.WRITTEN: "Een brief of e-mail sturen",
    Decision.GIVEN_UP: "Niet meer terugbellen",
}
OWN_NUMBER = "Dit is geen nummer waarop het meldpunt u kan bellen."


def make_pages(desk: Desk) -> Blueprint:
    """The screen and its forms, for signed-in colleagues."""
    pages = Blueprint("callbacks", __name__)
    pages.before_request(only_signed_in)
    desk_calls = _Calls(desk)

    @pages.get("/terugbellen")
    def screen() -> str:
        with desk.database.reading() as session:
            listed = to_call(session, this_person().id)
            note_reading("callbacks")
            return render_template(
                "phone/to_call.html",
                listed=listed,
                decides=this_person().coordinates,
                decisions=[(each.value, words) for each, words in DECISIONS.items()],
                can_place=can_place(desk),
            )

    @pages.post("/terugbellen/bellen")
    def call() -> Answer | tuple[str, int]:
        return desk_calls.call()

    @pages.post("/terugbellen/niet-bereikt")
    def not_reached() -> Answer:
        return desk_calls.not_reached()

    @pages.post("/terugbellen/beslissen")
    def decide() -> Answer:
        return only_coordinators() or desk_calls.decide()

    @pages.post("/melding/<number>/terugbellen")
    def done(number: str) -> Answer:
        return desk_calls.done(number)

    return pages


def can_place(desk: Desk) -> bool:
    """Whether this desk can have calls placed: it has an account and a number to call from."""
    settings = desk.settings
    return bool(settings.twilio_account_sid and settings.twilio_auth_tokens and settings.phone_number)


def promises_wait(session: Session) -> str:
    """Where the promises to call back stand; empty when there are none to keep."""
    return url_for("phone.callbacks.screen") if count_open(session) else ""


class _Calls:
    """What the forms do."""

    def __init__(self, desk: Desk) -> None:
        self._database, self._clock = desk.database, desk.clock
        self._never = numbers_of((*desk.settings.contact_centre_numbers, desk.settings.phone_number))
        self._able = can_place(desk)

    def call(self) -> Answer | tuple[str, int]:
        """Have the colleague's telephone ring, then that of whom the form asks for."""
        key, actor = request.form.get("form_key", ""), this_person().id
        if not KEY.fullmatch(key) or not self._able:
            abort(400)
        own, typed = None, request.form.get("eigen-nummer", "").strip()
        if typed and (own := number_to_call(typed, self._never)) is None:
            return _ask_own_number(OWN_NUMBER)
        # The same form of the same colleague is the same call; nobody can make a key meet somebody else's.
        attempt_id = uuid5(NAMESPACE_URL, f"{actor}:{key}")

        def work(session: Session) -> None:
            if own is not None:
                keep_number(session, actor, own)
            wish = _wish(session)
            wishes.demand_not_too_soon(session, wish)
            attempts.request(session, attempt_id, actor, wish, self._never)

        try:
            self._run(work)
        except NoOwnNumber:
            return _ask_own_number("")
        except Refused as error:
            flash(str(error), "ask")
        else:
            flash(RINGS, "done")
        return _back(request.form.get("melding", ""))

    def done(self, number: str) -> Answer:
        """Somebody was called back."""
        note, actor = request.form.get("note", "").strip()[:LONGEST_NOTE], this_person().id
        self._run(lambda session: mark_done(session, number, _promises(), actor, note))
        return _back(number)

    def not_reached(self) -> Answer:
        """Note that nobody was reached, and say when to try again."""
        number, actor, before = request.form.get("melding", ""), this_person().id, request.form.get("poging", type=int)
        if before is None:
            abort(400)

        def work(session: Session) -> str:
            return self._next(tries.not_reached(session, number, _promises(), before, actor))

        try:
            self._tell(self._run(work))
        except Refused as error:
            flash(str(error), "ask")
        return _back(number)

    def decide(self) -> Answer:
        """What a coordinator decides; a letter instead, or nothing more, needs words."""
        number, actor = request.form.get("melding", ""), this_person().id
        wanted, words = request.form.get("besluit", ""), request.form.get("toelichting", "").strip()[:LONGEST_NOTE]
        if wanted not in set(Decision):
            abort(400)
        decision = Decision(wanted)
        if decision is not Decision.AGAIN and not words:
            flash("Schrijf op waarom, of wat er gestuurd is. Er is nog niets vastgelegd.", "ask")
            return _back(number)

        def work(session: Session) -> str:
            return "Vastgelegd." if tries.decide(session, number, _promises(), decision, words, actor) else FIRST

        self._tell(self._run(work))
        return _back(number)

    @staticmethod
    def _tell(said: str) -> None:
        flash(said, "ask" if said == FIRST else "done")

    def _run(self, work: Callable[[Session], T]) -> T:
        """In one transaction; 404 for a promise, a ticket or a call that there is not."""
        try:
            return self._database.run(work)
        except LookupError:
            abort(404)

    def _next(self, promise: Callback | None) -> str:
        if promise is None:
            return FIRST
        if promise.next_at is None:
            return "Niet bereikt, genoteerd. Een coördinator beslist nu."
        return f"Niet bereikt, genoteerd. Volgende poging: {written_moment(promise.next_at, self._clock.now())} uur."


def _wish(session: Session) -> Wish:
    """Whom the form asks to call. Raises `LookupError`, `Refused`, or 400 for a form of nobody's."""
    reason = request.form.get("reden", "").strip()[:LONGEST_REASON]
    find: Callable[[], Wish]
    if promises := _promises():
        find = lambda: wishes.of_promises(session, promises)  # noqa: E731
    elif (contact := request.form.get("oproep", type=UUID)) is not None:
        find = lambda: wishes.of_contact(session, contact)  # noqa: E731
    elif number := request.form.get("melding"):
        find = lambda: wishes.of_ticket(session, number)  # noqa: E731
    else:
        abort(400)
    return replace(find(), reason=f"Toch gebeld: {reason}" if reason else "")


def _promises() -> list[UUID]:
    return request.form.getlist("belofte", type=UUID)  # anything else was made up, and finds nothing


def _ask_own_number(fault: str) -> tuple[str, int]:
    passed_on = [(name, value) for name, value in request.form.items(multi=True) if name != "eigen-nummer"]
    typed = request.form.get("eigen-nummer", "")
    return render_template("phone/own_number.html", passed_on=passed_on, typed=typed, fault=fault), 422


def _back(number: str) -> Response | Answer:
    """To the page that the form stood on."""
    match request.form.get("terug"):
        case "lijst":
            key = _promises()[0].hex if _promises() else ""
            return redirect(url_for("phone.callbacks.screen", _anchor=f"rij-{key}" if key else None), 303)
        case "oproepen":
            return redirect("/oproepen", 303)
        case _ if is_number(number):
            return redirect(f"/melding/{number}#terugbellen", 303)
        case _:
            return redirect(url_for("phone.callbacks.screen"), 303)
