"""Places on a page that another part fills, without either knowing the other.

`app` says which view fills which slot; a template writes `{{ slot("handover", ticket) }}`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from markupsafe import Markup
from sqlalchemy.orm import Session, object_session

Slot = Callable[[Session, Any], Markup]
"""Draws one thing about a row (a ticket), reading through the session of the page; empty for nothing."""


def fill_slots(app: Flask, views: Mapping[str, Slot]) -> None:
    """Let `views` fill the slots of these names; several calls add up. Raises `ValueError` for a slot filled twice."""
    filled: dict[str, Slot] = app.extensions.setdefault("slots", {})
    if twice := filled.keys() & views.keys():
        raise ValueError(f"slot filled twice: {', '.join(sorted(twice))}")
    filled.update(views)

    def slot(name: str, row: object) -> Markup:
        session = object_session(row)
        view = filled.get(name)
        return view(session, row) if view and session else Markup()

    app.jinja_env.globals["slot"] = slot
