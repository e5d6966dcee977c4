"""`meldpunt restore`."""

import tempfile
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from desk.archive import BadBackup, Manifest
from desk.audit import Act, audit
from desk.commands.context import Refused, Site, pass_site
from desk.commands.progress import progress
from desk.database import Database
from desk.soundness import Soundness, Unsound, look_at


@click.command(short_help="Put a backup back, or find out whether it could be.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only find out whether FILE could be restored.")
@pass_site
def restore(site: Site, file: Path, *, check: bool) -> None:
    """Put a backup back into the empty database that the settings name, of either engine.

    The key file must be the one the backup was made under, or a later one of the same site. With --check everything is
    restored into a temporary SQLite file and looked at: checksums, migrations, every data key, the audit chain, and a
    sample of what is sealed. Ends with 1 at any fault.
    """
    desk = site.unchecked_desk()
    if not check:
        manifest, soundness = _put_back(site, desk.database, file)
        with desk.database.writing() as session:
            audit(session, Act("operator", "restore", "database", f"made {manifest.made_at}", "command"))
    else:
        with tempfile.TemporaryDirectory(prefix="meldpunt-check-") as folder:
            scratch = Database(f"sqlite:///{folder}/check.db", desk.vault, desk.clock)
            try:
                manifest, soundness = _put_back(site, scratch, file)
            finally:
                scratch.close()
    done = "Could be restored" if check else "Restored"
    click.echo(f"{done}: made {manifest.made_at}, migration {manifest.revision}.")
    click.echo(
        f"Whole: {sum(part.rows for part in manifest.tables)} rows, {soundness.audit_lines} audit lines. "
        f"Opened: {soundness.data_keys} data keys, {soundness.cells} cells, {soundness.blobs} files."
    )


def _put_back(site: Site, database: Database, file: Path) -> tuple[Manifest, Soundness]:
    from desk.restore import NotEmpty, read_size
    from desk.restore import restore as put_back

    try:
        with progress("rows", read_size(database, file)) as advance:
            manifest = put_back(database, site.metadata(), site.seeds(), file, advance)
        with database.reading() as session:
            return manifest, look_at(session)
    except (BadBackup, NotEmpty, Unsound) as error:
        raise Refused(str(error)) from error
    except SQLAlchemyError as error:
        raise Refused(f"the database refused what the backup holds ({type(error).__name__})") from error
