"""What `doctor` says of jobs: those that nobody does, that do not end, that fail again and again, or were given up."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from desk.check import Check, Fault
from desk.database import Database
from desk.jobs import Job, JobStatus

LONGEST_WAIT = timedelta(minutes=10)
MANY_ATTEMPTS = 8  # after eight minutes of growing waits; an outage that people should hear of lasts longer
MOST_KINDS = 5  # that one line names


def checks(open_database: Callable[[], Database]) -> list[Check]:
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
