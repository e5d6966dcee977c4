"""The carrier's REST face over real HTTP, and the installed client library pointed at it."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from werkzeug.serving import make_server

from tests.demo.carrier_desk import ACCOUNT, TOKEN


class Elsewhere(TwilioHttpClient):  # type: ignore[misc]
    """The library's own client, sent to another host."""

    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(timeout=timeout, pool_connections=False)
        self._url = url

    def request(self, method: str, url: str, **others: Any) -> Response:  # type: ignore[override,unused-ignore]
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.hostname.endswith(".twilio.com")
        return super().request(
            method, f"{self._url}{parts.path}" + (f"?{parts.query}" if parts.query else ""), **others
        )


def client_at(url: str, timeout: float = 8) -> Client:
    """The library's client of the tests' account, for whatever answers at `url`."""
    return Client(ACCOUNT, TOKEN, http_client=Elsewhere(url, timeout))


@contextmanager
def served(app: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]) -> Iterator[str]:
    """The address of an application, served until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
