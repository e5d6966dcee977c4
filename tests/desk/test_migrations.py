"""Migrations: numbered, complete, append-only where it matters, up and down with rows, on both engines."""

import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError

from app import metadata, seeds
from desk.accounts import Role
from desk.audit import AuditHead, AuditLine
from desk.database import Database
from desk.desk import Desk
from desk.documents import Document
from desk.migrate import FOLDER, alone, downgrade, known, migrate, newest, standing, upgrade
from desk.site import WrongDatabase, check_site
from tests.builders import a_colleague, a_ticket, ticket_of
from tests.desk.conftest import Command
from tests.fakes import FixedClock
from tests.routing.handing import give, rated, take
from triage.values import Urgency

FILES = sorted(path.stem for path in (FOLDER / "versions").glob("[0-9]*.py"))


def _stands(database: Database) -> str | None:
    with database.engine.connect() as connection:
        return standing(connection)


def test_migrations_are_numbered_without_gaps() -> None:
    assert [name[:5] for name in FILES] == [f"{n:04}_" for n in range(1, len(FILES) + 1)]


def test_current_names_the_newest_so_that_two_branches_cannot_both_add_one() -> None:
    assert (FOLDER / "CURRENT").read_text("ascii") == FILES[-1] + "\n"
    assert newest() == FILES[-1][:4]


def test_migrations_import_nothing_of_ours() -> None:
    for path in (FOLDER / "versions").glob("*.py"):
        modules = set(re.findall(r"^(?:from|import) (\S+)", path.read_text("utf-8"), re.MULTILINE))
        assert modules <= {"sqlalchemy", "alembic"}, path.name


def test_the_newest_migration_makes_what_the_models_say(desk: Desk) -> None:
    with desk.database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata())
    assert differences == []


def test_migrating_again_changes_nothing(desk: Desk) -> None:
    number = a_ticket(desk)
    assert migrate(desk.database, metadata(), seeds()) == newest()
    with desk.database.reading() as session:
        assert session.scalars(select(Document.version).distinct()).all() == [1]
        assert sorted(session.scalars(select(Role.name))) == ["beheerder", "coordinator", "medewerker"]
        assert session.get_one(AuditHead, 1).n > 1
        assert session.scalar(text("SELECT number FROM ticket")) == number


def test_several_that_start_at_once_migrate_once(empty: Database) -> None:
    faults: list[Exception] = []

    def start() -> None:
        database = Database(empty.url, empty.vault, empty.clock)
        try:
            migrate(database, metadata(), seeds())
        except Exception as error:  # noqa: BLE001  told below
            faults.append(error)
        database.close()

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    check_site(empty, demo=False)
    with empty.reading() as session:
        assert session.scalars(select(AuditLine.action)).all() == ["migrate"]


def test_every_seed_is_a_document_afterwards(desk: Desk) -> None:
    with desk.database.reading() as session:
        assert set(session.scalars(select(Document.name))) == set(seeds())


def test_every_migration_goes_down_and_up_again_with_rows(desk: Desk) -> None:
    a_ticket(desk)
    a_colleague(desk)
    for number in range(len(FILES), 0, -1):
        assert _stands(desk.database) == f"{number:04}"
        below = f"{number - 1:04}" if number > 1 else "base"
        downgrade(desk.database, metadata(), below)
    assert _tables(desk.database) == {"alembic_version"}
    migrate(desk.database, metadata(), seeds())
    check_site(desk.database, demo=False)
    a_ticket(desk)


def test_what_stands_on_a_ticket_is_known_after_migrating_an_older_database(desk: Desk, clock: FixedClock) -> None:
    news, taken = rated(desk, Urgency.THREE_DAYS), rated(desk, Urgency.ACUTE)
    handover_id = give(desk, taken)
    clock.advance(timedelta(minutes=5))
    take(desk, taken, handover_id)
    a_ticket(desk, joins=ticket_of(desk, news).id)
    before = [_standing(desk, number) for number in (news, taken)]
    assert all(any(each) for each in before)
    downgrade(desk.database, metadata(), "0006")
    migrate(desk.database, metadata(), seeds())
    assert [_standing(desk, number) for number in (news, taken)] == before


