"""What `doctor` says of jobs that are not done as they should be."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from desk.check import Fault
from desk.desk import Desk
from desk.jobs import Job, JobStatus, claim, enqueue, postpone
from desk.unfinished import MANY_ATTEMPTS, jobs
from tests.desk.conftest import Command
from tests.fakes import FixedClock


def _claimed(desk: Desk, **values: object) -> None:
    """A job in a worker's hands, changed as told."""
    with desk.database.writing() as session:
        enqueue(session, "send_letter", {})
    with desk.database.writing() as session:
        claim(session, "a worker")
        if values:
            session.execute(update(Job).values(**values))


def _said(desk: Desk) -> str:
    with pytest.raises(Fault) as caught:
        jobs(desk.database)
    return str(caught.value)


def test_jobs_that_nobody_does_are_a_fault_in_their_own_line(desk: Desk, command: Command) -> None:
    with desk.database.writing() as session:  # this desk's clock stands in 2020, the command's does not
        enqueue(session, "send_letter", {})
    line = next(line for line in command("doctor").output.splitlines() if line[7:].startswith("jobs "))
    assert line.startswith("FAULT")
    assert "is `meldpunt work` running? (1 send_letter)" in line


def test_a_job_that_was_begun_and_never_ended_is_a_fault(desk: Desk, clock: FixedClock) -> None:
    _claimed(desk)
    assert jobs(desk.database) == "none waits too long"
    clock.advance(timedelta(days=3))
    assert _said(desk) == "1 were begun and not finished; is `meldpunt work` running? (1 send_letter)"


def test_a_job_that_goes_on_failing_is_a_fault_although_it_is_tried_in_time(desk: Desk, clock: FixedClock) -> None:
    with desk.database.writing() as session:
        enqueue(session, "send_letter", {})
    for _ in range(MANY_ATTEMPTS):
        assert jobs(desk.database) == "none waits too long"
        clock.advance(timedelta(minutes=31))
        desk.database.run(_fail)
    assert _said(desk) == "1 fail again and again (8 times or more) (1 send_letter: smtp: refused)"


def _fail(session: Session) -> None:
    [job] = claim(session, "a worker")
    postpone(session, job, "smtp: refused")


def test_a_failing_job_is_named_while_it_is_tried_once_more(desk: Desk) -> None:
    _claimed(desk, attempts=200, fault="smtp: refused")
    assert "200" not in _said(desk)
    assert "smtp: refused" in _said(desk)


def test_jobs_that_were_given_up_are_named_by_kind_and_fault(desk: Desk) -> None:
    _claimed(desk, status=JobStatus.DEAD, fault="no handler for send_letter")
    _claimed(desk, status=JobStatus.DEAD, fault="no handler for send_letter")
    assert _said(desk) == "2 given up after many attempts (2 send_letter: no handler for send_letter)"


def test_one_line_names_a_handful_of_kinds(desk: Desk) -> None:
    for number in range(7):
        with desk.database.writing() as session:
            enqueue(session, f"kind{number}", {})
    with desk.database.writing() as session:
        session.execute(update(Job).values(status=JobStatus.DEAD))
    assert _said(desk).startswith("7 given up")
    assert _said(desk).endswith("1 kind4, …)")
