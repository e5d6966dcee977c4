"""*Toestand*: what is away or behind, in words for every colleague; the worst first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template

from desk.condition import Condition, Conditions, State
from desk.dates import counted, written_moment
from desk.desk import Desk
from desk.person import only_signed_in

WORDS = {State.ALARM: "Storing", State.ATTENTION: "Let op", State.OK: "In orde"}
LOOKS = {State.ALARM: ("acute", "alert"), State.ATTENTION: ("today", "alert"), State.OK: ("day3", "check")}


@dataclass(frozen=True)
class Line:
    """One condition as the page shows it."""

    name: str
    word: str
    look: str
    icon: str
    sentence: str
    moment: str
    since: datetime | None


def make_blueprint(desk: Desk, conditions: Sequence[Conditions]) -> Blueprint:
    """The page, with what every part has to say."""
    pages = Blueprint("status", __name__)
    pages.before_request(only_signed_in)

    @pages.get("/toestand")
    def status() -> str:
        now = desk.clock.real()
        with desk.database.reading() as session:
            found = [each for of_part in conditions for each in of_part(session, desk.settings, now)]
        found.sort(key=lambda each: -each.state)
        lines = [_line(each, now) for each in found]
        return render_template("desk/status.html", lines=lines, summary=summary(found))

    return pages


def summary(found: Sequence[Condition]) -> str:
    """The page in a sentence."""
    wrong = sum(each.state is State.ALARM for each in found)
    odd = sum(each.state is State.ATTENTION for each in found)
    if not wrong and not odd:
        return "Alles werkt."
    said = [counted(wrong, "storing", "storingen")] if wrong else []
    said += [f"{counted(odd, 'punt', 'punten')} om op te letten"] if odd else []
    return f"{' en '.join(said)}. Vraag de beheerder om te helpen."


def _line(condition: Condition, now: datetime) -> Line:
    look, icon = LOOKS[condition.state]
    lead = "laatst " if condition.state is State.OK else "sinds "
    moment = lead + written_moment(condition.since, now) if condition.since else ""
    word = WORDS[condition.state]
    return Line(condition.name, word, look, icon, condition.sentence, moment, condition.since)
