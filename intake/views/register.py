"""The form *Melding noteren*, for a call that staff took on their own telephone or got from the contact centre."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from desk.desk import Desk
from desk.layout import Door
from desk.person import only_signed_in, this_person
from desk.typed import tidied, too_long
from intake.concern import Reporter
from intake.register import Noted, note_call
from triage.act_forms import NUMBER
from triage.values import Area

DOORS = (Door("Noteren", "intake.register", "plus", covers=("intake.register_call",)),)
KEY = re.compile(r"[0-9a-f]{32}")
WAYS = {"rechtstreeks": "Rechtstreeks gebeld", "14010": "Via 14 010", "zelf": "Wij belden zelf"}
FIELDS = {
    "titel": 200,
    "verhaal": 20_000,
    "naam": 200,
    "organisatie": 200,
    "telefoon": 60,
    "email": 200,
    "via": 20,
    "doorverbonden_door": 120,
    "gebied": 40,
}
"""The fields of the form, and how many characters each may hold."""


@dataclass(frozen=True)
class Typed:
    """What stands in the fields, trimmed; `key` is the form's, empty when the post had none."""

    words: Mapping[str, str]
    key: str

    @property
    def faults(self) -> dict[str, str]:
        """A sentence for each field that cannot be kept so; empty when all is well."""
        words, faults = self.words, {}
        if not self.key:
            faults["form_key"] = "Deze pagina was verlopen. Kijk na wat u typte en bewaar nog een keer."
        if not words["verhaal"]:
            faults["verhaal"] = "Schrijf op wat de beller vertelde."
        if not words["titel"]:
            faults["titel"] = "Schrijf in een paar woorden waar het om gaat."
        if words["email"] and not re.fullmatch(r"[^@\s]+@[^@\s]+", words["email"]):
            faults["email"] = "Dit is geen e-mailadres. Laat het leeg als u het niet weet."
        if words["telefoon"] and not NUMBER.fullmatch(words["telefoon"]):
            faults["telefoon"] = "Dit is geen telefoonnummer. Laat het leeg als u het niet weet."
        return faults | {name: too_long(most) for name, most in FIELDS.items() if len(words[name]) > most}

    def noted(self) -> Noted:
        """The call as it is received."""
        words = self.words
        reporter = Reporter(*(words[name] or None for name in ("naam", "organisatie", "email", "telefoon")))
        area = next((area for area in Area if area.value == words["gebied"]), None)
        return Noted(self.key, words["titel"], words["verhaal"], reporter, self._via(), area)

    def _via(self) -> str:
        way = WAYS.get(self.words["via"], WAYS["rechtstreeks"])
        through = self.words["doorverbonden_door"]
        return f"{way}, doorverbonden door {through}." if through else f"{way}."


def make_blueprint(desk: Desk) -> Blueprint:
    """The form and what it posts to. The same post twice leads to the same ticket."""
    pages = Blueprint("intake", __name__, template_folder="../templates")
    pages.before_request(only_signed_in)

    @pages.get("/noteren")
    def register() -> str:
        return _page(Typed(dict.fromkeys(FIELDS, ""), ""), {})

    @pages.post("/noteren")
    def register_call() -> Response | tuple[str, int]:
        typed = _typed()
        if typed.faults:
            return _page(typed, typed.faults), 422
        by, noted = this_person().id, typed.noted()
        number = desk.database.run(lambda session: note_call(session, noted, by=by).number)
        return redirect(url_for("triage.ticket", number=number), 303)

    return pages


def _typed() -> Typed:
    key = request.form.get("form_key", "")
    return Typed({name: _words(name) for name in FIELDS}, key if KEY.fullmatch(key) else "")


def _words(name: str) -> str:
    """What stands in a field; lines only where there is room for them."""
    clean = tidied(request.form.get(name, ""))
    return clean if name == "verhaal" else " ".join(clean.split())


def _page(typed: Typed, faults: Mapping[str, str]) -> str:
    key = typed.key or uuid4().hex
    areas = [(area.value, area.value) for area in Area]
    return render_template("intake/register.html", typed=typed.words, key=key, ways=WAYS, areas=areas, faults=faults)
