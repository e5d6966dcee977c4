"""Screens that people look at: each listens to the desk, and asks for its strip again when it hears of a change."""

import http.client
import threading
import time
from dataclasses import dataclass, field

import requests

from benchmarks.site import Site

TOPIC, STRIP = "telefoon", "/telefoon/strook"
PATIENCE = 30.0  # seconds after which a screen that was told nothing is a fault


@dataclass
class _Seen:
    """When one screen was told last, and when it stood there drawn anew."""

    told: float = 0.0
    drawn: float = 0.0


@dataclass
class Screens:
    """Open pages of one desk; they end when its server does."""

    site: Site
    browser: requests.Session
    count: int
    _seen: list[_Seen] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def open(self) -> None:
        """Open them all, and return once each of them heard how things stand."""
        began = time.perf_counter()
        self._seen = [_Seen() for _ in range(self.count)]
        for seen in self._seen:
            threading.Thread(target=self._look, args=(seen,), daemon=True).start()
        self.all_since(began)

    def all_since(self, began: float) -> tuple[float, float]:
        """Seconds after `began` until the last of them was told of a change, and until the last was drawn anew.

        Raises `TimeoutError` when one of them is not.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: all(each.drawn > each.told > began for each in self._seen), PATIENCE):
                raise TimeoutError("a screen was told nothing")
            return max(each.told for each in self._seen) - began, max(each.drawn for each in self._seen) - began

    def _look(self, seen: _Seen) -> None:
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())}
        stream, page = (http.client.HTTPConnection("127.0.0.1", self.site.port) for _ in range(2))
        stream.request("GET", f"/live?over={TOPIC}", headers=cookies | {"Accept": "text/event-stream"})
        news = stream.getresponse()
        while line := news.readline():
            if not line.startswith(b"event:"):
                continue
            told = time.perf_counter()
            page.request("GET", STRIP, headers=cookies)
            answer = page.getresponse()
            answer.read()
            if answer.status == http.HTTPStatus.OK:
                with self._changed:
                    seen.told, seen.drawn = told, time.perf_counter()
                    self._changed.notify_all()
