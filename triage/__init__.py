"""Tickets: their states, the queue, and the pages that staff work in.

Pages are imported when `app` asks for them: the processes for mail and jobs need no Flask.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Blueprint

    from desk.desk import Desk
    from desk.layout import Door


def make_blueprint(desk: "Desk") -> "Blueprint":
    """The work list, the ticket, the callers who got nobody, and searching."""
    from triage import views

    return views.make_blueprint(desk)


def __getattr__(name: str) -> "tuple[Door, ...]":
    """`DOORS`, the entries of the main menu; imported when asked for, like the pages."""
    if name != "DOORS":
        raise AttributeError(name)
    from triage import views

    return views.DOORS
