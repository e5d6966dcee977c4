"""Backups: whole, sealed, without keys, made while people work, and put back into either engine."""

import hashlib
import json
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select

from app import metadata, seeds
from desk.archive import (
    MANIFEST,
    MOST_LINE,
    BadBackup,
    Manifest,
    TablePart,
    kind_of,
    open_archive,
    put_manifest,
    read_lines,
    read_manifest,
    stored,
)
from desk.audit import AuditLine
from desk.backup import NotNewest, write_backup
from desk.blobs import CHUNK
from desk.database import Database
from desk.desk import Desk
from desk.documents import write
from desk.migrate import downgrade, newest, upgrade
from desk.restore import NotEmpty, restore
from desk.soundness import look_at
from desk.vault import Vault
from intake.concern import Enclosure
from tests.builders import a_colleague, a_ticket
from tests.desk.conftest import Command
from triage.models import Entry, Ticket

RECORDING = bytes(range(256)) * (CHUNK // 256) + b"einde"


@pytest.fixture
def full(sqlite_desk: Desk) -> Desk:
    """A desk with a bit of everything."""
    return _filled(sqlite_desk)


@pytest.fixture
def either(desk: Desk) -> Desk:
    """The same, once on each engine."""
    return _filled(desk)


@pytest.fixture
def file(full: Desk, tmp_path: Path) -> Path:
    """A backup of `full`."""
    return _backup(full, tmp_path)


def _filled(desk: Desk) -> Desk:
    a_colleague(desk)
    a_ticket(desk, text="\udcff broken \x00 text")
    a_ticket(desk, enclosures=(Enclosure("1", "opname.wav", "audio/x-wav", RECORDING),))
    return desk


def _backup(desk: Desk, folder: Path) -> Path:
    path = folder / "desk.backup"
    write_backup(desk.database, metadata(), path)
    return path


def _content(database: Database) -> dict[str, list[str]]:
    """All rows but those of the audit log, to which every restore adds a line."""
    with database.reading() as session:
        return {
            table.name: sorted(repr(row) for row in session.execute(select(table)))
            for table in metadata().sorted_tables
            if not table.name.startswith("audit")
        }


def test_everything_comes_back_in_either_engine(either: Desk, tmp_path: Path, empty: Database) -> None:
    restore(empty, metadata(), seeds(), _backup(either, tmp_path))
    assert _content(empty) == _content(either.database)
    with empty.reading() as session:
        found = look_at(session)
    assert (found.blobs, found.data_keys) == (1, 4)
    assert found.cells >= 20
    assert found.whole


def test_a_restored_desk_goes_on_working(full: Desk, file: Path, empty: Database) -> None:
    restore(empty, metadata(), seeds(), file)
    there = Desk(full.settings, full.clock, empty.vault, empty, full.sender)
    number = a_ticket(there)
    with empty.writing() as session:
        assert session.scalars(select(Ticket.subject_sealed).where(Ticket.number == number)).one()
        assert session.scalar(select(func.max(Entry.n))) == session.scalar(select(func.count()).select_from(Entry))
        write(session, "texts", "nieuw", "desk")
    with empty.reading() as session:
        assert look_at(session).audit_lines > 3


def test_a_backup_is_made_while_others_write(either: Desk, tmp_path: Path, empty_sqlite: Database) -> None:
    stop, written = threading.Event(), []

    def work() -> None:
        while not stop.is_set():
            written.append(a_ticket(either))

    writer = threading.Thread(target=work)
    writer.start()
    try:
        manifest = write_backup(either.database, metadata(), tmp_path / "busy.backup")
    finally:
        stop.set()
        writer.join()
    restore(empty_sqlite, metadata(), seeds(), tmp_path / "busy.backup")
    with empty_sqlite.reading() as session:
        tickets = session.scalar(select(func.count()).select_from(Ticket))
        assert look_at(session).audit_lines > 0
    assert {part.name: part.rows for part in manifest.tables}["ticket"] == tickets


def test_a_backup_holds_no_key_and_only_its_owner_reads_it(full: Desk, file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for secret in json.loads(full.settings.key_file.read_text())["permanent"].values():
        assert secret.encode() not in everything


def test_an_older_backup_is_brought_up_to_date(full: Desk, file: Path, tmp_path: Path, empty: Database) -> None:
    revision = f"{int(newest()) - 1:04}"
    older = Database(f"sqlite:///{tmp_path}/older.db", full.vault, full.clock)
    upgrade(older, metadata(), revision)
    _make_older(file, older, revision)
    older.close()
    restore(empty, metadata(), seeds(), file)
    assert _content(empty) == _content(full.database)


def _make_older(file: Path, older: Database, revision: str) -> None:
    """Make a file what it would have been before: without the tables and columns that were added since."""
    looks = inspect(older.engine)
    known = {table: {column["name"] for column in looks.get_columns(table)} for table in looks.get_table_names()}
    with zipfile.ZipFile(file) as archive:
        manifest = read_manifest(archive, older.vault)
        rows = {part.name: [json.loads(line) for line in read_lines(archive, part)] for part in manifest.tables}
    parts = list[TablePart]()
    with zipfile.ZipFile(file, "w") as archive:
        for part in (part for part in manifest.tables if part.name in known):
            kept = [n for n, (column, _kind) in enumerate(part.columns) if column in known[part.name]]
            content = b"".join(stored([row[n] for n in kept]) for row in rows[part.name])
            archive.writestr(part.file, content)
            columns = tuple(part.columns[n] for n in kept)
            parts.append(replace(part, columns=columns, sha256=hashlib.sha256(content).hexdigest()))
        put_manifest(archive, replace(manifest, revision=revision, tables=tuple(parts)), older.vault)


def test_a_backup_of_a_newer_version_is_refused(full: Desk, file: Path, empty_sqlite: Database) -> None:
    _rewrite(file, full.database.vault, lambda manifest: replace(manifest, revision="9999"))
    with pytest.raises(BadBackup, match="newer version"):
        restore(empty_sqlite, metadata(), seeds(), file)


def test_a_backup_in_a_form_that_is_not_known_is_refused(full: Desk, file: Path, empty_sqlite: Database) -> None:
    _rewrite(file, full.database.vault, lambda manifest: replace(manifest, form=2))
    with pytest.raises(BadBackup, match="form 2"):
        restore(empty_sqlite, metadata(), seeds(), file)


def _rewrite(file: Path, vault: Vault, change: Callable[[Manifest], Manifest]) -> None:
    """Make a file as another version would have made it."""
    with zipfile.ZipFile(file) as archive:
        manifest = read_manifest(archive, vault)
        members = {part.file: archive.read(part.file) for part in manifest.tables}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        put_manifest(archive, change(manifest), vault)


def test_every_changed_byte_of_a_table_is_found_and_nothing_is_restored(
    full: Desk, file: Path, empty_sqlite: Database
) -> None:
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["tables/ticket.jsonl"] = members["tables/ticket.jsonl"].replace(b'"new"', b'"old"')
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(BadBackup, match="ticket was changed"):
        restore(empty_sqlite, metadata(), seeds(), file)
    assert inspect(empty_sqlite.engine).get_table_names() == []


def test_a_changed_manifest_is_found(full: Desk, file: Path, empty_sqlite: Database) -> None:
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["manifest.json"] = members["manifest.json"].replace(newest().encode(), b"0001")
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(BadBackup, match="changed"):
        restore(empty_sqlite, metadata(), seeds(), file)


@pytest.mark.parametrize("damage", ["cut", "flipped", "nothing", "another zip"])
def test_a_damaged_file_is_refused_in_words(
    file: Path, empty_sqlite: Database, damage: str, sqlite_command: Command
) -> None:
    content = bytearray(file.read_bytes())
    if damage == "cut":
        del content[len(content) // 2 :]
    elif damage == "flipped":
        content[len(content) // 3] ^= 0xFF
    elif damage == "nothing":
        content.clear()
    else:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("hallo.txt", "hallo")
        content = bytearray(file.read_bytes())
    file.write_bytes(content)
    with pytest.raises(BadBackup):
        restore(empty_sqlite, metadata(), seeds(), file)
    said = sqlite_command("restore", file, "--check")
    assert said.exit_code == 1
    assert said.output.startswith("Error: ")
    assert len(said.output.splitlines()) == 1


@pytest.mark.parametrize(
    "damage", ["missing", "no rows", "other bytes", "cut", "huge manifest", "tiny", "encrypted", "unknown"]
)
def test_a_damaged_table_is_refused_in_a_line_and_nothing_is_restored(
    file: Path, empty_sqlite: Database, empty_sqlite_url: str, damage: str, sqlite_command: Command
) -> None:
    _damage(file, damage)
    with pytest.raises(BadBackup):
        restore(empty_sqlite, metadata(), seeds(), file)
    assert inspect(empty_sqlite.engine).get_table_names() == []
    for words in (("restore", file, "--check"), ("restore", file)):
        said = sqlite_command(*words, database_url=empty_sqlite_url)
        assert said.exit_code == 1
        assert said.output.startswith("Error: ")
        assert len(said.output.splitlines()) == 1


TABLE = "tables/ticket.jsonl"
IN_DIRECTORY: dict[str, tuple[int, bytes]] = {  # where a field stands in a ZIP's list of contents (APPNOTE 4.3.12)
    "cut": (20, b"\x10\0\0\0"),  # compressed size
    "huge manifest": (24, b"\xf0\xff\xff\xff"),  # size
    "tiny": (24, b"\x01\0\0\0"),
    "encrypted": (8, b"\x01\0"),  # flags
    "unknown": (10, b"\x63\0"),  # method of compression
}


def _damage(file: Path, damage: str) -> None:
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
        start = archive.getinfo(TABLE).header_offset
    if damage in IN_DIRECTORY:
        content = bytearray(file.read_bytes())
        offset, field = IN_DIRECTORY[damage]
        name = MANIFEST if "manifest" in damage else TABLE
        at = content.rindex(name.encode()) - 46 + offset  # its name follows 46 bytes
        content[at : at + len(field)] = field
        file.write_bytes(content)
    elif damage == "other bytes":
        content = bytearray(file.read_bytes())
        at = start + 60 + len(TABLE)
        content[at : at + 100] = b"\xff" * 100
        file.write_bytes(content)
    else:
        del members[TABLE]
        if damage == "no rows":
            members[TABLE] = b'{"a":1}\n[[[\n"\xff"\n'
        with zipfile.ZipFile(file, "w") as archive:
            for name, rows in members.items():
                archive.writestr(name, rows)


def test_a_line_without_an_end_is_not_read_into_memory(tmp_path: Path) -> None:
    endless = tmp_path / "endless.zip"
    with zipfile.ZipFile(endless, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(TABLE, b" " * (MOST_LINE + 1))
    with open_archive(endless) as archive, pytest.raises(BadBackup, match="too long"):
        next(read_lines(archive, TablePart("ticket", (), 1, "")))


def test_a_database_that_holds_something_is_refused(full: Desk, file: Path, sqlite_command: Command) -> None:
    before = _content(full.database)
    with pytest.raises(NotEmpty):
        restore(full.database, metadata(), seeds(), file)
    said = sqlite_command("restore", file)
    assert said.exit_code == 1
    assert "not empty" in said.output
    assert _content(full.database) == before


def test_an_unmigrated_database_is_not_backed_up_half(sqlite_desk: Desk, tmp_path: Path) -> None:
    downgrade(sqlite_desk.database, metadata(), "0001")
    with pytest.raises(NotNewest, match="meldpunt migrate"):
        write_backup(sqlite_desk.database, metadata(), tmp_path / "x")
    assert [path.name for path in tmp_path.glob("x*")] == []


def test_every_column_of_every_table_can_be_stored() -> None:
    assert {kind_of(column.type) for table in metadata().sorted_tables for column in table.columns} == {
        "bool",
        "bytes",
        "int",
        "moment",
        "text",
        "uuid",
    }


def test_no_table_points_to_itself_because_rows_come_in_any_order() -> None:
    for table in metadata().sorted_tables:
        assert table not in {key.column.table for key in table.foreign_keys}


def test_the_command_makes_a_backup_that_the_check_relies_on(either: Desk, command: Command, tmp_path: Path) -> None:
    path = tmp_path / "tonight.backup"
    said = command("backup", path)
    assert said.exit_code == 0, said.output
    assert command("backup", path).exit_code == 1
    before = _content(either.database)
    checked = command("restore", path, "--check")
    assert checked.exit_code == 0, checked.output
    assert "Could be restored" in checked.output
    assert "1 files" in checked.output
    assert _content(either.database) == before
    with either.database.reading() as session:
        last = session.scalars(select(AuditLine).order_by(AuditLine.n.desc())).first()
    assert last is not None
    assert (last.action, last.object) == ("backup", "database")


def test_the_command_restores_into_an_empty_database(
    full: Desk, file: Path, sqlite_command: Command, empty_url: str, empty: Database
) -> None:
    said = sqlite_command("restore", file, database_url=empty_url)
    assert said.exit_code == 0, said.output
    assert sqlite_command("audit", "verify", database_url=empty_url).exit_code == 0
    assert _content(empty)["ticket"] == _content(full.database)["ticket"]


def test_the_check_needs_the_right_keys(full: Desk, file: Path, sqlite_command: Command, tmp_path: Path) -> None:
    other = tmp_path / "other.keys"
    sqlite_command("keys", "new", key_file=str(other))
    said = sqlite_command("restore", file, "--check", key_file=str(other))
    assert said.exit_code == 1
    assert "another key file" in said.output


def test_a_backup_opens_after_the_keys_were_rotated(full: Desk, file: Path, sqlite_command: Command) -> None:
    assert sqlite_command("keys", "rotate", "--stopped").exit_code == 0
    said = sqlite_command("restore", file, "--check")
    assert said.exit_code == 0, said.output
