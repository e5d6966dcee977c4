"""What a colleague types during a call, kept while they type. Nobody overwrites what another, or another tab, wrote."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from desk.clock import Clock
from intake.phone.models import Call

FIELDS = {
    "verhaal": 20_000, "waar": 500, "veilig": 500, "erbij": 500, "dreiging": 500, "wie112": 500, "gebeld": 200,
    "moment": 10, "wat": 200, "titel": 200, "naam": 200, "organisatie": 200, "telefoon": 60, "gebied": 40,
    "doorverbonden": 120, "hoe-snel": 20, "reden": 2_000, "leidend": 10,
}  # fmt: skip
"""The fields of the screen, and how many characters each may hold."""
MANY_LINES = frozenset({"verhaal", "reden"})


class Overtaken(Exception):
    """Somebody, or another tab, wrote since: `newer` is what stands there now."""

    def __init__(self, newer: "Draft") -> None:
        super().__init__("overtaken")
        self.newer = newer


class Closed(Exception):
    """Nothing can be typed here any more: the call is written down, or destroyed."""


@dataclass(frozen=True)
class Draft:
    """What was typed so far. `version` grows with every change; `by` is who types."""

    version: int = 0
    by: UUID | None = None
    words: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """What stands in a field."""
        return self.words.get(name, "")


def draft_of(call: Call) -> Draft:
    """The draft of this call; an empty one when nobody typed yet."""
    if call.draft_sealed is None or call.draft is None:
        return Draft()
    kept = json.loads(call.draft)
    return Draft(kept["version"], UUID(kept["by"]) if kept["by"] else None, kept["words"])


def save(session: Session, call: Call, typed: Draft) -> Draft:
    """Keep what was typed on top of version `typed.version`; the same words again change nothing.

    Raises `Overtaken` when that is not the newest, and `Closed`. The call must be locked.
    """
    before = draft_of(call)
    demand_open(call)
    if typed.words == before.words and typed.by == before.by:
        return before
    if typed.version != before.version or (before.by is not None and before.by != typed.by):
        raise Overtaken(before)
    return _keep(session, call, Draft(before.version + 1, typed.by, typed.words))


def take_over(session: Session, call: Call, by: UUID) -> Draft:
    """From now on `by` types here. Whoever did before is told so at their next word. Raises `Closed`."""
    before = draft_of(call)
    demand_open(call)
    return before if before.by == by else _keep(session, call, Draft(before.version + 1, by, before.words))


def demand_open(call: Call) -> None:
    """Raises `Closed` for a call that is written down already, or that was destroyed."""
    if call.contact.ticket_id is not None or call.contact.ticked_off_at is not None or call.data_key.secret is None:
        raise Closed


def _keep(session: Session, call: Call, draft: Draft) -> Draft:
    clock: Clock = session.info["clock"]
    kept = asdict(draft) | {"by": str(draft.by) if draft.by else None, "words": dict(draft.words)}
    call.draft, call.draft_at = json.dumps(kept, ensure_ascii=False), clock.now()
    return draft
