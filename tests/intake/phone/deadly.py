"""A web process that is killed at the worst moments, and the network that meets it."""

import os
import re
import signal
import subprocess
from urllib.parse import urlsplit

import requests

from demo.carrier import HttpTransport
from demo.carrier.transport import Reply, Request, TooSlow
from tests.servers.site import COMMAND, Site
from tests.waiting import until

UNIQUE = re.compile(r"[0-9a-f-]{36}|(?<=/)\d+/\d+")


class Web:
    """The web process of a site, which can be killed at any moment and started again."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run it until it answers."""
        with (self._site.folder / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                [COMMAND, "serve"],
                env=self._site.environment,
                cwd=self._site.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self._answers, what="an answer of serve")

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self._site.url}/healthz", timeout=5).ok
        except requests.ConnectionError:
            return False

    def kill(self) -> None:
        """With everything it began, without a word."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(30)
            self._process = None


class Deadly(HttpTransport):
    """Kills the process at the first webhook of each kind, by turns: just before it, or between commit and answer.

    Whatever was answered is lost then; the network asks again, and another process answers.
    """

    def __init__(self, web: Web, *, answers_first: bool) -> None:
        self._web, self._answers_first = web, answers_first
        self.kinds: list[str] = []

    def send(self, request: Request, connect: float, read: float) -> Reply:
        """Through, or killed on the way there or back. Raises `TooSlow` when the answer was lost."""
        kind = UNIQUE.sub("n", urlsplit(request.url).path)
        if kind in self.kinds or not kind.startswith("/phone/"):
            return super().send(request, connect, read)
        self.kinds.append(kind)
        if lost := (len(self.kinds) % 2 == 1) is self._answers_first:
            super().send(request, connect, read)
        self._web.kill()
        self._web.start()
        if lost:
            raise TooSlow("no answer ever came")
        return super().send(request, connect, read)
