"""Jobs: none lost, none done by two at a time, none repeated for ever."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.desk import Desk
from desk.jobs import (
    LEASE,
    LONGEST_WAIT,
    MOST_FAILURES,
    MOST_LOSSES,
    ClaimedJob,
    Job,
    JobStatus,
    backoff,
    bury,
    claim,
    enqueue,
    extend,
    finish,
    postpone,
)
from desk.schedule import Recurring, Schedule
from desk.sender import GiveUp, TryAgain
from desk.worker import Handler, Worker
from tests.fakes import FixedClock


def _enqueue(desk: Desk, kind: str = "letter", key: str | None = None) -> None:
    with desk.database.writing() as session:
        enqueue(session, kind, {"contact": "een"}, key=key)


def _claim(desk: Desk, worker: str = "a", most: int = 1) -> list[ClaimedJob]:
    with desk.database.writing() as session:
        return claim(session, worker, most=most)


def _jobs(desk: Desk) -> list[Job]:
    with desk.database.reading() as session:
        return list(session.scalars(select(Job).order_by(Job.run_at)))


def _worker(desk: Desk, handler: Handler) -> Worker:
    return Worker(desk.database, {"letter": handler}, schedule=lambda: None)


def test_a_job_is_handed_out_once(desk: Desk) -> None:
    _enqueue(desk)
    (job,) = _claim(desk)
    assert (job.kind, job.payload, job.attempt) == ("letter", {"contact": "een"}, 1)
    assert _claim(desk, "b") == []


def test_a_transaction_that_is_rolled_back_leaves_no_job(desk: Desk) -> None:
    with desk.database.reading() as session:
        enqueue(session, "letter", {})
    assert _jobs(desk) == []


def test_a_key_that_was_used_before_adds_nothing_even_when_that_job_is_done(desk: Desk) -> None:
    _enqueue(desk, key="letter:1")
    _enqueue(desk, key="letter:1")
    (job,) = _claim(desk, most=5)
    with desk.database.writing() as session:
        assert finish(session, job)
    _enqueue(desk, key="letter:1")
    assert [job.status for job in _jobs(desk)] == [JobStatus.DONE]


def test_two_who_use_a_key_at_the_same_moment_make_one_job(desk: Desk) -> None:
    together = threading.Barrier(2)

    def put_in() -> None:
        together.wait()
        desk.database.run(lambda session: enqueue(session, "report", {}, key="report:2026-W47"))

    _at_once(put_in, 2)
    assert len(_jobs(desk)) == 1


def test_workers_beside_each_other_share_the_jobs_without_doubles(desk: Desk) -> None:
    for _ in range(40):
        _enqueue(desk)
    done: list[str] = []
    _at_once(lambda: _worker(desk, lambda job: done.append(str(job.id))).drain(), 4)
    assert len(done) == len(set(done)) == 40
    assert {job.status for job in _jobs(desk)} == {JobStatus.DONE}


def test_a_job_waits_for_its_time(desk: Desk, clock: FixedClock) -> None:
    with desk.database.writing() as session:
        enqueue(session, "letter", {}, run_at=clock.real() + timedelta(hours=1))
    assert _claim(desk) == []
    clock.advance(timedelta(hours=1))
    assert len(_claim(desk)) == 1


def test_a_killed_workers_job_is_taken_over_when_its_lease_ends(desk: Desk, clock: FixedClock) -> None:
    _enqueue(desk)
    _claim(desk, "killed")
    clock.advance(LEASE)
    assert _claim(desk, "b") == []
    clock.advance(timedelta(seconds=1))
    (job,) = _claim(desk, "b")
    assert job.attempt == 2


def _bury(session: Session, job: ClaimedJob) -> bool:
    return bury(session, job, "refused")


def _postpone(session: Session, job: ClaimedJob) -> bool:
    return postpone(session, job, "away")


@pytest.mark.parametrize("act", [finish, extend, _bury, _postpone])
def test_a_worker_that_lost_its_lease_changes_nothing(
    desk: Desk, clock: FixedClock, act: Callable[[Session, ClaimedJob], bool]
) -> None:
    _enqueue(desk)
    (late,) = _claim(desk, "late")
    clock.advance(LEASE * 2)
    (job,) = _claim(desk, "b")
    with desk.database.writing() as session:
        assert not act(session, late)
    with desk.database.writing() as session:
        assert finish(session, job)
    with desk.database.writing() as session:
        assert not act(session, job)
    assert [(job.status, job.worker) for job in _jobs(desk)] == [(JobStatus.DONE, "b")]


def test_a_lease_that_is_extended_is_not_taken_over(desk: Desk, clock: FixedClock) -> None:
    _enqueue(desk)
    (job,) = _claim(desk)
    clock.advance(LEASE * 0.9)
    with desk.database.writing() as session:
        assert extend(session, job)
    clock.advance(LEASE * 0.9)
    assert _claim(desk, "b") == []


def test_waits_grow_to_half_an_hour() -> None:
    for attempt in range(1, 30):
        usual = min(timedelta(seconds=2**attempt), LONGEST_WAIT)
        assert usual * 0.75 <= backoff(attempt) <= usual * 1.25


def test_a_job_that_keeps_breaking_is_dead_after_twelve_attempts_and_stays(desk: Desk, clock: FixedClock) -> None:
    _enqueue(desk)

    def broken(_job: ClaimedJob) -> None:
        raise ZeroDivisionError

    worker = _worker(desk, broken)
    for _ in range(MOST_FAILURES):
        assert worker.run_once() == 1
        clock.advance(LONGEST_WAIT * 2)
    assert worker.run_once() == 0
    (job,) = _jobs(desk)
    assert (job.status, job.attempts, job.fault) == (JobStatus.DEAD, MOST_FAILURES, "ZeroDivisionError")


def test_a_job_that_kills_its_worker_is_dead_after_five_workers_and_stays(desk: Desk, clock: FixedClock) -> None:
    _enqueue(desk)
    for worker in range(MOST_LOSSES):
        (_killed,) = _claim(desk, str(worker))
        clock.advance(LEASE * 2)
    ran: list[ClaimedJob] = []
    _worker(desk, ran.append).drain()
    (job,) = _jobs(desk)
    assert ran == []
    assert (job.status, job.fault) == (JobStatus.DEAD, "5 workers were gone before it was done")


def test_what_is_away_for_days_is_waited_for_and_then_done(desk: Desk, clock: FixedClock) -> None:
    _enqueue(desk)
    away = True

    def sometimes(_job: ClaimedJob) -> None:
        if away:
            raise TryAgain("the server is away")

    worker = _worker(desk, sometimes)
    for _ in range(5 * 48):
        worker.run_once()
        clock.advance(LONGEST_WAIT * 1.25)
    away = False
    worker.run_once()
    (job,) = _jobs(desk)
    assert job.status is JobStatus.DONE
    assert job.attempts > MOST_FAILURES


def test_a_refused_job_is_dead_at_once(desk: Desk) -> None:
    _enqueue(desk)

    def refuse(_job: ClaimedJob) -> None:
        raise GiveUp("550")

    _worker(desk, refuse).drain()
    assert [(job.status, job.fault) for job in _jobs(desk)] == [(JobStatus.DEAD, "550")]


def test_a_handler_that_breaks_is_tried_again_and_its_words_are_not_kept(desk: Desk, clock: FixedClock) -> None:
    _enqueue(desk)
    seen: list[int] = []

    def breaks_once(job: ClaimedJob) -> None:
        seen.append(job.attempt)
        if job.attempt == 1:
            raise ValueError("Hanna Papier, 06 - 0000 0142")

    worker = _worker(desk, breaks_once)
    worker.drain()
    assert [(job.status, job.fault) for job in _jobs(desk)] == [(JobStatus.READY, "ValueError")]
    clock.advance(timedelta(seconds=10))
    worker.drain()
    assert seen == [1, 2]
    assert [(job.status, job.fault) for job in _jobs(desk)] == [(JobStatus.DONE, None)]


def test_a_job_that_nobody_knows_is_shown_not_lost(desk: Desk) -> None:
    _enqueue(desk, kind="unheard of")
    _worker(desk, lambda _job: None).drain()
    assert [(job.status, job.fault) for job in _jobs(desk)] == [(JobStatus.DEAD, "no handler for unheard of")]


def test_a_worker_stops_when_told(desk: Desk) -> None:
    stop, ran = threading.Event(), threading.Event()
    _enqueue(desk)
    worker = _worker(desk, lambda _job: ran.set())
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    assert ran.wait(10)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert [job.status for job in _jobs(desk)] == [JobStatus.DONE]


def test_scheduled_work_is_put_in_once_a_slot_by_whichever_machine_comes_first(desk: Desk, clock: FixedClock) -> None:
    machines = [Schedule(desk.database, clock, [Recurring("settle", timedelta(minutes=5))]) for _ in range(3)]
    for _ in range(2):
        for machine in machines:
            machine()
    assert len(_jobs(desk)) == 1
    clock.advance(timedelta(minutes=5))
    for machine in machines:
        machine()
    assert [job.kind for job in _jobs(desk)] == ["settle", "settle"]


def _at_once(work: Callable[[], object], count: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
