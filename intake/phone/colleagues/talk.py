"""The screen *Gesprek* as values: whose it is, what stands in it, and what becomes of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from desk.accounts import User
from desk.typed import tidied, too_long
from hours import at_local, local
from intake.concern import Reporter
from intake.phone.colleagues.draft import FIELDS, MANY_LINES, Draft, draft_of
from intake.phone.colleagues.line_now import talk_of
from intake.phone.colleagues.talk_ends import Written
from intake.phone.models import Call
from intake.phone.rings import ring_of
from triage.act_forms import NUMBER, Missing
from triage.actions import Rating
from triage.values import Area, Category, Urgency

QUESTIONS = {
    "waar": "Waar is het kind?",
    "veilig": "Veilig tot hoe laat?",
    "erbij": "Wie is erbij?",
    "dreiging": "Waar is de dreiging?",
    "wie112": "Wie belt 112?",
}
E = TypeVar("E", bound=StrEnum)
TIME = re.compile(r"(?P<hour>[01]?[0-9]|2[0-3])(?:[.:](?P<minute>[0-5][0-9]))?(?: ?uur)?")
DURING = "Tijdens het gesprek beoordeeld."


@dataclass(frozen=True)
class Writer:
    """Who types in this conversation; None while nobody is known to."""

    id: UUID | None
    name: str

    def may_be(self, user_id: UUID) -> bool:
        """Whether this colleague types here."""
        return self.id is None or self.id == user_id


def writer_of(session: Session, call: Call) -> Writer | None:
    """Whoever typed last, else whoever talks or talked with the caller; None for a call that nobody answered."""
    ring = ring_of(session, call) or talk_of(session, call)
    by = draft_of(call).by
    if by is not None:
        return Writer(by, session.get_one(User, by).name)
    return Writer(ring.user_id, ring.user.name) if ring is not None else None


def typed_words(form: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields, tidied; empty ones are left out. Raises `Missing` for one that does not fit."""
    words = {name: _words(form.get(name, ""), lines=name in MANY_LINES) for name in FIELDS}
    faults = {name: too_long(most) for name, most in FIELDS.items() if len(words[name]) > most}
    if faults:
        raise Missing(faults)
    return {name: text for name, text in words.items() if text}


def written(draft: Draft, now: datetime) -> Written:
    """The conversation as it is written down at desk time `now`. Raises `Missing` when something must be there yet."""
    faults = _faults(draft)
    if faults:
        raise Missing(faults)
    name, organisation, phone = (draft.get(each) or None for each in ("naam", "organisatie", "telefoon"))
    return Written(
        subject=draft.get("titel"),
        text=text_of(draft),
        reporter=Reporter(name, organisation, phone=phone),
        rating=_rating(draft),
        category=_one_of(Category, draft.get("leidend")),
        area=_one_of(Area, draft.get("gebied")),
        through=draft.get("doorverbonden"),
        event_at=_event(draft, now),
    )


def text_of(draft: Draft) -> str:
    """One text: what is about to happen, the answers to the five questions, then the note."""
    lines = [soon] if (soon := _soon(draft)) else []
    lines += [f"{question} {draft.get(name)}" for name, question in QUESTIONS.items() if draft.get(name)]
    return "\n".join([*lines, "", draft.get("verhaal")] if lines else [draft.get("verhaal")]).strip()


def _soon(draft: Draft) -> str:
    clock, what = _clock(draft.get("moment")), draft.get("wat").rstrip(".")
    if clock is None:
        return what
    return f"Om {clock.hour}.{clock.minute:02} uur: {what or 'er gebeurt iets'}."


def _faults(draft: Draft) -> dict[str, str]:
    faults = {}
    if not text_of(draft):
        faults["verhaal"] = "Schrijf op wat de beller vertelde."
    if not draft.get("titel"):
        faults["titel"] = "Schrijf in een paar woorden waar het om gaat."
    if draft.get("telefoon") and not NUMBER.fullmatch(draft.get("telefoon")):
        faults["telefoon"] = "Dit is geen telefoonnummer. Laat het leeg als u het niet weet."
    if draft.get("hoe-snel") == Urgency.ACUTE and not draft.get("gebeld"):
        faults["gebeld"] = "Schrijf op wie 112 belde en hoe laat, of waarom dat niet nodig is."
    if draft.get("moment") and _clock(draft.get("moment")) is None:
        faults["moment"] = "Dit is geen tijd. Schrijf bijvoorbeeld 12.00."
    return faults


def _rating(draft: Draft) -> Rating | None:
    urgency = _one_of(Urgency, draft.get("hoe-snel"))
    return Rating(urgency, draft.get("reden") or DURING, draft.get("gebeld") or None) if urgency else None


def _event(draft: Draft, now: datetime) -> datetime | None:
    clock = _clock(draft.get("moment"))
    return at_local(local(now).date(), clock) if clock else None


def _clock(text: str) -> time | None:
    """A time of day as people type it: 12, 12.00, 9:30."""
    found = TIME.fullmatch(text)
    return time(int(found["hour"]), int(found["minute"] or 0)) if found else None


def _words(text: str, *, lines: bool) -> str:
    return tidied(text) if lines else " ".join(tidied(text).split())


def _one_of(kind: type[E], value: str) -> E | None:
    return kind(value) if value in set(kind) else None
