"""The only file that knows every part: the web application and the `meldpunt` command."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import FrameType, ModuleType
from typing import TYPE_CHECKING

import click
from flask import Flask
from sqlalchemy import MetaData

from desk import calendar, search
from desk.base import Base
from desk.commands import OPERATOR_COMMANDS
from desk.commands.context import Refused, Site, pass_site
from desk.commands.guard import Guarded
from desk.database import AWAY
from desk.desk import Desk, open_desk
from desk.export import Exporter
from desk.log import start_log
from desk.schedule import Recurring, Schedule
from desk.sender import ConsoleSender, MailSender, TryAgain
from desk.settings import Settings
from desk.worker import Handler, Worker
from intake.phone.carrier.commands import phone

if TYPE_CHECKING:
    from desk.check import Checks
    from desk.condition import Conditions

CALENDAR = Path(__file__).parent / "desk" / "seeds" / "calendar.toml"
PARTS = (
    "desk.unfinished", "desk.audit_head", "desk.backup_time",
    "triage", "routing", "intake", "intake.phone", "intake.mail",
)  # fmt: skip
EXPORTS = ("triage.export", "routing.export", "intake.phone.export", "intake.mail.export", "desk.export")
TABLES = (
    "desk.accounts", "desk.audit", "desk.counters", "desk.documents", "desk.jobs", "desk.last_times",
    "desk.sign_in_limit", "desk.site",
    "triage.models", "routing.models", "intake.phone.models", "intake.mail.models",
)  # fmt: skip


def parts() -> list[ModuleType]:
    """Every part.

    Each offers what it has of SEEDS, RECURRING, DOORS, handlers, checks, conditions, catch_up, make_blueprint, slots.
    """
    return [import_module(name) for name in PARTS]


def metadata() -> MetaData:
    """Every table, with all models loaded."""
    for name in TABLES:
        import_module(name)
    return Base.metadata


def seeds() -> dict[str, Path]:
    """The files that make version 1 of each document."""
    found: dict[str, Path] = {"calendar": CALENDAR}
    for part in parts():
        found |= getattr(part, "SEEDS", {})
    return found


def exporters() -> tuple[Exporter, ...]:
    """What writes each kind of line of the export."""
    return tuple(one for name in EXPORTS for one in import_module(name).EXPORTERS)


def handlers(desk: Desk) -> dict[str, Handler]:
    """Every kind of job that a worker can do."""
    found: dict[str, Handler] = {}
    for part in parts():
        found |= part.handlers(desk) if hasattr(part, "handlers") else {}
    return found


def recurring() -> tuple[Recurring, ...]:
    """Everything that is done on a schedule."""
    return tuple(one for part in parts() for one in getattr(part, "RECURRING", ()))


def checks() -> "tuple[Checks, ...]":
    """What `doctor` looks at for each part."""
    return tuple(part.checks for part in parts() if hasattr(part, "checks"))


def conditions() -> "tuple[Conditions, ...]":
    """What the page *Toestand* says of each part."""
    return tuple(part.conditions for part in parts() if hasattr(part, "conditions"))


def catch_ups(desk: Desk) -> list[Callable[[], None]]:
    """What every part makes up for beside the other work of a process."""
    return [part.catch_up(desk) for part in parts() if hasattr(part, "catch_up")]


def open_site(settings: Settings, *, may_make: bool = False) -> Desk:
    """The desk of a process: with the SMTP server that is set, else a console that says what waits for one."""
    return open_desk(settings, _sender(settings), may_make=may_make)


def warm_up(desk: Desk) -> None:
    """Load what is slow to load before the first contact asks for it."""
    search.warm_up()
    with desk.database.reading() as session:
        calendar.warm_up(session, desk.clock.now())


def create_app(settings: Settings, desk: Desk | None = None) -> Flask:
    """The web application over one desk, which is opened from the settings when none is given."""
    from desk import status
    from desk.layout import add_doors, add_strips
    from desk.slots import fill_slots
    from desk.web import create_web
    from intake.phone.calling_back.callback_pages import promises_wait
    from intake.phone.colleagues.last_heard import last_heard
    from intake.phone.colleagues.talk_pages import address_of
    from intake.register import open_for_contact

    desk = desk or open_site(settings)
    app = create_web(desk)
    app.extensions.update(
        open_for_contact=open_for_contact, last_heard=last_heard, write_down=address_of, promises_wait=promises_wait
    )
    for part in parts():
        if hasattr(part, "make_blueprint"):
            app.register_blueprint(part.make_blueprint(desk))
        if hasattr(part, "slots"):
            fill_slots(app, part.slots(desk))
        if hasattr(part, "strips"):
            add_strips(app, part.strips(desk))
        if hasattr(part, "topics"):
            app.extensions["live"].add(part.topics(desk))
        add_doors(app, getattr(part, "DOORS", ()))
    app.register_blueprint(status.make_blueprint(desk, conditions()))
    return app


@click.group(cls=Guarded, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.pass_context
def meldpunt(context: click.Context) -> None:
    """The intake desk of the Meldpunt kwetsbare kinderen.

    A fresh site needs, in this order: keys new, migrate, staff add, doctor; then serve, mail and work, each as a
    process that keeps running. Settings come from MELDPUNT_… in the environment or from settings.toml.
    """
    if context.obj is None:
        context.obj = Site(open_site, metadata, seeds, exporters, checks)


@meldpunt.command()
@click.option("--bind", metavar="HOST:PORT", help="Where to listen; the setting `bind` otherwise.")
@pass_site
def serve(site: Site, bind: str | None) -> None:
    """Serve the pages and the telephone's webhooks."""
    from desk.catch_up import catch_up_beside
    from desk.serve import serve as run
    from desk.serve import taken

    settings = site.settings_with(bind=bind) if bind is not None else site.settings
    start_log(settings.log_level)
    site.desk().database.close()  # only to refuse a wrong database before the server begins

    def make_app() -> Flask:
        desk = open_site(settings)
        with suppress(*AWAY):  # the telephone is answered all the same, and a web process may take a dead one's place
            warm_up(desk)
        catch_up_beside(catch_ups(desk), threading.Event())
        return create_app(settings, desk)

    if taken(settings.bind):
        raise Refused(f"{settings.bind} cannot be listened on: is another program there? Choose one with --bind")
    if sys.stdout.isatty():  # for a person; a log holds lines of JSON only
        click.echo(f"The desk is at http://{settings.bind}. Stop with Ctrl-C.")
    run(settings, make_app)


