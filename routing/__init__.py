"""Where a ticket goes: rules, partners, handovers, and what after-hours contacts are told.

Jobs and pages are imported when `app` asks for them: the mail process needs no Flask.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from routing import models

if TYPE_CHECKING:
    from flask import Blueprint

    from desk.desk import Desk
    from desk.slots import Slot
    from desk.worker import Handler

__all__ = ["SEEDS", "handlers", "make_blueprint", "models", "slots"]

HERE = Path(__file__).parent
SEEDS: dict[str, Path] = {name: HERE / f"{name}.toml" for name in ("partners", "rules", "texts")}
"""The documents of this part and the files they begin with."""


def handlers(desk: "Desk") -> "dict[str, Handler]":
    """The jobs of this part."""
    from routing import post

    return post.handlers(desk)


def slots(desk: "Desk") -> "dict[str, Slot]":
    """What this part draws on the ticket page."""
    from routing import panels

    return panels.slots(desk)


def make_blueprint(desk: "Desk") -> "Blueprint":
    """The forms with which people hand over."""
    from routing import views

    return views.make_blueprint(desk)
