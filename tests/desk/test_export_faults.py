"""An export that meets a fault: what does not open is null and named, and no half file stands under the final name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, update

from desk.audit import AuditLine
from desk.blobs import BlobChunk
from desk.data_keys import DataKey
from desk.desk import Desk
from intake.concern import Enclosure
from tests.builders import a_ticket
from tests.desk.conftest import Command, environment_of
from triage.models import Ticket

ROOT = Path(__file__).parents[2]
FULL = Path("/dev/full")
EXPORT = "import app; app.main()"


def _results(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        told = select(AuditLine.result).where(AuditLine.action == "export").order_by(AuditLine.n)
        return list(session.scalars(told))


@pytest.fixture
def spoiled(desk: Desk) -> Desk:
    """A desk with three tickets, of which one has a text that was moved to the place of its subject."""
    numbers = [a_ticket(desk) for _ in range(3)]
    with desk.database.writing() as session:
        moved = update(Ticket).where(Ticket.number == numbers[1]).values(subject_sealed=Ticket.text_sealed)
        session.execute(moved.execution_options(synchronize_session=False))
    return desk


def test_a_cell_that_does_not_open_is_null_and_named_and_the_rest_is_told(
    spoiled: Desk, command: Command, tmp_path: Path
) -> None:
    said = command("export", tmp_path / "all.jsonl")
    assert said.exit_code == 1
    with spoiled.database.reading() as session:
        places = {f"ticket.subject_sealed:{one}" for one in session.scalars(select(Ticket.id))}
    named = [line for line in said.stderr.splitlines() if any(place in line for place in places)]
    assert len(named) == 1
    assert "Fictief" not in said.stderr
    text = (tmp_path / "all.jsonl").read_text("ascii")
    assert text.count('"kind":"ticket"') == 3
    assert text.count('"subject":null') == 1
    assert text.count('"kind":"audit"') > 0
    assert _results(spoiled)[0] == "started"
    assert _results(spoiled)[1].endswith("lines, 1 broken")


def test_a_data_key_that_does_not_open_stops_nothing(desk: Desk, command: Command) -> None:
    a_ticket(desk)
    with desk.database.writing() as session:
        session.execute(update(DataKey).values(wrapped=b"\x01" * 61))
    said = command("export")
    assert said.exit_code == 1
    assert '"kind":"audit"' in said.stdout
    assert "ticket.subject_sealed:" in said.stderr


def test_a_file_that_does_not_open_is_named_and_not_written_half(desk: Desk, command: Command, tmp_path: Path) -> None:
    for n in range(2):
        a_ticket(desk, enclosures=(Enclosure("1", f"{n}.wav", "audio/x-wav", b"RIFF" + bytes([n])),))
    with desk.database.writing() as session:
        one = session.scalars(select(BlobChunk.blob_id).limit(1)).one()
        session.execute(update(BlobChunk).where(BlobChunk.blob_id == one).values(sealed=b"\x01" * 40))
    said = command("export", "--files", tmp_path / "files")
    assert said.exit_code == 1
    assert "attachment:" in said.stderr
    assert len(list((tmp_path / "files").iterdir())) == 1


def test_an_export_that_was_broken_off_leaves_no_file_and_says_so(
    sqlite_desk: Desk, sqlite_command: Command, tmp_path: Path
) -> None:
    a_ticket(sqlite_desk, enclosures=(Enclosure("1", "a.wav", "audio/x-wav", b"RIFF"),))
    (tmp_path / "files").write_text("no directory")
    said = sqlite_command("export", tmp_path / "all.jsonl", "--files", tmp_path / "files" / "deeper")
    assert (said.exit_code, len(said.output.splitlines())) == (1, 1)
    assert list(tmp_path.glob("all*")) == []
    assert _results(sqlite_desk) == ["started", "failed"]


def test_an_export_that_never_began_is_not_in_the_log(
    sqlite_desk: Desk, sqlite_command: Command, tmp_path: Path
) -> None:
    (tmp_path / "all.jsonl").write_text("there")
    said = sqlite_command("export", tmp_path / "all.jsonl")
    assert said.output == f"Error: {tmp_path}/all.jsonl: File exists\n"
    assert _results(sqlite_desk) == []


def test_while_another_holds_the_database_nothing_is_exported_and_one_line_says_so(
    sqlite_desk: Desk, sqlite_command: Command, tmp_path: Path
) -> None:
    with sqlite_desk.database.writing() as session:
        session.execute(select(Ticket.id))
        said = sqlite_command("export", tmp_path / "all.jsonl")
    assert (said.exit_code, len(said.output.splitlines())) == (1, 1)
    assert "audit log could not be told" in said.output
    assert list(tmp_path.glob("all*")) == []


@pytest.mark.skipif(not FULL.exists(), reason="a device of Linux")
def test_a_full_disk_behind_standard_output_is_said_in_one_line(sqlite_desk: Desk) -> None:
    a_ticket(sqlite_desk)
    given = {name: value for name, value in environment_of(sqlite_desk.settings).items() if value is not None}
    with FULL.open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", EXPORT, "export"], cwd=ROOT, env=os.environ | given, stdout=full,
            stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "Error: standard output: No space left on device\n")
    assert _results(sqlite_desk) == ["started", "failed"]
