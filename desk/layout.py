"""The frame around every page: style sheets, menu, opening hours, who is signed in."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask, current_app, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from desk.calendar import calendar_of
from desk.dates import written_moment, written_time
from desk.desk import Desk, this_desk
from desk.person import Person, initials, this_person
from hours import Calendar, NeverOpens

STATIC = Path(__file__).parent / "static"
THEME = "/thema.css"
STYLES = (
    "tokens.css", "base.css", "frame.css", "controls.css", "signs.css", "story.css",
    "queue.css", "ticket.css", "pages.css", "script.css", "callbar.css", "talk.css", "narrow.css", "print.css",
)  # fmt: skip
SCRIPTS = ("vendor/htmx.min.js", "vendor/hx-sse.min.js", "keys.js", "draft.js")
"""Read in this order; every page works without them."""

Strip = Callable[[Session, Person], Markup]
"""Draws what stands above every page, for whoever is signed in; empty for nothing."""


@dataclass(frozen=True)
class Door:
    """One entry of the main menu. `count` says how many things wait behind it; None shows no number.

    `covers` names the other endpoints that lie behind the same door.
    """

    label: str
    endpoint: str
    icon: str
    count: Callable[[Session], int] | None = None
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entrance:
    """A door as the page of this moment shows it."""

    label: str
    url: str
    icon: str
    count: int
    current: bool


@dataclass(frozen=True)
class Frame:
    """What the layout draws around the page of a signed-in colleague."""

    person: Person
    open_now: bool
    open_words: str
    entrances: tuple[Entrance, ...]
    strips: Markup
    topics: tuple[str, ...]
    """What this page hears of while it is looked at (`desk.live`)."""


def add_layout(app: Flask, desk: Desk) -> None:
    """Make the frame known to every template. The database is asked only when a page draws the frame."""
    files = (path for path in STATIC.rglob("*") if path.is_file())
    versions = {path.relative_to(STATIC).as_posix(): _digest(path) for path in files}
    theme = _digest(desk.settings.theme_css) if desk.settings.theme_css else None

    def static_url(name: str) -> str:
        return url_for("static", filename=name, v=versions[name])

    app.extensions["versions"] = {f"{app.static_url_path}/{name}": version for name, version in versions.items()}
    app.extensions["versions"][THEME] = theme
    app.extensions["doors"], app.extensions["strips"] = [], []
    app.jinja_env.globals.update(
        frame=frame,
        initials=initials,
        static_url=static_url,
        styles=STYLES,
        scripts=[name for name in SCRIPTS if name in versions],  # those of others come with `make install`
        theme=theme,
    )


def add_doors(app: Flask, doors: Iterable[Door]) -> None:
    """Put entries at the end of the main menu."""
    app.extensions["doors"].extend(doors)


def add_strips(app: Flask, strips: Iterable[Strip]) -> None:
    """Put strips above every page, below those that are there."""
    app.extensions["strips"].extend(strips)


def frame() -> Frame:
    """The frame as it is now, for who signed in."""
    desk, person = this_desk(), this_person()
    now = desk.clock.now()
    with desk.database.reading() as session:
        calendar = calendar_of(session)
        entrances = tuple(_entrance(session, door) for door in current_app.extensions["doors"])
        strips = Markup().join(strip(session, person) for strip in current_app.extensions["strips"])
    topics = tuple(current_app.extensions["live"].everywhere)
    return Frame(person, calendar.is_open(now), opening_words(calendar, now), entrances, strips, topics)


def opening_words(calendar: Calendar, now: datetime) -> str:
    """Whether the desk is open, and until when or from when: "Gesloten, weer open morgen 9.00 uur"."""
    closes = calendar.closes_at(now)
    if closes is not None:
        return f"Open tot {written_time(closes)} uur"
    try:
        return f"Gesloten, weer open {written_moment(calendar.next_opening(now), now)} uur"
    except NeverOpens:
        return "Gesloten"


def _entrance(session: Session, door: Door) -> Entrance:
    current = request.endpoint in {door.endpoint, *door.covers}
    count = door.count(session) if door.count else 0
    return Entrance(door.label, url_for(door.endpoint), door.icon, count, current)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
