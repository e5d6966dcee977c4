"""The line at this moment, as colleagues see it: who takes the telephone, who is on the line and how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.calendar import calendar_of
from desk.clock import Clock
from desk.dates import written_time
from intake.phone.colleagues.known import known_by
from intake.phone.colleagues.on_the_line import OnTheLine, desk_time, gone, on_the_line, real_time, unwritten
from intake.phone.duty import roster
from intake.phone.models import Call, Duty, Ring
from intake.phone.values import RingState
from triage.missed import count_open
from triage.models import Contact
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
class LineNow:
    """Everything on the line, those who wait longest first, and how many callers got nobody."""

    takers: tuple[Taker, ...]
    callers: tuple[OnTheLine, ...]
    missed: int
    unanswered: bool
    """The desk is open and nobody takes the telephone."""
    all_paused: bool
    """The desk is open and everybody who takes the telephone has a pause."""

    def of(self, user_id: UUID) -> Taker | None:
        """This colleague, if they take the telephone."""
        return next((each for each in self.takers if each.id == user_id), None)

    def own(self, user_id: UUID) -> tuple[OnTheLine, ...]:
        """The talks of this colleague: the one that begins or is under way, and those still to write down."""
        mine = (each for each in self.callers if each.with_id == user_id)
        return tuple(each for each in mine if each.state in {"taken", "talking", "unwritten"})


def fingerprint(session: Session) -> object:
    """Changes with whatever `line_now` shows, and with every minute that somebody waits."""
    now = real_time(session)
    calls = [
        (each.id, each.step, each.leaving, each.keyed, each.caller_kind, _minutes(each.waiting_since, now))
        for each in session.execute(
            select(Call.id, Call.step, Call.leaving, Call.keyed, Call.caller_kind, Call.waiting_since)
            .where(Call.settled.is_(False))
            .order_by(Call.id)
            .limit(MOST)
        )
    ]
    # Sorted here: told to order by id, SQLite walks all rings ever, instead of the index of those that go on.
    going_on = session.execute(select(Ring.id, Ring.state).where(Ring.ended_at.is_(None)))
    rings = sorted(((each.id, each.state) for each in going_on), key=itemgetter(0))
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
    callers = [on_the_line(session, each, rings.get(each.id), who) for each in calls]
    takers = tuple(_taker(session, each, {ring.user_id: ring for ring in rings.values()}) for each in duties)
    callers += [unwritten(session, each, ring, who) for each, ring in _answered(session, spoken)]
    order = ("waiting", "ringing", "taken", "talking", "unwritten", "menu")
    return LineNow(
        takers=takers,
        callers=tuple(sorted(callers, key=lambda each: (order.index(each.state), each.since))),
        missed=count_open(session) - len(spoken),
        unanswered=not takers and _open_now(session),
        all_paused=bool(takers) and all(each.state == "paused" for each in takers) and _open_now(session),
    )


def caller_line(session: Session, call: Call) -> OnTheLine:
    """One caller, on the line or not any more."""
    ring = session.scalars(select(Ring).where(Ring.call_id == call.id, Ring.ended_at.is_(None)).limit(1)).one_or_none()
    who = known_by(session, _recognisable([call]))
    if ring is None and call.settled:
        ((_call, answered),) = _answered(session, [call])
        return unwritten(session, call, answered, who) if answered else gone(call, who)
    return on_the_line(session, call, ring, who)


def talk_of(session: Session, call: Call) -> Ring | None:
    """The last conversation of a colleague with this caller, over or not."""
    accepted = select(Ring).where(Ring.call_id == call.id, Ring.state == RingState.ACCEPTED)
    return session.scalars(accepted.order_by(Ring.started_at.desc()).limit(1)).one_or_none()


def _answered(session: Session, calls: Sequence[Call]) -> list[tuple[Call, Ring | None]]:
    ids = [each.id for each in calls]
    accepted = select(Ring).where(Ring.call_id.in_(ids), Ring.state == RingState.ACCEPTED).order_by(Ring.started_at)
    last = {ring.call_id: ring for ring in session.scalars(accepted)} if ids else {}
    return [(call, last.get(call.id)) for call in calls]


def _taker(session: Session, duty: Duty, rings: Mapping[UUID, Ring]) -> Taker:
    ring, now = rings.get(duty.id), real_time(session)
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


def _time(session: Session, at: datetime) -> str:
    return written_time(desk_time(session, at))


def _open_now(session: Session) -> bool:
    clock: Clock = session.info["clock"]
    return calendar_of(session).is_open(clock.now())