def _standing(desk: Desk, number: str) -> tuple[object, ...]:
    ticket = ticket_of(desk, number)
    times = ticket.urgent_since, ticket.news_since, ticket.answer_from, ticket.emergency_noted_at
    return ticket.rank, ticket.due_at, ticket.taken_by, *times


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


@pytest.mark.parametrize("table", ["audit", "entry"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_database_refuses_to_rewrite_history(desk: Desk, table: str, statement: str) -> None:
    a_ticket(desk)
    with pytest.raises(DBAPIError, match="append-only"), desk.database.writing() as session:
        session.execute(text(statement.format(table)))
    with desk.database.reading() as session:
        assert session.scalar(text(f"SELECT count(*) FROM {table}")) >= 1


def test_a_migration_that_breaks_leaves_the_database_as_it_was(empty: Database) -> None:
    with pytest.raises(DBAPIError), alone(empty) as connection:
        _break_half_way(connection)
    assert _tables(empty) == set()


def _break_half_way(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE half (id INTEGER)"))
    connection.execute(text("SELECT id FROM nowhere"))


def test_rows_that_would_point_to_nothing_stop_a_migration(empty_sqlite: Database) -> None:
    upgrade(empty_sqlite, metadata())
    with pytest.raises(RuntimeError, match="point to nothing"), alone(empty_sqlite) as connection:
        connection.execute(text("INSERT INTO roles_users VALUES ('nobody', 1)"))


def test_a_database_of_a_newer_version_is_not_touched(empty: Database) -> None:
    upgrade(empty, metadata())
    with alone(empty) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CommandError):
        migrate(empty, metadata(), seeds())
    assert not known("9999")


def test_an_unmigrated_database_is_refused_at_the_start(empty: Database) -> None:
    with pytest.raises(WrongDatabase, match="meldpunt migrate"):
        check_site(empty, demo=False)
    upgrade(empty, metadata())
    with pytest.raises(WrongDatabase, match="meldpunt migrate"):
        check_site(empty, demo=False)


def test_migrating_under_other_keys_is_refused_in_a_line_and_changes_nothing(
    desk: Desk, command: Command, tmp_path: Path
) -> None:
    other = tmp_path / "other.keys"
    command("keys", "new", key_file=str(other))
    downgrade(desk.database, metadata(), "0001")
    said = command("migrate", key_file=str(other))
    assert said.output == "Error: the key file does not belong to this database\n"
    assert said.exit_code == 1
    assert _stands(desk.database) == "0001"


def test_migrating_across_the_mark_of_the_demonstration_changes_nothing(desk: Desk, command: Command) -> None:
    downgrade(desk.database, metadata(), "0001")
    said = command("migrate", "--demo")
    assert said.exit_code == 1
    assert "real database" in said.output
    assert _stands(desk.database) == "0001"


def test_a_set_up_that_was_broken_off_is_finished(empty: Database, empty_url: str, sqlite_command: Command) -> None:
    upgrade(empty, metadata())
    said = sqlite_command("migrate", database_url=empty_url)
    assert said.exit_code == 0, said.output
    check_site(empty, demo=False)


def test_the_mark_of_the_demonstration_keeps_both_sides_apart(empty: Database) -> None:
    migrate(empty, metadata(), seeds(), demo=True)
    check_site(empty, demo=True)
    with pytest.raises(WrongDatabase, match="demonstration"):
        check_site(empty, demo=False)


def test_a_real_database_is_refused_by_the_demonstration(desk: Desk) -> None:
    with pytest.raises(WrongDatabase, match="real database"):
        check_site(desk.database, demo=True)
