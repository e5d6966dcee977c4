"""`meldpunt migrate`."""

import click

from desk.commands.context import Refused, Site, pass_site
from desk.keyring import KeyFault
from desk.site import WrongDatabase, check_site


@click.command()
@click.option("--demo", is_flag=True, hidden=True, help="Mark a fresh database as one of the demonstration.")
@pass_site
def migrate(site: Site, *, demo: bool) -> None:
    """Bring the database to the form that this version needs.

    Run it once on a fresh site and after every update, before the new version serves. Several may start at once; the
    first one works, the others wait. Repeating changes nothing.
    """
    from alembic.util import CommandError

    from desk.migrate import check_before, newest
    from desk.migrate import migrate as bring_up

    desk = site.unchecked_desk(may_make=True)
    demo = demo or desk.settings.demo
    try:
        check_before(desk.database, demo=demo)
        before = bring_up(desk.database, site.metadata(), site.seeds(), demo=demo)
        check_site(desk.database, demo=demo)
    except CommandError as error:
        raise Refused(f"this database cannot be migrated by this version: {error}") from error
    except (KeyFault, WrongDatabase) as error:
        raise Refused(str(error)) from error
    click.echo(f"already at {before}" if before == newest() else f"migrated from {before or 'nothing'} to {newest()}")
