"""Writing a backup while the desk goes on working."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import MetaData, Table, func, select
from sqlalchemy.orm import Session

from desk.archive import FORM, Manifest, TablePart, kind_of, put_manifest, stored
from desk.clock import Clock
from desk.database import Database
from desk.export import snapshot, utc
from desk.migrate import newest, standing
from desk.whole_file import new_file

BATCH = 32  # rows in memory at a time; one of a blob has 1 MiB


class NotNewest(Exception):
    """A database that waits for migrations: its tables are not those that this version knows."""


def write_backup(
    database: Database, metadata: MetaData, file: Path, tell: Callable[[int], None] = lambda _rows: None
) -> Manifest:
    """Write one moment of the whole database to a new file, readable by its owner only.

    Either a whole backup stands there afterwards or none. Raises `FileExistsError`, and `NotNewest` before `migrate`.
    """
    with (
        new_file(file) as out,
        snapshot(database) as session,
        ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        manifest = _write(session, metadata, archive, tell)
        put_manifest(archive, manifest, database.vault)
    return manifest


def rows_in(session: Session, metadata: MetaData) -> int:
    """How many rows there are in all, for whoever shows how far it is. Raises `NotNewest` before `migrate`."""
    _revision(session)
    return sum(session.scalar(select(func.count()).select_from(item)) or 0 for item in metadata.sorted_tables)


def _write(session: Session, metadata: MetaData, archive: ZipFile, tell: Callable[[int], None]) -> Manifest:
    revision = _revision(session)
    tables = tuple(_write_table(session, item, archive, tell) for item in metadata.sorted_tables)
    clock: Clock = session.info["clock"]
    return Manifest(FORM, utc(clock.real()), revision, tables)


def _revision(session: Session) -> str:
    revision = standing(session.connection())
    if revision is None or revision != newest():
        raise NotNewest(f"the database stands at {revision or 'nothing'}; run: meldpunt migrate")
    return revision


def _write_table(session: Session, source: Table, archive: ZipFile, tell: Callable[[int], None]) -> TablePart:
    columns = tuple((item.name, kind_of(item.type)) for item in source.columns)
    part = TablePart(source.name, columns, 0, "")
    sha256, count = hashlib.sha256(), 0
    with archive.open(part.file, "w", force_zip64=True) as out:
        for row in session.execute(select(source).execution_options(yield_per=BATCH)):
            line = stored(tuple(row))
            sha256.update(line)
            out.write(line)
            count += 1
            tell(1)
    return TablePart(source.name, columns, count, sha256.hexdigest())