@meldpunt.command()
@click.option("--once", is_flag=True, help="Empty the mailboxes once and stop.")
@pass_site
def mail(site: Site, *, once: bool) -> None:
    """Empty the mailboxes: every mail is stored, moved, and made a ticket."""
    from intake.mail import run_mail

    start_log(site.settings.log_level)
    desk = site.desk()
    if not desk.settings.mailboxes:
        click.echo("No mailbox is set (imap_url): only what was fetched before is filed.", err=True)
    warm_up(desk)
    try:
        run_mail(desk, _stop_on_signal(), once=once)
    except TryAgain as error:
        raise Refused(f"a mailbox could not be emptied ({error}); what had been fetched before was filed") from error


@meldpunt.command()
@click.option("--once", is_flag=True, help="Do what is due now and stop.")
@pass_site
def work(site: Site, *, once: bool) -> None:
    """Do the jobs: send mail, fetch recordings, and what is scheduled."""
    from desk.catch_up import catch_up_beside

    start_log(site.settings.log_level)
    desk = site.desk()
    warm_up(desk)
    schedule = Schedule(desk.database, desk.clock, recurring())
    worker = Worker(desk.database, handlers(desk), schedule=schedule)
    if once:
        for catch_up in catch_ups(desk):
            catch_up()
        schedule()
        worker.drain()
    else:
        stop = _stop_on_signal()
        catch_up_beside(catch_ups(desk), stop)
        worker.run(stop)


@meldpunt.command()
@click.option("--port", default=8000, show_default=True, help="Of the desk; the demonstration's page is one port up.")
@click.option("--fresh", is_flag=True, help="Throw the earlier demonstration away first.")
def demo(port: int, *, fresh: bool) -> None:
    """Try the desk: a telephone, a mailbox and invented people on this machine."""
    from subprocess import CalledProcessError

    from demo.folder import PortTaken
    from demo.run import run_demo

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    try:
        run_demo(port, click.echo, fresh=fresh)
    except PortTaken as error:
        raise Refused(str(error)) from error
    except (CalledProcessError, TimeoutError) as error:
        raise Refused("the demonstration could not be set up; try again with --fresh") from error


for command in (*OPERATOR_COMMANDS, phone):
    meldpunt.add_command(command)


def main() -> None:
    """The `meldpunt` command."""
    os.umask(0o077)  # database, backups, keys: what the desk writes is for its owner only
    meldpunt()


def _sender(settings: Settings) -> MailSender:
    if settings.smtp_url is None:
        return ConsoleSender()
    from desk.smtp import SmtpSender

    return SmtpSender(settings)


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return stop
