"""Every command ends with a line that an operator can act on, whatever is wrong around it, and makes nothing by it."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import Result

from desk.database import Database
from desk.desk import Desk
from tests.desk.conftest import Command
from tests.servers.ports import free_port

SENTENCE = "een lange zin als wachtwoord"
ADD = ("staff", "add", "iris@meldpunt.nl", "--name", "Iris Bedacht", "--password-stdin")
EVERY = (
    ("migrate",),
    ("staff", "list"),
    ADD,
    ("export",),
    ("backup", "new.backup"),
    ("audit", "verify"),
    ("keys", "rotate", "--stopped"),
    ("serve",),
    ("mail", "--once"),
    ("work", "--once"),
)


def refused(said: Result) -> str:
    """The one line of a command that an operator can put right."""
    assert said.exit_code == 1, said.output
    assert isinstance(said.exception, SystemExit), repr(said.exception)
    line = said.output.splitlines()[-1]
    assert line.startswith("Error: ")
    return line


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_a_database_that_is_away_is_told_in_a_line(sqlite_command: Command, words: tuple[str, ...]) -> None:
    url = f"postgresql://desk:geheim@127.0.0.1:{free_port()}/desk"
    line = refused(sqlite_command(*words, typed=SENTENCE, database_url=url))
    assert "geheim" not in line
    assert "refused" in line


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_a_file_that_is_no_database_is_told_in_a_line(
    sqlite_command: Command, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "text.db").write_text("Dit is geen database. " * 100)
    line = refused(sqlite_command(*words, typed=SENTENCE, database_url=f"sqlite:///{tmp_path}/text.db"))
    assert "file is not a database" in line
    assert "text.db" in line


@pytest.mark.parametrize("words", [*EVERY[1:], ("doctor",)], ids=" ".join)
def test_a_mistyped_path_makes_no_database(sqlite_command: Command, tmp_path: Path, words: tuple[str, ...]) -> None:
    said = sqlite_command(*words, typed=SENTENCE, database_url=f"sqlite:///{tmp_path}/tpyo.db")
    assert said.exit_code == 1
    assert "unable to open database file" in said.output
    assert "`meldpunt migrate` makes a new one" in said.output
    assert not list(tmp_path.glob("tpyo*"))


def test_migrating_into_a_directory_that_is_not_there_is_told_in_a_line(
    sqlite_command: Command, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/nowhere/desk.db"
    assert "nowhere/desk.db: unable to open database file" in refused(sqlite_command("migrate", database_url=url))


def test_a_database_of_another_program_is_told_in_a_line_and_left_as_it_is(
    sqlite_command: Command, empty: Database, empty_url: str
) -> None:
    with empty.engine.begin() as connection:
        connection.exec_driver_sql('CREATE TABLE "user" (id INTEGER)')
    assert "already exists" in refused(sqlite_command("migrate", database_url=empty_url))
    with empty.engine.connect() as connection:
        assert connection.exec_driver_sql('SELECT count(*) FROM "user"').scalar() == 0


def test_an_account_is_not_made_while_another_process_holds_the_database(
    sqlite_desk: Desk, sqlite_command: Command
) -> None:
    with _held(sqlite_desk):
        line = refused(sqlite_command(*ADD, typed=SENTENCE))
    assert "database is locked" in line
    assert "try again" in line
    assert sqlite_command(*ADD, typed=SENTENCE).exit_code == 0


@contextmanager
def _held(desk: Desk) -> Iterator[None]:
    path = desk.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@pytest.mark.parametrize("bind", [":99999", "foo", "unix:/x", "127.0.0.1:0"])
def test_where_to_listen_is_checked_like_the_setting(sqlite_command: Command, bind: str) -> None:
    said = sqlite_command("serve", "--bind", bind)
    assert "MELDPUNT_BIND: expected HOST:PORT" in said.output
    assert said.exit_code == 1


def test_a_demonstration_is_not_served_to_the_whole_network(sqlite_command: Command) -> None:
    said = sqlite_command("serve", "--bind", "0.0.0.0:8000", demo="1")
    assert "bind must be on loopback" in said.output


def test_a_restore_without_its_server_is_told_in_a_line(sqlite_command: Command, tmp_path: Path) -> None:
    assert sqlite_command("backup", tmp_path / "one.backup").exit_code == 0
    url = f"postgresql://desk:geheim@127.0.0.1:{free_port()}/desk"
    line = refused(sqlite_command("restore", tmp_path / "one.backup", database_url=url))
    assert "geheim" not in line


def test_a_directory_in_the_way_is_told_in_a_line(sqlite_command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    line = refused(sqlite_command("export", tmp_path / "out.jsonl", "--files", tmp_path / "file" / "below"))
    assert "below" in line


def test_an_address_that_is_taken_is_told_in_a_line(sqlite_command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        bind = f"127.0.0.1:{other.getsockname()[1]}"
        said = sqlite_command("serve", "--bind", bind)
    assert said.exit_code == 1
    assert f"{bind} cannot be listened on" in said.stderr
