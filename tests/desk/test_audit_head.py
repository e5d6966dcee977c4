"""The head of the audit chain leaves the database every day, and the log is held against every one that left."""

import json

import pytest

from desk.audit import Act, audit, verify
from desk.audit_head import FILE, JOB, handlers
from desk.base import new_id
from desk.desk import Desk
from desk.jobs import ClaimedJob
from tests.desk.conftest import Command


def _tell(desk: Desk) -> None:
    """Write a line to the log and tell the head, as every day does."""
    with desk.database.writing() as session:
        audit(session, Act("desk", "try", "nothing"))
    handlers(desk)[JOB](ClaimedJob(new_id(), JOB, {}, "worker", 1))


def test_the_daily_line_holds_the_head_that_the_chain_ends_with(desk: Desk) -> None:
    _tell(desk)
    with desk.database.reading() as session:
        report = verify(session)
    (line,) = (desk.settings.data_dir / FILE).read_text("ascii").splitlines()
    told = json.loads(line)
    assert (told["n"], told["head"]) == (report.lines, report.head.hex())


def test_the_command_says_that_every_head_that_was_told_is_still_there(desk: Desk, command: Command) -> None:
    for _ in range(3):
        _tell(desk)
    said = command("audit", "verify")
    assert said.exit_code == 0, said.output
    assert f"3 heads told before in {FILE}, all still in the log" in said.output


def test_without_a_file_nothing_is_said_about_heads(sqlite_command: Command) -> None:
    said = sqlite_command("audit", "verify")
    assert said.exit_code == 0
    assert FILE not in said.output


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ({"at": "2020-04-14", "n": 99, "head": "00" * 32}, "lacks line 99"),
        ({"at": "2020-04-14", "n": 1, "head": "00" * 32}, "line 1 of the audit log is not the one"),
    ],
)
def test_a_head_that_is_no_longer_in_the_log_is_named(
    sqlite_desk: Desk, sqlite_command: Command, line: object, about: str
) -> None:
    _tell(sqlite_desk)
    with (sqlite_desk.settings.data_dir / FILE).open("a", encoding="ascii") as file:
        file.write(json.dumps(line) + "\n")
    said = sqlite_command("audit", "verify")
    assert said.exit_code == 1
    assert about in said.output


@pytest.mark.parametrize(
    "line", [b'{"at": "2020-04-14", "n": 1, "he', b'{"at": "2020-04-14"}', b"null", b"\xff", b'{"at": 1, "n": 1e400}',
             b'{"at": "2020-04-14", "n": 99999999999999999999, "head": "00"}'],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_said_apart_and_the_other_heads_count(
    desk: Desk, command: Command, line: bytes
) -> None:
    _tell(desk)
    with (desk.settings.data_dir / FILE).open("ab") as file:
        file.write(line)
    _tell(desk)
    said = command("audit", "verify")
    assert said.exit_code == 0, said.output
    assert f"line 2 of {FILE} cannot be read" in said.stderr
    assert f"2 heads told before in {FILE}, all still in the log" in said.stdout


def test_a_head_never_joins_a_line_that_was_broken_off(sqlite_desk: Desk) -> None:
    path = sqlite_desk.settings.data_dir / FILE
    path.write_bytes(b'{"at": "2020-0')
    _tell(sqlite_desk)
    _tell(sqlite_desk)
    first, second, third = path.read_bytes().splitlines()
    assert first == b'{"at": "2020-0'
    assert json.loads(second)["n"] + 1 == json.loads(third)["n"]


def test_a_file_of_heads_that_cannot_be_opened_is_said_in_one_line_beside_the_chain(
    sqlite_desk: Desk, sqlite_command: Command
) -> None:
    (sqlite_desk.settings.data_dir / FILE).mkdir()
    said = sqlite_command("audit", "verify")
    assert said.exit_code == 1
    assert "whole; head " in said.stdout
    assert said.stderr == f"Error: {sqlite_desk.settings.data_dir / FILE}: Is a directory\n"
