"""`meldpunt export`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.base import pass_over_broken
from desk.commands.context import Refused, Site, pass_site
from desk.commands.progress import progress
from desk.database import Database
from desk.export import Exporter, snapshot, written
from desk.keyring import KeyFault
from desk.vault import SealBroken
from desk.whole_file import new_file


@dataclass
class _Broken:
    """What does not open: named once, on stderr, by table, column and row."""

    places: set[str] = field(default_factory=set)

    def add(self, place: str) -> None:
        if place not in self.places:
            self.places.add(place)
            click.echo(f"does not open and is left out: {place}", err=True)


@dataclass(frozen=True)
class _Export:
    """One run of the command."""

    database: Database
    exporters: tuple[Exporter, ...]
    broken: _Broken = field(default_factory=_Broken)


@click.command(short_help="Write everything as JSON Lines.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default="-")
@click.option(
    "--files",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write every attachment, recording and raw mail into this directory, named by its id.",
)
@pass_site
def export(site: Site, file: Path, files: Path | None) -> None:
    """Write everything as JSON Lines to FILE, or to standard output.

    Every line has a `kind`: ticket, contact, entry, attachment, handover, callback, raw_mail or audit; docs/export.md
    tells the fields. THE RESULT IS NOT SEALED: it holds names, numbers and texts. The audit log says that it was made.
    What does not open is null there and named on standard error; the command then ends with 1.
    """
    if files is not None and files.is_dir() and any(files.iterdir()):
        raise Refused(f"{files} is not empty; name a directory for this export alone")
    run = _Export(site.desk().database, site.exporters())
    try:
        count = _recorded(run, file, files)
    except OSError as error:
        raise Refused(f"{error.filename or 'standard output'}: {error.strerror}") from error
    except SQLAlchemyError as error:
        raise Refused(f"the database does not answer ({type(error).__name__})") from error
    places = run.broken.places
    _tell(run.database, f"{count} lines, {len(places)} broken" if places else f"{count} lines")
    if places:
        raise click.exceptions.Exit(1)


def _recorded(run: _Export, file: Path, files: Path | None) -> int:
    """Write everything; the audit log says that it began, once it can, and whether it was broken off."""
    begun = False
    try:
        with _opened(file) as out:
            _tell(run.database, "started")
            begun = True
            return _write_all(run, out, files)
    except BaseException:
        if begun:
            with suppress(Refused):  # what broke it off is the news, and the log may be out of reach by now
                _tell(run.database, "failed")
        raise


def _write_all(run: _Export, out: BinaryIO, files: Path | None) -> int:
    with snapshot(run.database) as session:
        pass_over_broken(session, run.broken.add)
        count = sum(_write(session, exporter, out) for exporter in run.exporters)
        if files is not None:
            _write_files(session, run, files)
    return count


def _write(session: Session, exporter: Exporter, out: BinaryIO) -> int:
    count = 0
    with progress(exporter.kind, exporter.count(session)) as advance:
        for line in exporter.lines(session):
            out.write(written(exporter.kind, line).encode("ascii") + b"\n")
            count += 1
            advance(1)
    return count


def _write_files(session: Session, run: _Export, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for exporter in run.exporters:
        if (files_of := exporter.files) is None:
            continue
        with progress("files", exporter.count(session)) as advance:
            for name, pieces in files_of(session):
                try:
                    _write_file(folder / name, pieces)
                except (SealBroken, KeyFault):
                    run.broken.add(f"{exporter.kind}:{name}")
                advance(1)


def _write_file(path: Path, pieces: Iterator[bytes]) -> None:
    with new_file(path) as out:
        out.writelines(pieces)


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if str(file) != "-":
        with new_file(file) as out:
            yield out
        return
    try:
        yield sys.stdout.buffer
        sys.stdout.flush()
    except OSError:
        _forget_the_rest()
        raise


def _forget_the_rest() -> None:
    """Keep Python from trying once more, at its end, to write what could not be written."""
    with suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _tell(database: Database, result: str) -> None:
    try:
        database.run(lambda session: audit(session, Act("operator", "export", "everything", result, "command")))
    except SQLAlchemyError as error:
        raise Refused(f"the audit log could not be told of the export: {result} ({type(error).__name__})") from error
