"""Every act on a ticket: a plain form, posted once. What cannot be done is shown beside what was typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from desk.database import Database
from desk.desk import this_desk
from desk.person import this_person
from triage import act_forms, actions
from triage.actions import Doing, Refused
from triage.case import changes_since, find_ticket
from triage.marks import Marks, Stale, demand_fresh, held, marks_for, used
from triage.models import Ticket
from triage.moves import Forbidden, Move
from triage.number import spaced
from triage.rows import title_of
from triage.timeline import days_of
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

NOT_NOW = {
    Move.CLAIM: "Deze melding is afgesloten. Heropen haar eerst.",
    Move.RELEASE: "Deze melding is afgesloten en van niemand meer.",
    Move.CLOSE: "Deze melding is al afgesloten.",
    Move.REOPEN: "Deze melding is al open.",
    Move.HAND_OVER: "Deze melding is afgesloten. Heropen haar eerst.",
}


@blueprint.route(f"/melding/<number>/<any({','.join(DEEDS)}):name>", methods=["GET", "POST"])
def act(number: str, name: str) -> Response | tuple[str, int]:
    """One act: its form (GET), or doing it (POST) and going back to the ticket."""
    deed = DEEDS[name]
    if request.method == "GET":
        return _form_page(number, name, {}), 200
    marks = Marks.read(request.form, name)
    try:
        value = deed.read(request.form)
        first = _do(this_desk().database, number, deed, marks, value)
    except act_forms.Missing as error:
        return _form_page(number, name, request.form, faults=error.faults), 422
    except Stale as error:
        return _form_page(number, name, request.form, seen=error.seen), 409
    except Forbidden as error:
        return _form_page(number, name, request.form, refused=NOT_NOW[error.move]), 409
    except Refused as error:
        return _form_page(number, name, request.form, refused=str(error)), 409
    flash(deed.done if first else "Dit was al opgeslagen. Er is niets dubbel gedaan.", "done")
    return redirect(url_for("triage.ticket", number=number), 303)


def _do(database: Database, number: str, deed: Deed, marks: Marks, value: object) -> bool:
    """Do it in one transaction; False when this very form was received before and nothing was done again."""
    doing = Doing(this_person().id, this_desk().clock.now(), marks.fact)

    def work(session: Session) -> bool:
        found = held(session, number)
        if used(session, marks):
            return False
        if deed.fresh is not Fresh.ANY:
            demand_fresh(session, found, marks, nothing_new=deed.fresh is Fresh.READ)
        deed.do(session, found, doing, value)
        return True

    return database.run(work)


def _form_page(
    number: str,
    name: str,
    typed: Form,
    *,
    faults: dict[str, str] | None = None,
    refused: str = "",
    seen: int | None = None,
) -> str:
    """The form on a page of its own, with what was typed, what is wrong, and what changed since line `seen`."""
    now = this_desk().clock.now()
    with this_desk().database.reading() as session:
        found = find_ticket(session, number)
        news = changes_since(session, found, seen) if seen is not None else []
        return render_template(
            "triage/act.html",
            ticket=found,
            title=title_of(found),
            spaced=spaced(number),
            name=name,
            deed=DEEDS[name],
            marks=marks_for(session, found),
            typed=typed,
            faults=faults or {},
            refused=refused,
            stale=seen is not None,
            news=days_of(news, now),
            **form_choices(),
        )
