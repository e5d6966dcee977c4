"""The line at this moment, as colleagues see it: who takes the telephone, who is on the line and how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.calendar import calendar_of
from desk.clock import Clock
from desk.dates import written_time
from intake.phone.duty import roster
from intake.phone.known import NOBODY, Known, known_by
from intake.phone.menu import Step
from intake.phone.models import Call, Duty, Ring
from intake.phone.numbers import CallerKind
from intake.phone.values import RingState
from triage.missed import count_open
from triage.models import Contact
from triage.number import spaced
from triage.telephone import shown
from triage.values import Outcome

MOST = 50  # callers; a line with more has other worries
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Taker:
    """A colleague who takes the telephone. `state`: free, ringing, talking, paused or wrap_up."""

    id: UUID
    name: str
    state: str
    words: str


@dataclass(frozen=True)
class OnTheLine:
    """A caller. `state`: waiting, ringing, taken (by a click), talking, menu, or unwritten: only the note is missing."""

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


@dataclass(frozen=True)
class LineNow:
    """Everything on the line, those who wait longest first, and how many callers got nobody."""

    takers: tuple[Taker, ...]
    callers: tuple[OnTheLine, ...]
    missed: int
    unanswered: bool
    """The desk is open and nobody takes the telephone."""

    def of(self, user_id: UUID) -> Taker | None:
        """This colleague, if they take the telephone."""
        return next((each for each in self.takers if each.id == user_id), None)

    def own(self, user_id: UUID) -> tuple[OnTheLine, ...]:
        """The talks of this colleague: the one under way, and those still to write down."""
        return tuple(
            each for each in self.callers if each.with_id == user_id and each.state in {"talking", "unwritten"}
        )


def fingerprint(session: Session) -> object:
    """Changes with whatever `line_now` shows, and with every minute that somebody waits."""
    now = _real(session)
    calls = [
        (each.id, each.step, each.leaving, each.keyed, each.caller_kind, _minutes(each.waiting_since, now))
        for each in session.execute(
            select(Call.id, Call.step, Call.leaving, Call.keyed, Call.caller_kind, Call.waiting_since)
            .where(Call.settled.is_(False))
            .order_by(Call.id)
            .limit(MOST)
        )
    ]
    rings = session.execute(select(Ring.id, Ring.state).where(Ring.ended_at.is_(None)).order_by(Ring.id)).all()
    duties = session.execute(
        select(Duty.id, Duty.on_since, Duty.paused_since, Duty.wrap_up_until, Duty.wrap_up_until > now).order_by(
            Duty.id
        )
    ).all()
    unwritten = session.scalars(select(Contact.id).where(*UNWRITTEN).order_by(Contact.id)).all()
    return calls, rings, duties, unwritten, count_open(session), _open_now(session)


UNWRITTEN = (Contact.to_tick_off.is_(True), Contact.outcome == Outcome.ANSWERED)


def line_now(session: Session) -> LineNow:
    """Read it all, in a handful of queries however many callers there are."""
    rings = {each.call_id: each for each in session.scalars(select(Ring).where(Ring.ended_at.is_(None)))}
    duties = roster(session)
    calls = session.scalars(select(Call).where(Call.settled.is_(False)).order_by(Call.heard_at).limit(MOST)).all()
    spoken = session.scalars(select(Call).join(Call.contact).where(*UNWRITTEN).limit(MOST)).all()
    who = known_by(session, _recognisable([*calls, *spoken]))
    callers = [_on_the_line(session, each, rings.get(each.id), who) for each in calls]
    callers += [_unwritten(session, each, ring, who) for each, ring in _answered(session, spoken)]
    order = ("waiting", "ringing", "taken", "talking", "unwritten", "menu")
    return LineNow(
        takers=tuple(_taker(session, each, {ring.user_id: ring for ring in rings.values()}) for each in duties),
        callers=tuple(sorted(callers, key=lambda each: (order.index(each.state), each.since))),
        missed=count_open(session) - len(spoken),
        unanswered=not duties and _open_now(session),
    )


def caller_line(session: Session, call: Call) -> OnTheLine:
    """One caller, on the line or not any more."""
    ring = session.scalars(select(Ring).where(Ring.call_id == call.id, Ring.ended_at.is_(None)).limit(1)).one_or_none()
    who = known_by(session, _recognisable([call]))
    if ring is None and call.settled:
        answered = next(iter(_answered(session, [call])), (call, None))[1]
        return _unwritten(session, call, answered, who)
    return _on_the_line(session, call, ring, who)


def desk_time(session: Session, at: datetime) -> datetime:
    """Real time as the desk's clock shows it."""
    clock: Clock = session.info["clock"]
    return at + (clock.now() - clock.real())


