"""What people fill in on the forms of a ticket: read, tidied and checked, every fault at once."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from desk.typed import tidied, too_long
from triage.actions import Categories, Description, Rating
from triage.search import number_in
from triage.tickets import Reporter
from triage.values import Area, Category, CloseReason, Urgency

Form = Mapping[str, str]
E = TypeVar("E", bound=StrEnum)

LONGEST, LONGEST_LINE = 20_000, 200
ADDRESS = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\".]+")
NUMBER = re.compile(r"[0-9+()\s./-]{3,40}")


class Missing(ValueError):
    """A form that cannot be used yet; `faults` holds a Dutch sentence for each field."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


def rating(form: Form) -> Rating:
    """Hoe snel, waarom, and for acute who called 112. Raises `Missing`."""
    urgency = _one_of(Urgency, form.get("hoe-snel", ""))
    reason, emergency = text_of(form, "reden"), line_of(form, "gebeld")
    faults = {}
    if urgency is None:
        faults["hoe-snel"] = "Kies hoe snel dit moet."
    if not reason:
        faults["reden"] = "Schrijf op waarom."
    if urgency is Urgency.ACUTE and not emergency:
        faults["gebeld"] = "Schrijf op wie 112 belde en hoe laat, of waarom dat niet nodig is."
    if faults or urgency is None:
        raise Missing(faults)
    return Rating(urgency, reason, emergency or None, line_of(form, "samen") or None)


def categories(form: Form) -> Categories:
    """The leading category, the others, the area. Raises `Missing` when there are others but none leads."""
    leading = _one_of(Category, form.get("leidend", ""))
    others = tuple(each for each in Category if form.get(f"ook-{each.value}") and each is not leading)
    if others and leading is None:
        raise Missing({"leidend": "Kies welke categorie leidend is."})
    return Categories(leading, others, _one_of(Area, form.get("gebied", "")))


def description(form: Form) -> Description:
    """Title and reporter. Raises `Missing` without a title, or with an address or number that cannot be one."""
    subject, email, phone = (line_of(form, name) for name in ("titel", "e-mail", "telefoon"))
    faults = {}
    if not subject:
        faults["titel"] = "Geef de melding een titel."
    if email and not ADDRESS.fullmatch(email):
        faults["e-mail"] = "Dit is geen e-mailadres."
    if phone and not NUMBER.fullmatch(phone):
        faults["telefoon"] = "Dit is geen telefoonnummer."
    if faults:
        raise Missing(faults)
    name, organisation = line_of(form, "naam"), line_of(form, "organisatie")
    return Description(subject, Reporter(name or None, organisation or None, email or None, phone or None))


def note(form: Form) -> str:
    """The words of a note. Raises `Missing` without any."""
    text = text_of(form, "tekst")
    if not text:
        raise Missing({"tekst": "Schrijf eerst een notitie."})
    return text


def closing(form: Form) -> tuple[CloseReason, str]:
    """Why it is closed, and an explanation. Raises `Missing`: a double must name the other ticket."""
    reason, text = _one_of(CloseReason, form.get("waarom", "")), text_of(form, "toelichting")
    if reason is None:
        raise Missing({"waarom": "Kies waarom u de melding afsluit."})
    if reason is CloseReason.DOUBLE and not any(map(number_in, re.findall(r"\d{4}[\s.-]?\d{4}", text))):
        raise Missing({"toelichting": "Schrijf het nummer van de andere melding op."})
    if reason is CloseReason.NO_CONCERN and not text:
        raise Missing({"toelichting": "Schrijf op waarom er geen zorg is."})
    return reason, text


def reason(form: Form) -> str:
    """A reason that must be given. Raises `Missing`."""
    text = text_of(form, "reden")
    if not text:
        raise Missing({"reden": "Schrijf op waarom."})
    return text


def text_of(form: Form, name: str) -> str:
    """A text as typed, tidied. Raises `Missing` for one that does not fit: nothing is cut off unseen."""
    return _no_longer_than(LONGEST, name, tidied(form.get(name, "")))


def line_of(form: Form, name: str) -> str:
    """A text of one line. Raises `Missing` for one that does not fit."""
    return _no_longer_than(LONGEST_LINE, name, " ".join(tidied(form.get(name, "")).split()))


def _no_longer_than(most: int, name: str, text: str) -> str:
    if len(text) > most:
        raise Missing({name: too_long(most)})
    return text


def _one_of(kind: type[E], value: str) -> E | None:
    return kind(value) if value in set(kind) else None
