"""`meldpunt audit verify`."""

import click

from desk.audit import verify as walk
from desk.audit_head import FILE, HeadGone, compare
from desk.commands.context import Refused, Site, pass_site
from desk.commands.progress import progress
from desk.export import EXPORTERS, snapshot


@click.group()
def audit() -> None:
    """Look after the audit log."""


@audit.command()
@pass_site
def verify(site: Site) -> None:
    """Check the whole chain: no line was changed, left out or put in.

    Compares it with every head that was told in DATA_DIR/audit-heads.jsonl, and prints today's, which you may compare
    with one that was kept elsewhere. Ends with 1 and names the first line that does not fit. A line of that file that
    cannot be read, because the machine went down while it was written, is named and passed over.
    """
    with snapshot(site.desk().database) as session:
        with progress("audit", EXPORTERS[0].count(session)) as advance:
            report = walk(session, advance)
        if report.broken_at is not None:
            raise Refused(f"the audit log is broken at line {report.broken_at}")
        click.echo(f"{report.lines} lines, whole; head {report.head.hex()}")
        try:
            told = compare(session, site.settings.data_dir)
        except HeadGone as error:
            raise Refused(str(error)) from error
        except OSError as error:
            raise Refused(f"{error.filename}: {error.strerror}") from error
    for place in told.unreadable if told else ():
        click.echo(f"line {place} of {FILE} cannot be read; it says nothing about the log", err=True)
    if told:
        click.echo(f"{told.heads} heads told before in {FILE}, all still in the log")
