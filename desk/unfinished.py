"""What `doctor` and *Toestand* say of jobs: those that nobody does, that do not end, that fail again and again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from desk.check import Check, Fault
from desk.condition import Condition, State
from desk.database import Database
from desk.dates import counted
from desk.jobs import Job, JobStatus
from desk.settings import Settings

LONGEST_WAIT = timedelta(minutes=10)
MANY_ATTEMPTS = 8  # after eight minutes of growing waits; an outage that people should hear of lasts longer
MOST_KINDS = 5  # that one line names


def checks(_settings: Settings, open_database: Callable[[], Database]) -> list[Check]:
    """One line about all jobs."""
    return [Check("jobs", lambda: jobs(open_database()))]


def jobs(database: Database) -> str:
    """Jobs are done in time and end; what was given up waits for a person."""
    long_ago = database.clock.real() - LONGEST_WAIT
    ready, running = Job.status == JobStatus.READY, Job.status == JobStatus.RUNNING
    faults = (
        ("wait longer than ten minutes; is `meldpunt work` running?", ready & (Job.run_at < long_ago)),
        ("were begun and not finished; is `meldpunt work` running?", running & (Job.leased_until < long_ago)),
        (
            f"fail again and again ({MANY_ATTEMPTS} times or more)",
            (ready | running) & (Job.attempts >= MANY_ATTEMPTS) & Job.fault.is_not(None),
        ),
        ("given up after many attempts", Job.status == JobStatus.DEAD),
    )
    with database.reading() as session:
        said = [line for about, which in faults if (line := _told(session, about, which))]
    if said:
        raise Fault("; ".join(said))
    return "none waits too long"


def conditions(session: Session, _settings: Settings, now: datetime) -> list[Condition]:
    """The same for *Toestand*, without the names of jobs."""
    long_ago = now - LONGEST_WAIT
    late = or_(
        and_(Job.status == JobStatus.READY, Job.run_at < long_ago),
        and_(Job.status == JobStatus.RUNNING, Job.leased_until < long_ago),
    )
    failing = and_(Job.status == JobStatus.READY, Job.attempts >= MANY_ATTEMPTS, Job.fault.is_not(None))
    faults = (
        (State.ALARM, "taak wacht", "taken wachten", "langer dan tien minuten.", late),
        (State.ALARM, "taak is", "taken zijn", "opgegeven.", Job.status == JobStatus.DEAD),
        (State.ATTENTION, "taak lukt", "taken lukken", "steeds niet. Wij blijven het proberen.", failing),
    )
    found = [
        (state, f"{counted(count, one, more)} {about}")
        for state, one, more, about, which in faults
        if (count := _count(session, which))
    ]
    if not found:
        return [Condition("Taken", State.OK, "Alles wat het systeem zelf moet doen, is op tijd gedaan.")]
    return [Condition("Taken", max(state for state, _said in found), " ".join(said for _state, said in found))]


def _count(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Job).where(which)) or 0


def _told(session: Session, about: str, which: ColumnElement[bool]) -> str:
    """How many there are, and of which kinds with which faults, the most frequent first."""
    count = func.count()
    rows = session.execute(
        select(Job.kind, Job.fault, count).where(which).group_by(Job.kind, Job.fault).order_by(count.desc(), Job.kind)
    ).all()
    if not rows:
        return ""
    kinds = [f"{number} {kind}" + (f": {fault}" if fault else "") for kind, fault, number in rows[:MOST_KINDS]]
    more = ["…"] if len(rows) > MOST_KINDS else []
    return f"{sum(number for _kind, _fault, number in rows)} {about} ({', '.join(kinds + more)})"
