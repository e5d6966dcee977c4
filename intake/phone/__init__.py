"""The 14 010 line: the carrier's webhooks, the spoken menu, voicemail and call-backs.

What `app` asks of this part is imported when asked for: the pure modules in here need neither Flask nor a database.
"""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from desk.layout import Door
from desk.schedule import Recurring
from intake.phone import models
from intake.phone.calling_back.callbacks import count_open

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask import Blueprint
    from sqlalchemy.orm import Session

    from desk.check import Check
    from desk.condition import Condition
    from desk.database import Database
    from desk.desk import Desk
    from desk.layout import Strip
    from desk.live import Fingerprint
    from desk.settings import Settings
    from desk.slots import Slot
    from desk.worker import Handler

__all__ = ["DOORS", "RECURRING", "SEEDS", "handlers", "make_blueprint", "models", "slots", "strips", "topics"]

SEEDS: dict[str, Path] = {name: Path(__file__).parent / "texts" / f"{name}.toml" for name in ("prompts", "sounds")}
"""The documents of this part and the files they begin with."""

DOORS = (
    Door(
        "Terugbellen",
        "phone.callbacks.screen",
        "back",
        count_open,
        covers=("phone.callbacks.call", "phone.callbacks.not_reached", "phone.callbacks.decide"),
    ),
    Door(
        "Teksten",
        "phone.texts.script",
        "voice",
        covers=("phone.texts.text", "phone.texts.changes.change", "phone.texts.changes.record"),
    ),
)

RECURRING = (
    Recurring("settle_calls", timedelta(minutes=5)),
    Recurring("settle_attempts", timedelta(minutes=2)),
    Recurring("release_recordings", timedelta(minutes=15)),
    Recurring("reconcile_calls", timedelta(minutes=15)),
    Recurring("reconcile_days", timedelta(days=1)),
)
"""What is done on a schedule: silent calls get their outcome, what the webhooks missed is fetched, recordings leave."""


def handlers(desk: "Desk") -> "dict[str, Handler]":
    """The jobs of this part."""
    from intake.phone import nudge, rings, settling
    from intake.phone.calling_back import attempts, placing, unheard
    from intake.phone.carrier import reconcile, recordings, removal
    from intake.phone.carrier.client import Carrier
    from intake.phone.colleagues import alarm

    carrier = Carrier(desk.settings)
    return {
        rings.LEAVE_QUEUE: nudge.nudger(desk, carrier),
        recordings.JOB: recordings.fetcher(desk, carrier),
        removal.RELEASE: removal.releaser(desk),
        removal.DELETE: removal.deleter(desk, carrier),
        reconcile.JOB: reconcile.reconciler(desk, carrier),
        reconcile.LONG_JOB: reconcile.long_reconciler(desk, carrier),
        settling.JOB: settling.settler(desk),
        attempts.JOB: placing.placer(desk, carrier),
        unheard.JOB: unheard.settler(desk, carrier),
        alarm.WATCH: alarm.watcher(desk),
        alarm.RING: alarm.alarmer(desk, carrier),
    }


def conditions(session: "Session", settings: "Settings", now: "datetime") -> "list[Condition]":
    """What *Toestand* says of the telephone. See `intake.phone.carrier.watch`."""
    from intake.phone.carrier import watch

    return watch.conditions(session, settings, now)


def checks(settings: "Settings", _open_database: "Callable[[], Database]") -> "list[Check]":
    """What `doctor` looks at here: webhooks that wait for the database."""
    from intake.phone.away import stored

    return stored.checks(settings)


def catch_up(desk: "Desk") -> "Callable[[], None]":
    """What is made up for beside the other work of a process; see `intake.phone.away.standby`."""
    from intake.phone.away.standby import Standby

    return Standby(desk)


def slots(desk: "Desk") -> "dict[str, Slot]":
    """What this part draws on the ticket page."""
    from intake.phone.calling_back import panel

    return panel.slots(desk)


def strips(desk: "Desk") -> "tuple[Strip, ...]":  # noqa: ARG001  every part's strips are asked for in the same way
    """What stands above every page: the line, live."""
    from intake.phone.colleagues.strip import framed_strip

    return (framed_strip,)


def topics(desk: "Desk") -> "dict[str, Fingerprint]":  # noqa: ARG001  as above
    """What pages of this part hear of while somebody looks at them."""
    from intake.phone.colleagues.line_now import fingerprint
    from intake.phone.colleagues.strip import TOPIC

    return {TOPIC: fingerprint}


def make_blueprint(desk: "Desk") -> "Blueprint":
    """Everything of this part that is reached over HTTP: the carrier's webhooks, and pages."""
    from flask import Blueprint

    from intake.phone import webhooks
    from intake.phone.calling_back import callback_pages, outbound
    from intake.phone.colleagues import alarm_webhooks, roster_pages, talk_pages
    from intake.phone.texts import sounds, text_pages

    phone = Blueprint("phone", __name__, template_folder="templates")
    phone.register_blueprint(webhooks.make_webhooks(desk))
    phone.register_blueprint(outbound.make_outbound(desk))
    phone.register_blueprint(alarm_webhooks.make_alarm(desk))
    phone.register_blueprint(sounds.make_sounds(desk))
    phone.register_blueprint(callback_pages.make_pages(desk))
    phone.register_blueprint(text_pages.make_texts(desk))
    phone.register_blueprint(roster_pages.make_roster(desk))
    phone.register_blueprint(talk_pages.make_talks(desk))
    return phone
