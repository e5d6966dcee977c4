"""Every act on a ticket: a plain form, posted once. What cannot be done is shown beside what was typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from desk.database import Database
from desk.desk import this_desk
from desk.person import this_person
from triage import act_forms, actions
from triage.actions import Doing
from triage.case import find_ticket
from triage.marks import Marks, demand_fresh, held, marks_for, used
from triage.models import Ticket
from triage.views.act_page import TWICE, Trouble, answer, page_parts
from triage.views.blueprint import blueprint
from triage.views.choices import form_choices

Form = Mapping[str, str]


class Fresh(Enum):
    """How little may have changed since the page was made."""

    ANY = "whatever happened, this can be added"
    SAME = "the ticket itself is the same"
    READ = "nothing new came in that this person did not read"


@dataclass(frozen=True)
class Deed:
    """One kind of act: the title of its form, how it reads the form, what it does, and what it says afterwards."""

    title: str
    read: Callable[[Form], Any]
    do: Callable[[Session, Ticket, Doing, Any], None]
    done: str
    fresh: Fresh = Fresh.SAME


def _nothing(_form: Form) -> None:
    return None


DEEDS = {
    "oppakken": Deed(
        "Oppakken", _nothing, lambda s, t, d, _v: actions.claim(s, t, d),
        "Opgepakt. Deze melding is nu van u.", Fresh.ANY,
    ),
    "terugzetten": Deed(
        "Terugzetten", lambda form: act_forms.text_of(form, "reden"), actions.release,
        "Teruggezet. De melding staat weer vrij in de werklijst.",
    ),
    "beoordelen": Deed("Beoordelen", act_forms.rating, actions.rate, "Beoordeeld.", Fresh.READ),
    "categoriseren": Deed("Categorie en gebied", act_forms.categories, actions.categorise, "Opgeslagen."),
    "beschrijven": Deed("Titel en melder", act_forms.description, actions.describe, "Opgeslagen."),
    "notitie": Deed("Notitie", act_forms.note, actions.note, "De notitie staat op de tijdlijn.", Fresh.ANY),
    "afsluiten": Deed(
        "Afsluiten", act_forms.closing, lambda s, t, d, v: actions.close(s, t, d, *v), "Afgesloten.", Fresh.READ
    ),
    "heropenen": Deed("Heropenen", act_forms.reason, actions.reopen, "Heropend. Beoordeel opnieuw hoe snel dit moet."),
}  # fmt: skip


@blueprint.route(f"/melding/<number>/<any({','.join(DEEDS)}):name>", methods=["GET", "POST"])
def act(number: str, name: str) -> Response | tuple[str, int]:
    """One act: its form (GET), or doing it (POST) and going back to the ticket."""
    return answer(number, lambda: _do(this_desk().database, number, name), lambda trouble: _page(number, name, trouble))


def _do(database: Database, number: str, name: str) -> str:
    """Do it in one transaction, once for each form that was sent; gives the sentence to say afterwards."""
    deed, marks = DEEDS[name], Marks.read(request.form, f"{name}:{number}")
    value = deed.read(request.form)
    doing = Doing(this_person().id, this_desk().clock.now(), marks.fact)

    def work(session: Session) -> str:
        found = held(session, number)
        if used(session, marks):
            return TWICE
        if deed.fresh is not Fresh.ANY:
            demand_fresh(session, found, marks, nothing_new=deed.fresh is Fresh.READ)
        deed.do(session, found, doing, value)
        return deed.done

    return database.run(work)


def _page(number: str, name: str, trouble: Trouble) -> str:
    with this_desk().database.reading() as session:
        parts, ticket = page_parts(session, number, trouble), find_ticket(session, number)
        marks = marks_for(session, ticket)
        return render_template(
            "triage/act.html", name=name, deed=DEEDS[name].title, marks=marks, **parts, **form_choices(ticket)
        )
