"""Bringing a database to the newest form: numbered migrations under a lock, then what every desk starts with."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect, select, text
from sqlalchemy.orm import Session

from desk import site
from desk.accounts import Role
from desk.audit import Act, audit, begin
from desk.database import Database
from desk.documents import seed

FOLDER = Path(__file__).parent / "migrations"
ROLES = {
    "medewerker": "Neemt meldingen op en volgt ze op.",
    "coordinator": "Ziet toe op de werklijst en past teksten, regels en openingstijden aan.",
    "beheerder": "Beheert accounts en koppelingen.",
}
LOCK = 0x6D656C64  # "meld": any number will do, as long as every desk asks for the same one
WAIT_MS = 60_000


def migrate(database: Database, metadata: MetaData, seeds: Mapping[str, Path], *, demo: bool = False) -> str | None:
    """Bring a database to the newest migration and give it what every desk needs; repeating changes nothing.

    Returns the migration that it stood at before, None for a fresh database. Raises `alembic.util.CommandError` when
    the database is newer than this program.
    """
    patient = Database(database.url, database.vault, database.clock, busy_ms=WAIT_MS)
    try:
        before = upgrade(patient, metadata)
        patient.run(lambda session: _finish(session, seeds, before, demo=demo))
    finally:
        patient.close()
    return before


def check_before(database: Database, *, demo: bool) -> None:
    """Refuse a site of other keys or with another mark before anything is changed; a fresh database is anybody's.

    Raises `KeyFault` and `WrongDatabase` as `check_site` does.
    """
    if not inspect(database.engine).has_table("site"):
        return
    with database.reading() as session:
        fresh = session.get(site.Site, 1) is None  # the tables were made, and then it was broken off
    if not fresh:
        site.check_site(database, demo=demo)


def upgrade(database: Database, metadata: MetaData, to: str = "head") -> str | None:
    """Run the migrations that are missing up to `to`, all of them or none; returns where the database stood."""
    with alone(database) as connection:
        before = standing(connection)
        command.upgrade(configuration(connection, metadata), to)
        return before


def downgrade(database: Database, metadata: MetaData, to: str) -> None:
    """Undo migrations down to `to`; "base" leaves nothing."""
    with alone(database) as connection:
        command.downgrade(configuration(connection, metadata), to)


def newest() -> str:
    """The number of the newest migration that this program knows."""
    return ScriptDirectory(str(FOLDER)).get_current_head() or ""


def known(revision: str) -> bool:
    """Whether this program knows a migration of that number."""
    return revision in {script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()}


def standing(connection: Connection) -> str | None:
    """The number of the migration that a database stands at; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def configuration(connection: Connection, metadata: MetaData) -> Config:
    """What Alembic needs to know, without a file of its own: desk cannot import the models of other parts."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, metadata=metadata)
    return config


@contextmanager
def alone(database: Database) -> Iterator[Connection]:
    """One transaction that no other migration runs beside. Waits up to a minute for whoever came first.

    Changing a table of SQLite means making it anew, so foreign keys are looked at afterwards instead of meanwhile.
    """
    with database.engine.execution_options(writes=True).connect() as connection:
        connection.detach()  # what is set here must not return to the pool
        if database.on_sqlite:
            cursor = connection.connection.cursor()  # outside a transaction, where these have an effect
            cursor.execute(f"PRAGMA busy_timeout={WAIT_MS}")
            cursor.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            if not database.on_sqlite:
                connection.execute(text(f"SET LOCAL lock_timeout = {WAIT_MS}"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            yield connection
            if database.on_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError("the migration would leave rows that point to nothing")


def furnish(session: Session, seeds: Mapping[str, Path], *, demo: bool = False) -> None:
    """Give a database what every desk starts with, as far as it lacks it."""
    if session.get(site.Site, 1) is None:
        begin(session)
        site.mark(session, demo=demo)
    there = set(session.scalars(select(Role.name)))
    session.add_all(Role(name=name, description=said) for name, said in ROLES.items() if name not in there)
    seed(session, seeds)


def _finish(session: Session, seeds: Mapping[str, Path], before: str | None, *, demo: bool) -> None:
    furnish(session, seeds, demo=demo)
    if before != newest():
        audit(session, Act("operator", "migrate", "database", newest(), "command"))
