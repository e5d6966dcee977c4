"""*Wat hoort een beller?*: the whole script in the order of a call, and what is heard at a moment one asks about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request

from desk.dates import length_words, long_day, written_time
from desk.desk import Desk
from desk.layout import opening_words
from desk.person import only_signed_in, this_person
from hours import local
from intake.phone.facts import Library, sounds_of
from intake.phone.texts.asked import NotAMoment, moment_asked
from intake.phone.texts.speech import seconds_to_say
from intake.phone.texts.text_changes import make_changes
from intake.phone.texts.text_page import Draft, colleagues, text_page
from intake.phone.texts.text_rows import TextRow, changed_words, text_row
from intake.phone.texts.tree import NAMES, Stop, stops
from intake.phone.texts.what_if import WouldHear, would_hear
from intake.phone.texts.wording import texts_now, versions

CODES = f"any({','.join(NAMES)})"


@dataclass(frozen=True)
class Question:
    """What was asked, and the answer; None when it could not be read."""

    day: str
    clock: str
    faults: Mapping[str, str]
    about_now: bool
    heard: WouldHear | None = None
    title: str = ""
    state: str = ""
    length: str = ""


@dataclass(frozen=True)
class Place:
    """A stop of the call with its texts."""

    stop: Stop
    texts: tuple[TextRow, ...]


def make_texts(desk: Desk) -> Blueprint:
    """The pages, for every colleague; what changes something is for coordinators."""
    texts = Blueprint("texts", __name__, url_prefix="/teksten/telefoon")
    texts.before_request(only_signed_in)

    @texts.get("")
    def script() -> tuple[str, int]:
        return _script(desk)

    @texts.get(f"/<{CODES}:code>")
    def text(code: str) -> str:
        return text_page(code, Draft())

    texts.register_blueprint(make_changes(desk, CODES))
    return texts


def _script(desk: Desk) -> tuple[str, int]:
    now = desk.clock.now()
    with desk.database.reading() as session:
        known, names, sounds = versions(session), colleagues(session), sounds_of(session)
        rows = {
            code: text_row(code, text, sounds.get(code), changed_words(known[code][0], names, desk.clock.real()))
            for code, text in texts_now(session).items()
        }
        documents = Library().in_force(session)
    asked, at = _asked(now)
    if at is not None:
        asked = _answered(asked, would_hear(documents, at), opening_words(documents.calendar, at))
    places = [Place(stop, tuple(rows[code] for code in stop.codes)) for stop in stops(documents.prompts.line)]
    page = render_template("phone/script.html", asked=asked, places=places, may_change=this_person().coordinates)
    return page, 422 if asked.faults else 200


def _asked(now: datetime) -> tuple[Question, datetime | None]:
    """The question in the address: about now when it is empty."""
    day, clock = (request.args.get(name, "")[:40] for name in ("dag", "tijd"))
    if not day and not clock:
        today = local(now)
        return Question(today.date().isoformat(), f"{today:%H:%M}", {}, about_now=True), now
    try:
        at = moment_asked(day, clock)
    except NotAMoment as error:
        return Question(day, clock, error.faults, about_now=False), None
    moment = local(at)
    return Question(moment.date().isoformat(), f"{moment:%H:%M}", {}, about_now=False), at


def _answered(asked: Question, heard: WouldHear, state: str) -> Question:
    title = f"{long_day(heard.at)} {local(heard.at).year} om {written_time(heard.at)} uur"
    seconds = sum(seconds_to_say(line.text) for line in heard.lines)
    return Question(
        asked.day,
        asked.clock,
        {},
        about_now=asked.about_now,
        heard=heard,
        title=title,
        state=state,
        length=length_words(seconds),
    )
