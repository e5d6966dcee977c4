"""How a contact becomes a concern, and a concern a ticket."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Blueprint

    from desk.desk import Desk
    from desk.layout import Door


def make_blueprint(desk: "Desk") -> "Blueprint":
    """The form *Melding noteren*. Imported when asked for: the child that parses mail starts through this package."""
    from intake.views import register

    return register.make_blueprint(desk)


def __getattr__(name: str) -> "tuple[Door, ...]":
    """`DOORS`, the entry of the main menu; imported when asked for, like the form."""
    if name != "DOORS":
        raise AttributeError(name)
    from intake.views import register

    return register.DOORS
