"""When something was last done."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from desk.backup_time import last_backup
from desk.desk import Desk
from desk.last_times import forget_time, last_time, note_time
from tests.desk.conftest import Command


def test_the_latest_moment_stays_and_can_be_forgotten(desk: Desk) -> None:
    now = desk.clock.real()
    for at in (None, now - timedelta(hours=1), now + timedelta(hours=1)):
        desk.database.run(partial(note_time, name="iets", at=at))
    with desk.database.reading() as session:
        assert last_time(session, "iets") == now + timedelta(hours=1)
        assert last_time(session, "iets anders") is None
    for _ in range(2):
        desk.database.run(lambda session: forget_time(session, "iets"))
    with desk.database.reading() as session:
        assert last_time(session, "iets") is None


def test_a_backup_notes_when_it_began(sqlite_desk: Desk, sqlite_command: Command, tmp_path: Path) -> None:
    assert sqlite_command("backup", tmp_path / "een.backup").exit_code == 0
    with sqlite_desk.database.reading() as session:
        first = last_backup(session)
    assert first is not None
    assert sqlite_command("backup", tmp_path / "een.backup").exit_code == 1
    with sqlite_desk.database.reading() as session:
        assert last_backup(session) == first
