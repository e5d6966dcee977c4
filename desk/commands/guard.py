"""The one place that turns faults of database and disk into a line for the operator, whatever the command."""

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from desk.commands.context import Refused, Site

HINTS = {
    "unable to open database file": "; is the path right? `meldpunt migrate` makes a new one, not its directory",
    "database is locked": "; another process is writing, so try again",
}
"""What to do, by what SQLite says."""


class Guarded(click.Group):
    """Commands that never end with a traceback because of what is wrong around them."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. Raises `Refused` for a database or a file that does not do what was asked of it."""
        try:
            return super().invoke(ctx)
        except SQLAlchemyError as error:
            raise Refused(f"the database{_where(ctx)}: {reason(error)}") from error
        except BrokenPipeError:
            raise  # who reads has seen enough; click ends quietly
        except OSError as error:
            raise Refused(f"{error.filename or 'this machine'}: {error.strerror or type(error).__name__}") from error


def reason(error: SQLAlchemyError) -> str:
    """The first line of what the database says: further ones repeat values, and so do those about data."""
    said = str(error.orig).strip().splitlines() if isinstance(error, DBAPIError) else []
    told = [] if type(error).__name__ == "DataError" else said[:1]
    hint = HINTS.get(told[0], "") if told else ""
    return " ".join([*told, f"({type(error).__name__})"]) + hint


def _where(ctx: click.Context) -> str:
    if not isinstance(ctx.obj, Site):
        return ""
    return " " + make_url(ctx.obj.settings.database_url).render_as_string(hide_password=True)
