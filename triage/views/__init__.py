"""The pages that staff work in."""

from flask import Blueprint

from desk.desk import Desk
from desk.layout import Door
from triage.missed import count_open
from triage.views import acts, calls, downloads, queue, search, ticket
from triage.views.blueprint import blueprint

__all__ = ["DOORS", "acts", "calls", "downloads", "make_blueprint", "queue", "search", "ticket"]

DOORS = (
    Door("Werklijst", "triage.queue", "queue", covers=("triage.ticket", "triage.act")),
    Door("Oproepen", "triage.calls", "phone", count_open, covers=("triage.tick_off", "triage.ticket_of_call")),
    Door("Zoeken", "triage.search", "search", covers=("triage.found",)),
)


def make_blueprint(desk: Desk) -> Blueprint:  # noqa: ARG001  every part's blueprint is asked for in the same way
    """Every page of triage, behind the sign-in."""
    return blueprint
