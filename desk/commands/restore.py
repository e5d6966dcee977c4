"""`meldpunt restore`."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from desk.archive import BadBackup, Manifest
from desk.commands.context import Refused, Site, pass_site
from desk.commands.progress import progress
from desk.database import Database
from desk.soundness import Soundness, look_at, sealed_things


@click.command(short_help="Put a backup back, or find out whether it could be.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only find out whether FILE could be restored.")
@pass_site
def restore(site: Site, file: Path, *, check: bool) -> None:
    """Put a backup back into the empty database that the settings name, of either engine.

    The key file must be the one the backup was made under, or a later one of the same site. With --check everything is
    restored into a temporary SQLite file. Either way everything is looked at then: checksums, migrations, the audit
    chain, and every data key, text and file, which are opened. Ends with 1 when the backup cannot be relied on or was
    not restored, and with 3 when it was restored but something in it does not open or fit.
    """
    desk = site.unchecked_desk(may_make=not check)
    if not check:
        manifest = _put_back(site, desk.database, file)
        _report("Restored", manifest, _look(desk.database), fault=3)
        return
    with tempfile.TemporaryDirectory(prefix="meldpunt-check-") as folder:
        scratch = Database(f"sqlite:///{folder}/check.db", desk.vault, desk.clock)
        try:
            manifest = _put_back(site, scratch, file)
            _report("Could be restored", manifest, _look(scratch), fault=1)
        finally:
            scratch.close()


def _put_back(site: Site, database: Database, file: Path) -> Manifest:
    from desk.restore import NotEmpty, read_size, restore

    try:
        with progress("rows", read_size(database, file)) as advance:
            return restore(database, site.metadata(), site.seeds(), file, advance)
    except (BadBackup, NotEmpty) as error:
        raise Refused(str(error)) from error
    except OperationalError as error:
        raise Refused("the database does not answer or is busy; nothing was restored") from error
    except SQLAlchemyError as error:
        raise Refused(f"the database refused what the backup holds ({type(error).__name__})") from error


def _look(database: Database) -> Soundness:
    try:
        with database.reading() as session, progress("opened", sealed_things(session)) as advance:
            return look_at(session, advance)
    except SQLAlchemyError as error:
        raise Refused(f"everything was restored, but could not be looked at ({type(error).__name__})") from error


def _report(done: str, manifest: Manifest, found: Soundness, *, fault: int) -> None:
    click.echo(f"{done}: made {manifest.made_at}, migration {manifest.revision}.")
    click.echo(
        f"Read: {sum(part.rows for part in manifest.tables)} rows, {found.audit_lines} audit lines. "
        f"Opened: {found.data_keys} data keys, {found.cells} cells, {found.blobs} files."
    )
    for line in _faults(found):
        click.echo(f"{done}, {line}", err=True)
    if not found.whole:
        raise click.exceptions.Exit(fault)


def _faults(found: Soundness) -> Iterator[str]:
    if found.broken:
        more = ", …" if found.broken > len(found.faults) else ""
        count = "1 cell does" if found.broken == 1 else f"{found.broken} cells do"
        yield f"but {count} not open: {', '.join(found.faults)}{more}"
    if found.broken_at is not None:
        yield f"but the audit log is broken at line {found.broken_at}"
