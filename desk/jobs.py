"""Jobs: rows written in the same transaction as what caused them, taken by workers under a lease."""

import enum
import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, Integer, String, Text, and_, case, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.base import Base, UtcDateTime, Uuid, choice, new_id
from desk.clock import Clock

LEASE = timedelta(seconds=60)
MOST_FAILURES = 12  # of a handler that fails in a way nobody foresaw; what is away is waited for without end
MOST_LOSSES = 5  # of a job that takes its worker down with it: the next one would die of it too
LONGEST_WAIT = timedelta(minutes=30)


class JobStatus(enum.StrEnum):
    """Where a job stands; `dead` is shown to people until somebody decides."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Job(Base):
    """One thing to do outside any request. The payload holds ids only."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_status_run_at", "status", "run_at"),
        Index("ix_job_status_leased_until", "status", "leased_until"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    payload: Mapped[str] = mapped_column(Text)
    status: Mapped[JobStatus] = mapped_column(choice(JobStatus))
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    losses: Mapped[int] = mapped_column(Integer, default=0)
    """How often its worker was gone before it was done."""
    worker: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fault: Mapped[str | None] = mapped_column(String(200))


@dataclass(frozen=True)
class ClaimedJob:
    """A job in a worker's hands. `attempt` fences: a worker whose lease ran out changes nothing any more."""

    id: UUID
    kind: str
    payload: dict[str, str]
    worker: str
    attempt: int
    losses: int = 0


def enqueue(
    session: Session, kind: str, payload: dict[str, str], *, key: str | None = None, run_at: datetime | None = None
) -> None:
    """Put a job into this transaction. With a `key` that was used before, ever, nothing happens.

    `run_at` is real time, aware; None means at once.
    """
    if key is not None and session.scalar(select(Job.id).where(Job.key == key)) is not None:
        return
    clock: Clock = session.info["clock"]
    session.add(
        Job(
            id=new_id(),
            kind=kind,
            key=key,
            payload=json.dumps(payload),
            status=JobStatus.READY,
            run_at=run_at or clock.real(),
            attempts=0,
            losses=0,
        )
    )


def claim(session: Session, worker: str, *, most: int = 1, lease: timedelta = LEASE) -> list[ClaimedJob]:
    """Take up to `most` due jobs, those of a worker whose lease ran out among them."""
    clock: Clock = session.info["clock"]
    now = clock.real()
    due = or_(
        and_(Job.status == JobStatus.READY, Job.run_at <= now),
        and_(Job.status == JobStatus.RUNNING, Job.leased_until < now),
    )
    lost = case((Job.status == JobStatus.RUNNING, 1), else_=0)
    pick = select(Job.id).where(due).order_by(Job.run_at).limit(most).with_for_update(skip_locked=True)
    taken = session.execute(
        update(Job)
        .where(Job.id.in_(pick.scalar_subquery()))
        .values(
            status=JobStatus.RUNNING,
            worker=worker,
            leased_until=now + lease,
            attempts=Job.attempts + 1,
            losses=Job.losses + lost,
        )
        .returning(Job.id, Job.kind, Job.payload, Job.attempts, Job.losses)
    )
    return [ClaimedJob(row.id, row.kind, json.loads(row.payload), worker, row.attempts, row.losses) for row in taken]


def extend(session: Session, job: ClaimedJob, lease: timedelta = LEASE) -> bool:
    """Keep a long job's lease alive; False when another worker has it already."""
    clock: Clock = session.info["clock"]
    return _fenced(session, job, leased_until=clock.real() + lease)


def finish(session: Session, job: ClaimedJob) -> bool:
    """Mark a job done; False when the lease was lost and another worker has it."""
    clock: Clock = session.info["clock"]
    return _fenced(session, job, status=JobStatus.DONE, finished_at=clock.real(), leased_until=None, fault=None)


def postpone(session: Session, job: ClaimedJob, fault: str, wait: timedelta | None = None) -> bool:
    """Try a job again later, with growing waits up to half an hour, for as long as it takes.

    `fault` names the kind of error, without personal data.
    """
    clock: Clock = session.info["clock"]
    run_at = clock.real() + (wait or backoff(job.attempt))
    return _fenced(session, job, status=JobStatus.READY, run_at=run_at, leased_until=None, fault=fault[:200])


def bury(session: Session, job: ClaimedJob, fault: str) -> bool:
    """Give a job up: it stays, dead, until a person decides."""
    clock: Clock = session.info["clock"]
    done = clock.real()
    return _fenced(session, job, status=JobStatus.DEAD, finished_at=done, leased_until=None, fault=fault[:200])


def backoff(attempt: int) -> timedelta:
    """How long to wait after failed attempt 1, 2, 3…: 2, 4, 8 s and so on to half an hour, give or take a quarter."""
    seconds = min(2.0**attempt, LONGEST_WAIT.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311  spreading load, not a secret


def _fenced(session: Session, job: ClaimedJob, **values: object) -> bool:
    done = session.execute(
        update(Job)
        .where(Job.id == job.id, Job.worker == job.worker, Job.attempts == job.attempt, Job.status == JobStatus.RUNNING)
        .values(**values)
    )
    return bool(getattr(done, "rowcount", 0))
