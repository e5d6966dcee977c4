"""News while people look on: one watcher asks the database what changed, and every open page that cares hears of it.

A *topic* is a name and a cheap fingerprint of what stands on some page. Nothing of what changed is sent: the pages
that show it ask again, as whoever is signed in.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from desk.database import Database
from desk.person import only_signed_in, person_or_none

Fingerprint = Callable[[Session], object]
"""Reads a few rows; whatever it gives is told apart by its `repr`."""

log = logging.getLogger("meldpunt.live")

LOOK_EVERY = 0.4  # seconds
TICK = 1.0  # seconds after which a stream looks whether its server stops
HEARTBEAT = 15.0  # seconds; what is sent to nobody ends a stream whose page is gone
LONGEST = 300.0  # seconds of one stream: whoever signed out meanwhile gets no other
AGAIN_MS, LATER_MS = 500, 5_000
"""How soon a page comes back after its stream ended, and when there is no room for a stream."""


class Live:
    """The topics of one process, its watcher, and the pages that listen.

    A stream holds a thread of the server as long as it lasts: there are never more than `most`, so that a caller's
    webhook finds one free. Whoever comes then is told to ask again every five seconds.
    """

    def __init__(self, database: Database, most: int) -> None:
        self.stopping: Callable[[], bool] = lambda: False
        """Whether the server ends: streams must then end with it."""
        self._database, self._most = database, most
        self._topics: dict[str, Fingerprint] = {}
        self._versions: dict[str, str] = {}
        self._heard: list[Collection[str]] = []
        self._changed = threading.Condition()
        self._watching = False

    @property
    def everywhere(self) -> list[str]:
        """The topics that every page listens to."""
        return sorted(self._topics)

    def add(self, topics: Mapping[str, Fingerprint]) -> None:
        """Have these watched while somebody listens."""
        self._topics.update(topics)

    def stream(self, topics: Collection[str], known: str) -> Iterator[str]:
        """Server-sent events: one named after each topic that changed since `known`, the id of the last event.

        A page that knows nothing yet hears of every topic at once.
        """
        mine = [topic for topic in topics if topic in self._topics]
        seen = dict(part.split("=", 1) for part in known.split(",") if "=" in part)
        with self._seat(mine) as seated:
            if not seated or not mine:
                yield from (_event(topic, "", LATER_MS) for topic in mine)
                return
            yield ": hier\n\n"
            yield from self._news(mine, seen)

    def _news(self, mine: list[str], seen: dict[str, str]) -> Iterator[str]:
        started = spoke = time.monotonic()
        while not self.stopping() and time.monotonic() - started < LONGEST:
            versions = self._next(mine, seen)
            fresh = [topic for topic, version in versions.items() if seen.get(topic) != version]
            seen |= versions
            now = ",".join(f"{topic}={version}" for topic, version in versions.items())
            yield from (_event(topic, now, AGAIN_MS) for topic in fresh)
            if fresh or time.monotonic() - spoke > HEARTBEAT:
                spoke = time.monotonic()
                yield ": nog hier\n\n"

    def _next(self, mine: list[str], seen: dict[str, str]) -> dict[str, str]:
        """The versions of these topics once one of them is not `seen`, or after a tick."""
        with self._changed:
            self._changed.wait_for(lambda: self._differ(mine, seen), TICK)
            return {topic: self._versions[topic] for topic in mine if topic in self._versions}

    def _differ(self, mine: list[str], seen: dict[str, str]) -> bool:
        return any(topic in self._versions and self._versions[topic] != seen.get(topic) for topic in mine)

    @contextmanager
    def _seat(self, topics: Collection[str]) -> Iterator[bool]:
        """A place among the listeners; the first one starts the watcher, and it ends after the last one left."""
        with self._changed:
            seated = len(self._heard) < self._most
            if seated:
                self._heard.append(topics)
                if not self._watching:
                    self._watching = True
                    self._versions.clear()
                    threading.Thread(target=self._watch, name="live", daemon=True).start()
        try:
            yield seated
        finally:
            if seated:
                with self._changed:
                    self._heard = [each for each in self._heard if each is not topics]

    def _watch(self) -> None:
        while wanted := self._wanted():
            try:
                versions = self._look(wanted)
            except SQLAlchemyError as error:  # it is away for a moment: what people see stands as it is
                log.warning("the database cannot be watched", extra={"fault": type(error).__name__})
            else:
                self._tell(versions)
            time.sleep(LOOK_EVERY)

    def _wanted(self) -> set[str]:
        with self._changed:
            wanted = {topic for topics in self._heard for topic in topics}
            self._watching = bool(wanted)
            return wanted

    def _look(self, wanted: set[str]) -> dict[str, str]:
        with self._database.reading() as session:
            return {topic: _short(self._topics[topic](session)) for topic in wanted}

    def _tell(self, versions: dict[str, str]) -> None:
        with self._changed:
            if versions != {topic: self._versions.get(topic) for topic in versions}:
                self._versions.update(versions)
                self._changed.notify_all()


def add_live(app: Flask, database: Database, threads: int) -> Live:
    """The stream `/live?over=…` of an application; three quarters of its threads may be held by streams."""
    live = Live(database, threads * 3 // 4)
    app.extensions["live"] = live

    @app.get("/live")
    def news() -> Response:
        """Once for every page that is looked at. A page whose session ran out is told so, and asks ever less."""
        if person_or_none() is None:
            return _sign_in_first()
        known = request.headers.get("Last-Event-ID", "")
        events = live.stream(request.args.getlist("over"), known)
        return Response(events, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})

    return live


def _sign_in_first() -> Response:
    if "text/event-stream" in request.headers.get("Accept", ""):
        return Response(status=401)
    sent_away = only_signed_in()
    return sent_away if isinstance(sent_away, Response) else Response(status=401)


def _event(topic: str, id_: str, retry: int) -> str:
    return f"event: {topic}\nid: {id_}\nretry: {retry}\ndata: 1\n\n"


def _short(found: object) -> str:
    return hashlib.sha256(repr(found).encode()).hexdigest()[:12]
