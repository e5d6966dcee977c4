"""What *Toestand* says of the telephone."""

from datetime import timedelta
from functools import partial

import pytest

from desk import counters
from desk.backup_time import note_backup
from desk.condition import Condition, State
from desk.jobs import Job, JobStatus, enqueue
from desk.last_times import forget_time, note_time
from intake.phone.away.spool import ASIDE, EVENT, FOLDER
from intake.phone.carrier.comparison import MISSED_CALLS
from intake.phone.carrier.reconcile import AWAY, DIFFERED, DONE
from intake.phone.carrier.watch import conditions
from intake.phone.models import KeptRecording
from tests.fakes import FixedClock
from tests.intake.phone.line import Line, with_settings

HOUR = timedelta(hours=1)


def said(line: Line, name: str) -> Condition:
    with line.desk.database.reading() as session:
        found = conditions(session, line.desk.settings, line.desk.clock.real())
    return next(each for each in found if each.name == name)


def _noted(line: Line, name: str) -> None:
    line.desk.database.run(lambda session: note_time(session, name))


def test_comparing_with_the_carrier_is_watched(line: Line, clock: FixedClock) -> None:
    assert said(line, "Oproepen").state is State.ATTENTION
    _noted(line, DONE)
    assert (said(line, "Oproepen").state, said(line, "Oproepen").since) == (State.OK, clock.real())
    clock.advance(HOUR + HOUR)
    assert "niet meer vergeleken" in said(line, "Oproepen").sentence
    _noted(line, AWAY)
    away = clock.real()
    clock.advance(HOUR)
    assert (said(line, "Oproepen").state, said(line, "Oproepen").since) == (State.ALARM, away)


def test_what_was_missing_is_an_alarm_for_a_day(line: Line, clock: FixedClock) -> None:
    _noted(line, DIFFERED)
    line.desk.database.run(lambda session: counters.add(session, MISSED_CALLS))
    for state in (State.ALARM, State.OK):
        _noted(line, DONE)
        now = said(line, "Oproepen")
        assert now.state is state
        assert now.sentence.endswith("Tot nu toe later gevonden: 1 oproep, 0 opnames.")
        clock.advance(timedelta(days=1))


def _job(line: Line, kind: str, status: JobStatus, attempts: int) -> None:
    line.desk.database.run(partial(enqueue, kind=kind, payload={}))
    with line.desk.database.writing() as session:
        row = session.query(Job).filter(Job.kind == kind).one()
        row.status, row.attempts, row.fault = status, attempts, "weg"


@pytest.mark.parametrize(
    ("status", "attempts", "state"),
    [
        (JobStatus.READY, 2, State.OK),
        (JobStatus.READY, 8, State.ATTENTION),
        (JobStatus.DEAD, 1, State.ALARM),
        (JobStatus.DONE, 9, State.OK),
    ],
)
def test_recordings_that_are_not_fetched_are_told(
    sqlite_line: Line, status: JobStatus, attempts: int, state: State
) -> None:
    _job(sqlite_line, "fetch_recording", status, attempts)
    assert said(sqlite_line, "Opnames ophalen").state is state


def _kept(line: Line) -> None:
    line.dial()
    with line.desk.database.writing() as session:
        sid, contact = "RE" + "1" * 32, line.contact()
        session.add(KeptRecording(sid=sid, contact_id=contact.id, kept_at=line.desk.clock.real()))


def test_recordings_that_wait_for_a_backup_are_told(line: Line, clock: FixedClock) -> None:
    assert said(line, "Opnames wissen").state is State.OK
    _kept(line)
    first = said(line, "Opnames wissen")
    assert (first.state, first.sentence) == (
        State.OK,
        "1 opname staat nog bij de telefoonaanbieder, tot de volgende back-up gemaakt is.",
    )
    clock.advance(timedelta(days=3))
    assert said(line, "Opnames wissen").state is State.ATTENTION
    line.desk.database.run(lambda session: note_backup(session, clock.real()))
    assert said(line, "Opnames wissen").state is State.OK
    now = with_settings(line, delete_recordings_after_backup=False)
    assert said(now, "Opnames wissen").sentence.endswith("zo gewist.")


@pytest.mark.parametrize(
    ("status", "attempts", "state"),
    [
        (JobStatus.READY, 1, State.ATTENTION),
        (JobStatus.READY, 8, State.ALARM),
        (JobStatus.DEAD, 1, State.ALARM),
    ],
)
def test_deleting_that_fails_is_told(sqlite_line: Line, status: JobStatus, attempts: int, state: State) -> None:
    _kept(sqlite_line)
    _job(sqlite_line, "delete_recording", status, attempts)
    now = said(sqlite_line, "Opnames wissen")
    assert now.state is state
    assert "lukt niet" in now.sentence


def test_a_carrier_that_is_back_is_no_alarm_any_more(sqlite_line: Line) -> None:
    _noted(sqlite_line, AWAY)
    _noted(sqlite_line, DONE)
    sqlite_line.desk.database.run(lambda session: forget_time(session, AWAY))
    assert said(sqlite_line, "Oproepen").state is State.OK


def test_what_waits_for_the_database_on_this_machine_is_told(sqlite_line: Line, clock: FixedClock) -> None:
    assert said(sqlite_line, "Wachtende oproepen").state is State.OK
    folder = sqlite_line.desk.settings.data_dir / FOLDER
    (folder / ASIDE).mkdir(parents=True)
    heard = clock.real()
    name = f"{int(heard.timestamp() * 1_000_000):016d}{EVENT}"
    (folder / name).touch()
    assert said(sqlite_line, "Wachtende oproepen").state is State.OK
    clock.advance(HOUR)
    now = said(sqlite_line, "Wachtende oproepen")
    assert (now.state, now.since, now.sentence[:9]) == (State.ALARM, heard, "1 bericht")
    (folder / name).rename(folder / ASIDE / name)
    assert "mist er een oproep" in said(sqlite_line, "Wachtende oproepen").sentence
