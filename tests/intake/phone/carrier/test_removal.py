"""Recordings leave the carrier only when they are stored here whole and a backup holds them; real HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask, Response, jsonify
from sqlalchemy import select

from app import metadata, seeds
from desk.audit import AuditLine
from desk.backup_time import note_backup
from desk.database import Database
from desk.jobs import Job, JobStatus, enqueue
from desk.migrate import downgrade, migrate
from intake.phone.carrier.recordings import MISSING, TOLD_AT
from intake.phone.carrier.removal import COMMITTED_BY
from intake.phone.models import KeptRecording
from tests.fakes import FixedClock
from tests.intake.phone.carrier.test_recordings import Shelf, kept, leave_a_message, messages, tell_it_is_there, work
from tests.intake.phone.exchange import NOT_FOUND
from tests.intake.phone.files import a_wav
from tests.intake.phone.line import Line, with_settings
from tests.intake.phone.servers import served
from triage.models import Attachment

NIGHT = timedelta(hours=12)


@dataclass
class Keeper(Shelf):
    """A carrier that can be asked to delete; `refusals` are answered first, `sticks` means that it never does."""

    deleted: list[str] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    sticks: bool = False

    def app(self) -> Flask:
        app = super().app()

        @app.delete("/2010-04-01/Accounts/<account>/Recordings/<sid>.json")
        def delete(account: str, sid: str) -> Response | tuple[Response, int]:
            if self.refusals:
                return jsonify(code=20500), self.refusals.pop(0)
            if sid in self.deleted:
                return jsonify(NOT_FOUND), 404
            self.deleted += [] if self.sticks else [sid]
            return Response(status=204)

        @app.get("/2010-04-01/Accounts/<account>/Recordings/<sid>.json")
        def told(account: str, sid: str) -> Response | tuple[Response, int]:
            return (jsonify(NOT_FOUND), 404) if sid in self.deleted else jsonify(sid=sid, date_created=None)

        return app


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


@pytest.fixture
def keeper_url(keeper: Keeper) -> Iterator[str]:
    with served(keeper.app()) as url:
        yield url


@pytest.fixture
def line_to(line: Line, keeper_url: str) -> Line:
    return with_settings(line, twilio_api_url=keeper_url)


def _a_recording(line: Line) -> str:
    sid, recording = leave_a_message(line)
    tell_it_is_there(line, sid, recording)
    work(line)
    return recording


def _backed_up(line: Line, *, at: timedelta = timedelta()) -> None:
    database: Database = line.desk.database
    database.run(lambda session: note_backup(session, line.desk.clock.real() + at))


def _released(line: Line) -> None:
    """What is done on a schedule is done once."""
    line.desk.database.run(lambda session: enqueue(session, "release_recordings", {}))
    work(line)


def _still_there(line: Line) -> list[str]:
    with line.desk.database.reading() as session:
        return list(session.scalars(select(KeptRecording.sid).where(KeptRecording.deleted_at.is_(None))))


def _deleting(line: Line) -> list[JobStatus]:
    with line.desk.database.reading() as session:
        return list(session.scalars(select(Job.status).where(Job.kind == "delete_recording")))


def test_a_recording_stays_at_the_carrier_until_a_backup_holds_it(
    line_to: Line, keeper: Keeper, clock: FixedClock
) -> None:
    _backed_up(line_to)
    recording = _a_recording(line_to)
    _released(line_to)
    assert keeper.deleted == []
    clock.advance(NIGHT)
    _backed_up(line_to)
    _released(line_to)
    assert keeper.deleted == [recording]
    assert _still_there(line_to) == []
    assert kept(line_to) == [keeper.sound]
    with line_to.desk.database.reading() as session:
        assert "delete_at_carrier" in session.scalars(select(AuditLine.action)).all()


def test_a_backup_that_began_when_it_was_stored_may_lack_it(line_to: Line, keeper: Keeper) -> None:
    _a_recording(line_to)
    _backed_up(line_to, at=COMMITTED_BY - timedelta(seconds=1))
    _released(line_to)
    assert keeper.deleted == []
    _backed_up(line_to, at=COMMITTED_BY)
    _released(line_to)
    assert len(keeper.deleted) == 1


def test_without_waiting_for_a_backup_it_is_deleted_as_soon_as_it_is_stored(line_to: Line, keeper: Keeper) -> None:
    line = with_settings(line_to, delete_recordings_after_backup=False)
    assert [_a_recording(line)] == keeper.deleted
    assert _still_there(line) == []


def test_a_setting_that_is_changed_later_counts_for_what_waits(line_to: Line, keeper: Keeper) -> None:
    recording = _a_recording(line_to)
    _released(with_settings(line_to, delete_recordings_after_backup=False))
    assert keeper.deleted == [recording]


def test_a_carrier_that_cannot_delete_now_is_asked_again(line_to: Line, keeper: Keeper, clock: FixedClock) -> None:
    line = with_settings(line_to, delete_recordings_after_backup=False)
    keeper.refusals = [500, 503, 429]
    recording = _a_recording(line)
    assert _deleting(line) == [JobStatus.READY]
    assert _still_there(line) == [recording]
    for _ in range(3):
        clock.advance(timedelta(hours=1))
        work(line)
    assert keeper.deleted == [recording]
    assert _deleting(line) == [JobStatus.DONE]


def test_deleted_is_believed_only_when_the_carrier_has_it_no_longer(line_to: Line, keeper: Keeper) -> None:
    keeper.sticks = True
    _a_recording(with_settings(line_to, delete_recordings_after_backup=False))
    assert len(_still_there(line_to)) == 1
    assert _deleting(line_to) == [JobStatus.READY]


def test_released_twice_it_is_deleted_once(line_to: Line, keeper: Keeper, clock: FixedClock) -> None:
    _a_recording(line_to)
    clock.advance(NIGHT)
    _backed_up(line_to)
    for _ in range(3):
        _released(line_to)
    assert len(keeper.deleted) == 1
    assert _deleting(line_to) == [JobStatus.DONE]


def test_one_that_a_person_deleted_there_counts_as_gone(line_to: Line, keeper: Keeper) -> None:
    sid, recording = leave_a_message(line_to)
    tell_it_is_there(line_to, sid, recording)
    work(line_to)
    keeper.deleted = [recording]
    _released(with_settings(line_to, delete_recordings_after_backup=False))
    assert _still_there(line_to) == []


@pytest.mark.parametrize("sound", [a_wav(7)[:-100], b"<html>binnenkort</html>"])
def test_what_may_not_be_whole_is_never_deleted_there(
    line_to: Line, keeper: Keeper, clock: FixedClock, sound: bytes
) -> None:
    line = with_settings(line_to, delete_recordings_after_backup=False)
    keeper.sound = sound
    _a_recording(line)
    for _ in range(TOLD_AT):
        clock.advance(timedelta(minutes=40))
        work(line)
    _released(line)
    assert kept(line) == [sound]
    assert (keeper.deleted, _deleting(line)) == ([], [])


def test_one_that_was_not_fetched_is_never_deleted_there(line_to: Line, keeper: Keeper) -> None:
    line = with_settings(line_to, delete_recordings_after_backup=False)
    keeper.answers.append(Response(status=410))
    _a_recording(line)
    _released(line)
    assert messages(line) == [MISSING]
    assert (keeper.deleted, _deleting(line)) == ([], [])


def test_fewer_bytes_than_were_announced_are_not_taken_for_the_recording(line_to: Line, keeper: Keeper) -> None:
    line = with_settings(line_to, delete_recordings_after_backup=False)
    short = Response(keeper.sound[:-2000], mimetype="audio/x-wav")
    short.headers["Content-Length"] = str(len(keeper.sound))
    keeper.answers.append(short)
    _a_recording(line)
    assert (kept(line), keeper.deleted) == ([], [])


def test_what_was_destroyed_here_is_deleted_there_too(line_to: Line, keeper: Keeper, clock: FixedClock) -> None:
    recording = _a_recording(line_to)
    with line_to.desk.database.writing() as session:
        session.merge(line_to.contact()).data_key.destroy(line_to.desk.clock.real())
    clock.advance(NIGHT)
    _backed_up(line_to)
    _released(line_to)
    assert keeper.deleted == [recording]


def test_what_is_no_longer_stored_here_is_left_where_it_is(line_to: Line, keeper: Keeper) -> None:
    _a_recording(line_to)
    with line_to.desk.database.writing() as session:
        session.delete(session.scalars(select(Attachment)).one())
    _released(with_settings(line_to, delete_recordings_after_backup=False))
    assert (keeper.deleted, _deleting(line_to)) == ([], [JobStatus.DEAD])


def test_what_was_stored_before_this_was_known_is_deleted_too(line_to: Line, keeper: Keeper, clock: FixedClock) -> None:
    whole = _a_recording(line_to)
    keeper.sound = a_wav(7)[:-100]
    _a_recording(line_to)
    for _ in range(TOLD_AT):
        clock.advance(timedelta(minutes=40))
        work(line_to)
    database = line_to.desk.database
    downgrade(database, metadata(), "0009")
    migrate(database, metadata(), seeds())
    assert _still_there(line_to) == [whole]
