"""Putting a backup back into an empty database, of either engine."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile

from alembic import command
from sqlalchemy import Connection, MetaData, func, insert, inspect, select, text
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from desk.archive import BadBackup, Cell, Manifest, TablePart, loaded, open_archive, read_lines, read_manifest
from desk.audit import Act, audit_at_once
from desk.database import Database
from desk.migrate import alone, configuration, furnish, known

BATCH_ROWS, BATCH_BYTES = 500, 8_000_000

Tell = Callable[[int], None]


class NotEmpty(Exception):
    """A database that holds something already."""


def restore(
    database: Database, metadata: MetaData, seeds: Mapping[str, Path], file: Path, tell: Tell = lambda _rows: None
) -> Manifest:
    """Put everything back, or nothing: tables as they were when the backup was made, then the migrations since.

    The audit log that comes back goes on with a line about it, in the same transaction.

    Raises `NotEmpty` for a database with tables, `BadBackup` for a file that is damaged, was changed, was made under
    other keys or by a newer version.
    """
    with open_archive(file) as archive:
        manifest = read_manifest(archive, database.vault)
        if not known(manifest.revision):
            raise BadBackup(f"this backup was made by a newer version (migration {manifest.revision})")
        _read_through(archive, manifest)
        with alone(database) as connection:
            if inspect(connection).get_table_names():
                raise NotEmpty("the database is not empty; restore into a new one")
            command.upgrade(configuration(connection, metadata), manifest.revision)
            for part in manifest.tables:
                _fill(connection, archive, part, tell)
            command.upgrade(configuration(connection, metadata), "head")
            _finish(connection, database, seeds, manifest)
    return manifest


def read_size(database: Database, file: Path) -> int:
    """How many rows a backup says it holds. Raises `BadBackup`."""
    with open_archive(file) as archive:
        return sum(part.rows for part in read_manifest(archive, database.vault).tables)


def _read_through(archive: ZipFile, manifest: Manifest) -> None:
    """Compare every byte with the manifest before any is believed: what was changed may say anything."""
    for part in manifest.tables:
        for _line in read_lines(archive, part):
            pass


def _fill(connection: Connection, archive: ZipFile, part: TablePart, tell: Tell) -> None:
    count = 0
    for rows in _batches(archive, part):
        connection.execute(insert(part.clause), rows)
        count += len(rows)
        tell(len(rows))
    if count != part.rows:
        raise BadBackup(f"table {part.name} has {count} rows instead of {part.rows}")
    if connection.dialect.name == "postgresql":
        _count_on(connection, part)


def _finish(connection: Connection, database: Database, seeds: Mapping[str, Path], manifest: Manifest) -> None:
    with Session(connection, info={"vault": database.vault, "clock": database.clock}) as session:
        furnish(session, seeds)
        session.flush()
        # A log without its head takes no line; what people wrote comes back all the same, and `look_at` tells of it.
        with suppress(NoResultFound):
            audit_at_once(session, Act("operator", "restore", "database", f"made {manifest.made_at}", "command"))


def _batches(archive: ZipFile, part: TablePart) -> Iterator[list[dict[str, Cell]]]:
    """The rows of a table, a few megabytes at a time."""
    rows, size = list[dict[str, Cell]](), 0
    for line in read_lines(archive, part):
        rows.append(loaded(part, line))
        size += len(line)
        if len(rows) == BATCH_ROWS or size > BATCH_BYTES:
            yield rows
            rows, size = [], 0
    if rows:
        yield rows


def _count_on(connection: Connection, part: TablePart) -> None:
    """Have PostgreSQL's own counters go on after the rows that brought their numbers along."""
    for name, kind in part.columns:
        if kind != "int":
            continue
        counter = connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": f'"{part.name}"', "column": name}
        )
        highest = connection.scalar(select(func.max(part.clause.c[name]))) if counter else None
        if highest:
            connection.execute(select(func.setval(counter, highest)))
