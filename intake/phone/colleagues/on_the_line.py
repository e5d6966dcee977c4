"""One caller as colleagues see them: in which state, since when, and what is known of the number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.dates import written_time
from intake.phone.colleagues.alone import CHOOSES, DOES, LEAVES
from intake.phone.colleagues.known import NOBODY, Known
from intake.phone.menu import Step
from intake.phone.models import Call, Ring
from intake.phone.numbers import CallerKind
from intake.phone.values import RingState
from triage.number import spaced
from triage.telephone import shown

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class OnTheLine:
    """A caller. `state`: waiting, ringing, taken (by a click), talking, menu, gone, or unwritten: the note is to come.

    In the state menu they are with nobody and wait for nobody, and `words` are one of those in `alone`.
    """

    id: UUID
    state: str
    words: str
    since: datetime
    """Desk time, UTC."""
    name: str
    number: str
    via: str
    tickets: tuple[tuple[str, str], ...]
    """Earlier open tickets of this number: as in their address, and as people read them."""
    keyed: str
    with_id: UUID | None = None
    """The colleague who talks with them, or is rung."""

    @property
    def may_be_taken(self) -> bool:
        """Whether somebody may take this caller by a click."""
        return self.state == "waiting"


def on_the_line(session: Session, call: Call, ring: Ring | None, who: Mapping[str, Known]) -> OnTheLine:
    """A caller whose call goes on, and the colleague who is rung or talks."""
    if ring is not None and ring.state is RingState.ACCEPTED:
        since = desk_time(session, ring.accepted_at or ring.started_at)
        return _line(call, who, "talking", f"in gesprek met {ring.user.name}, sinds {written_time(since)}", since, ring)
    if ring is not None:
        since = desk_time(session, call.waiting_since or ring.started_at)
        if ring.by_click:
            return _line(call, who, "taken", f"{ring.user.name} nam deze beller", since, ring)
        return _line(call, who, "ringing", f"telefoon gaat over bij {ring.user.name}", since, ring)
    if call.step is Step.WAITING and call.waiting_since is not None:
        since = desk_time(session, call.waiting_since)
        left = call.leaving is not None
        words = f"wacht sinds {written_time(since)}{_already(call.waiting_since, real_time(session))}"
        return _line(call, who, "menu" if left else "waiting", LEAVES.one if left else words, since)
    return _line(call, who, "menu", DOES.get(call.step, CHOOSES).one, call.contact.started_at)


def unwritten(session: Session, call: Call, ring: Ring | None, who: Mapping[str, Known]) -> OnTheLine:
    """A caller who was spoken to by the colleague of `ring`; nothing is written down."""
    by = f" door {ring.user.name}" if ring else ""
    since = desk_time(session, ring.accepted_at or ring.started_at) if ring else call.contact.started_at
    return _line(call, who, "unwritten", f"gesproken{by} om {written_time(since)}, nog niet vastgelegd", since, ring)


def gone(call: Call, who: Mapping[str, Known]) -> OnTheLine:
    """A caller who hung up before anybody talked with them."""
    return _line(call, who, "gone", "niet meer aan de lijn", call.contact.started_at)


def _line(
    call: Call, who: Mapping[str, Known], state: str, words: str, since: datetime, ring: Ring | None = None
) -> OnTheLine:
    contact = call.contact
    known = who.get(contact.from_address or "", NOBODY) if contact.from_hash else NOBODY
    return OnTheLine(
        id=call.id,
        state=state,
        words=words,
        since=since,
        name=", ".join(part for part in (known.name, known.organisation) if part),
        number=shown(contact.from_address) if contact.from_address else "Nummer onbekend",
        via=via_of(call),
        tickets=tuple((number, spaced(number)) for number in known.tickets),
        keyed=spaced(call.keyed) if call.keyed else "",
        with_id=ring.user_id if ring else None,
    )


def via_of(call: Call) -> str:
    """How the call came, when somebody else put it through; such a number says nothing about who calls."""
    through = call.caller_kind is CallerKind.E164 and call.contact.from_hash is None
    return "via 14 010, doorverbonden" if through else ""


def desk_time(session: Session, at: datetime) -> datetime:
    """Real time as the desk's clock shows it."""
    clock: Clock = session.info["clock"]
    return at + (clock.now() - clock.real())


def _already(since: datetime, now: datetime) -> str:
    minutes = (now - since) // MINUTE
    return f", al {minutes} min" if minutes > 0 else ""


def real_time(session: Session) -> datetime:
    """Real time, UTC."""
    clock: Clock = session.info["clock"]
    return clock.real()
