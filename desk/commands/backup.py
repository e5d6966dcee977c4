"""`meldpunt backup`."""

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.backup_time import note_backup
from desk.commands.context import Refused, Site, pass_site
from desk.commands.progress import progress
from desk.database import Database
from desk.export import snapshot


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_site
def backup(site: Site, file: Path) -> None:
    """Write the whole database to FILE while the desk goes on working.

    The file holds one moment of everything, sealed as it is in the database, and no key: keep a copy of the key file
    somewhere else. `meldpunt restore FILE --check` tells whether a backup can be relied on; do that regularly.
    """
    from desk.backup import NotNewest, rows_in, write_backup

    desk, metadata = site.desk(), site.metadata()
    began = desk.clock.real()  # before the moment that the file holds, never after it
    try:
        with snapshot(desk.database) as session:
            total = rows_in(session, metadata)
        with progress("rows", total) as advance:
            manifest = write_backup(desk.database, metadata, file, advance)
    except FileExistsError as error:
        raise Refused(f"{file} is there already") from error
    except NotNewest as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from error
    except SQLAlchemyError as error:
        raise Refused(f"the database does not answer ({type(error).__name__}); no backup was made") from error
    rows = sum(part.rows for part in manifest.tables)
    _tell(desk.database, file, rows, began)
    click.echo(f"{file}: {rows} rows of {len(manifest.tables)} tables, migration {manifest.revision}")


def _tell(database: Database, file: Path, rows: int, began: datetime) -> None:
    def told(session: Session) -> None:
        note_backup(session, began)
        audit(session, Act("operator", "backup", "database", f"{rows} rows", "command"))

    try:
        database.run(told)
    except SQLAlchemyError as error:
        kind = type(error).__name__
        raise Refused(f"{file} is whole, but the audit log could not be told of it ({kind})") from error