def talk_of(session: Session, call: Call) -> Ring | None:
    """The last conversation of a colleague with this caller, over or not."""
    accepted = select(Ring).where(Ring.call_id == call.id, Ring.state == RingState.ACCEPTED)
    return session.scalars(accepted.order_by(Ring.started_at.desc()).limit(1)).one_or_none()


def _answered(session: Session, calls: Sequence[Call]) -> list[tuple[Call, Ring | None]]:
    ids = [each.id for each in calls]
    accepted = select(Ring).where(Ring.call_id.in_(ids), Ring.state == RingState.ACCEPTED).order_by(Ring.started_at)
    last = {ring.call_id: ring for ring in session.scalars(accepted)} if ids else {}
    return [(call, last.get(call.id)) for call in calls]


def _on_the_line(session: Session, call: Call, ring: Ring | None, who: Mapping[str, Known]) -> OnTheLine:
    if ring is not None and ring.state is RingState.ACCEPTED:
        since = desk_time(session, ring.accepted_at or ring.started_at)
        return _line(call, who, "talking", f"in gesprek met {ring.user.name}, sinds {written_time(since)}", since, ring)
    if ring is not None:
        since = desk_time(session, call.waiting_since or ring.started_at)
        if ring.by_click:
            return _line(call, who, "taken", f"{ring.user.name} nam deze beller", since, ring)
        return _line(call, who, "ringing", f"gaat over bij {ring.user.name}", since, ring)
    if call.step is Step.WAITING and call.waiting_since is not None:
        since = desk_time(session, call.waiting_since)
        left = call.leaving is not None
        words = f"wacht sinds {written_time(since)}{_already(call.waiting_since, _real(session))}"
        return _line(call, who, "menu" if left else "waiting", "verlaat de wachtrij" if left else words, since)
    return _line(call, who, "menu", "kiest of luistert", call.contact.started_at)


def _unwritten(session: Session, call: Call, ring: Ring | None, who: Mapping[str, Known]) -> OnTheLine:
    by = f" door {ring.user.name}" if ring else ""
    since = desk_time(session, ring.accepted_at or ring.started_at) if ring else call.contact.started_at
    return _line(call, who, "unwritten", f"gesproken{by} om {written_time(since)}, nog niet vastgelegd", since, ring)


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


def _taker(session: Session, duty: Duty, rings: Mapping[UUID, Ring]) -> Taker:
    ring, now = rings.get(duty.id), _real(session)
    state, words = "free", "vrij"
    if ring is not None and ring.state is RingState.ACCEPTED:
        state, words = "talking", f"in gesprek sinds {_time(session, ring.accepted_at or ring.started_at)}"
    elif ring is not None:
        state, words = "ringing", "telefoon gaat over"
    elif duty.paused_since is not None:
        state, words = "paused", f"pauze sinds {_time(session, duty.paused_since)}"
    elif duty.wrap_up_until is not None and duty.wrap_up_until > now:
        state, words = "wrap_up", f"nawerktijd tot {_time(session, duty.wrap_up_until)}"
    return Taker(duty.id, duty.user.name, state, words)


def _recognisable(calls: Sequence[Call]) -> set[str]:
    return {each.contact.from_address for each in calls if each.contact.from_hash and each.contact.from_address}


def _minutes(since: datetime | None, now: datetime) -> int | None:
    return (now - since) // MINUTE if since else None


def _already(since: datetime, now: datetime) -> str:
    minutes = (now - since) // MINUTE
    return f", al {minutes} min" if minutes > 0 else ""


def _time(session: Session, at: datetime) -> str:
    return written_time(desk_time(session, at))


def _open_now(session: Session) -> bool:
    clock: Clock = session.info["clock"]
    return calendar_of(session).is_open(clock.now())


def _real(session: Session) -> datetime:
    clock: Clock = session.info["clock"]
    return clock.real()
