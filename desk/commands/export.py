"""`meldpunt export`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.commands.context import Refused, Site, pass_site
from desk.commands.progress import progress
from desk.database import Database
from desk.export import Exporter, snapshot, written


@click.command(short_help="Write everything as JSON Lines.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default="-")
@click.option(
    "--files",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write every attachment and recording into this directory, named by its id.",
)
@pass_site
def export(site: Site, file: Path, files: Path | None) -> None:
    """Write everything as JSON Lines to FILE, or to standard output.

    Every line has a `kind`: ticket, contact, entry, attachment, handover or audit; docs/export.md tells the fields.
    THE RESULT IS NOT SEALED: it holds names, numbers and texts. The audit log says that it was made.
    """
    database = site.desk().database
    exporters = site.exporters()
    _tell(database, "started")
    with _opened(file) as out, snapshot(database) as session:
        count = sum(_write(session, exporter, out) for exporter in exporters)
        if files is not None:
            _write_files(session, exporters, files)
    _tell(database, f"{count} lines")


def _write(session: Session, exporter: Exporter, out: TextIO) -> int:
    count = 0
    with progress(exporter.kind, exporter.count(session)) as advance:
        for line in exporter.lines(session):
            out.write(written(exporter.kind, line) + "\n")
            count += 1
            advance(1)
    return count


def _write_files(session: Session, exporters: tuple[Exporter, ...], folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for exporter in exporters:
        if (files_of := exporter.files) is None:
            continue
        with progress("files", exporter.count(session)) as advance:
            for name, pieces in files_of(session):
                with os.fdopen(_private(folder / name), "wb") as out:
                    out.writelines(pieces)
                advance(1)


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    if str(file) == "-":
        yield sys.stdout
        return
    with os.fdopen(_private(file), "w", encoding="ascii") as out:
        yield out


def _private(path: Path) -> int:
    """Open a new file that only its owner may read. Raises `Refused` when there is one already."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error


def _tell(database: Database, result: str) -> None:
    with database.writing() as session:
        audit(session, Act("operator", "export", "everything", result, "command"))
