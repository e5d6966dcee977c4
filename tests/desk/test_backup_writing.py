"""How a backup comes to stand there: whole, beside others, and with one clear line when it cannot."""

import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app import metadata, seeds
from desk.audit import AuditLine
from desk.backup import write_backup
from desk.database import Database
from desk.desk import Desk
from desk.migrate import downgrade
from desk.restore import restore
from tests.builders import a_ticket
from tests.desk.conftest import Command


def test_two_backups_of_one_name_at_once_leave_one_that_is_whole(
    sqlite_desk: Desk, tmp_path: Path, empty_sqlite: Database
) -> None:
    a_ticket(sqlite_desk)
    file = tmp_path / "tonight.backup"
    begun = False

    def begin_another(_rows: int) -> None:
        nonlocal begun
        if not begun:
            begun = True
            write_backup(sqlite_desk.database, metadata(), file)

    with pytest.raises(FileExistsError):
        write_backup(sqlite_desk.database, metadata(), file, begin_another)
    restore(empty_sqlite, metadata(), seeds(), file)
    assert [path.name for path in tmp_path.glob("tonight*")] == ["tonight.backup"]


def test_many_backups_of_one_name_at_once_end_as_one(sqlite_desk: Desk, tmp_path: Path, empty_sqlite: Database) -> None:
    a_ticket(sqlite_desk)
    made: list[int] = []

    def work() -> None:
        with suppress(FileExistsError):
            write_backup(sqlite_desk.database, metadata(), tmp_path / "b")
            made.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]
    restore(empty_sqlite, metadata(), seeds(), tmp_path / "b")


def test_a_backup_that_the_log_could_not_be_told_of_is_still_named(
    sqlite_desk: Desk, sqlite_command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "tonight.backup"
    with sqlite_desk.database.writing() as session:
        before = session.scalar(select(func.count()).select_from(AuditLine))
        said = sqlite_command("backup", file)
    assert said.exit_code == 1
    (line,) = said.output.splitlines()
    assert line == f"Error: {file} is whole, but the audit log could not be told of it (OperationalError)"
    assert file.exists()
    with sqlite_desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditLine)) == before


def test_a_folder_that_takes_no_files_is_named(sqlite_command: Command, tmp_path: Path) -> None:
    said = sqlite_command("backup", tmp_path / "gone" / "tonight.backup")
    assert said.exit_code == 1
    assert said.output.startswith("Error: ")
    assert len(said.output.splitlines()) == 1


def test_a_database_that_waits_for_migrations_is_named_in_one_line(
    sqlite_desk: Desk, sqlite_command: Command, tmp_path: Path
) -> None:
    downgrade(sqlite_desk.database, metadata(), "0004")
    said = sqlite_command("backup", tmp_path / "tonight.backup")
    assert (said.exit_code, said.output) == (1, "Error: the database stands at 0004; run: meldpunt migrate\n")
