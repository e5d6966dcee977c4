"""Everything sealed is opened, and what does not open is counted and named instead of ending the look."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app import metadata
from desk.audit import AuditHead
from desk.backup import write_backup
from desk.blobs import CHUNK, Blob, BlobChunk
from desk.data_keys import DataKey
from desk.desk import Desk
from desk.soundness import look_at, sealed_things
from intake.concern import Enclosure
from tests.builders import a_ticket
from tests.desk.conftest import Command
from triage.models import Ticket

MANY = 60  # more than anybody looks at by sample
Spoil = Callable[[Session], object]


def _spoil(desk: Desk, how: Spoil) -> None:
    with desk.database.writing() as session:
        how(session)


def _one(session: Session) -> object:
    """One cell among many, which no sample would surely find."""
    number = session.scalar(select(func.min(Ticket.number)))
    moved = update(Ticket).where(Ticket.number == number).values(subject_sealed=Ticket.text_sealed)
    return session.execute(moved.execution_options(synchronize_session=False))


def test_one_broken_cell_among_many_is_always_found(desk: Desk) -> None:
    for _ in range(MANY):
        a_ticket(desk)
    _spoil(desk, _one)
    seen: list[int] = []
    with desk.database.reading() as session:
        found = look_at(session, seen.append)
        assert sum(seen) == sealed_things(session)
    assert found.broken == 1
    (fault,) = found.faults
    assert fault.startswith("ticket.subject_sealed:")


SPOILED: dict[str, tuple[Spoil, int, str]] = {
    "a moved cell": (_one, 1, "ticket.subject_sealed:"),
    "a lost chunk": (lambda session: session.execute(update(BlobChunk).values(n=BlobChunk.n + 5)), 1, "blob:"),
    "a damaged data key": (
        lambda session: session.execute(update(DataKey).values(wrapped=b"\x01" * 61)),
        3,
        "data_key:",
    ),
    "an unknown wrapping key": (
        lambda session: session.execute(update(DataKey).values(ring_key="gone")),
        3,
        "data_key:",
    ),
    "another content": (lambda session: session.execute(update(Blob).values(size=7)), 1, "blob:"),
}


@pytest.mark.parametrize("what", SPOILED)
def test_what_does_not_open_is_counted_and_named(desk: Desk, what: str) -> None:
    spoil, least, about = SPOILED[what]
    a_ticket(desk)
    a_ticket(desk, enclosures=(Enclosure("1", "opname.wav", "audio/x-wav", b"a" * (CHUNK + 5)),))
    _spoil(desk, spoil)
    with desk.database.reading() as session:
        found = look_at(session)
    assert found.broken >= least
    assert any(fault.startswith(about) for fault in found.faults)
    assert found.broken_at is None
    assert not found.whole


def test_faults_are_counted_to_the_last_and_a_few_are_named(sqlite_desk: Desk) -> None:
    for _ in range(20):
        a_ticket(sqlite_desk)
    _spoil(sqlite_desk, lambda session: session.execute(update(Ticket).values(subject_sealed=b"\x01broken")))
    with sqlite_desk.database.reading() as session:
        found = look_at(session)
    assert (found.broken, len(found.faults)) == (20, 10)


@pytest.fixture
def spoiled(sqlite_desk: Desk, tmp_path: Path) -> Path:
    """A backup of a desk with one cell that does not open."""
    a_ticket(sqlite_desk)
    _spoil(sqlite_desk, _one)
    write_backup(sqlite_desk.database, metadata(), tmp_path / "spoiled.backup")
    return tmp_path / "spoiled.backup"


def test_what_was_restored_is_called_restored_though_a_cell_does_not_open(
    spoiled: Path, sqlite_command: Command, empty_url: str
) -> None:
    said = sqlite_command("restore", spoiled, database_url=empty_url)
    assert said.exit_code == 3
    assert "Restored: made " in said.output
    assert "but 1 cell does not open: ticket.subject_sealed:" in said.output
    assert sqlite_command("audit", "verify", database_url=empty_url).exit_code == 0
    again = sqlite_command("restore", spoiled, database_url=empty_url)
    assert (again.exit_code, "not empty" in again.output) == (1, True)


def test_the_check_ends_with_1_for_a_cell_that_does_not_open(spoiled: Path, sqlite_command: Command) -> None:
    said = sqlite_command("restore", spoiled, "--check")
    assert said.exit_code == 1
    assert "1 cell does not open: ticket.subject_sealed:" in said.output


def test_a_restored_log_that_is_broken_is_said_and_the_rest_stands(
    sqlite_desk: Desk, sqlite_command: Command, tmp_path: Path, empty_sqlite_url: str
) -> None:
    _spoil(sqlite_desk, lambda session: session.execute(update(AuditHead).values(seal=b"\0" * 32)))
    write_backup(sqlite_desk.database, metadata(), tmp_path / "b")
    said = sqlite_command("restore", tmp_path / "b", database_url=empty_sqlite_url)
    assert said.exit_code == 3
    assert "Restored: made " in said.output
    assert "the audit log is broken at line" in said.output


def test_the_restored_database_says_itself_that_it_was_restored(
    sqlite_desk: Desk, sqlite_command: Command, tmp_path: Path, empty_url: str
) -> None:
    write_backup(sqlite_desk.database, metadata(), tmp_path / "b")
    assert sqlite_command("restore", tmp_path / "b", database_url=empty_url).exit_code == 0
    assert '"action":"restore","object":"database"' in sqlite_command("export", database_url=empty_url).stdout
    assert sqlite_command("audit", "verify", database_url=empty_url).exit_code == 0


def test_a_log_without_its_head_keeps_no_word_from_coming_back(
    sqlite_desk: Desk, sqlite_command: Command, tmp_path: Path, empty_sqlite_url: str
) -> None:
    a_ticket(sqlite_desk)
    _spoil(sqlite_desk, lambda session: session.execute(delete(AuditHead)))
    write_backup(sqlite_desk.database, metadata(), tmp_path / "b")
    said = sqlite_command("restore", tmp_path / "b", database_url=empty_sqlite_url)
    assert said.exit_code == 3
    assert "the audit log is broken at line" in said.output


def test_a_database_that_does_not_answer_is_said_in_one_line(
    sqlite_desk: Desk, sqlite_command: Command, tmp_path: Path
) -> None:
    write_backup(sqlite_desk.database, metadata(), tmp_path / "b")
    said = sqlite_command("restore", tmp_path / "b", database_url=f"sqlite:///{tmp_path}/nowhere/x.db")
    assert (said.exit_code, len(said.output.splitlines())) == (1, 1)
    assert "nothing was restored" in said.output
