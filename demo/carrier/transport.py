"""How a request reaches the desk: over real HTTP, or straight into a WSGI application."""

import http.client
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit
from wsgiref.types import WSGIApplication, WSGIEnvironment

from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

MOST_BYTES = 64 * 1024 + 1  # a document over 64 kB is refused; reading on would only cost memory


class Unreachable(Exception):
    """No connection could be made."""


class TooSlow(Exception):
    """Connected, but no whole answer came in time."""


@dataclass(frozen=True)
class Request:
    """One HTTP request; `body` is a url-encoded form, empty for GET."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """What came back. `cookies` are the raw Set-Cookie lines."""

    status: int
    content_type: str
    body: bytes
    location: str | None = None
    cookies: tuple[str, ...] = ()


class Transport(Protocol):
    """Sends one request, follows nothing, tries nothing again."""

    def send(self, request: Request, connect: float, read: float) -> Reply:
        """The reply; timeouts in seconds. Raises `Unreachable` or `TooSlow`."""


class HttpTransport:
    """Over the network, as the carrier does. `http.client`, because it requests exactly the target that was signed."""

    def send(self, request: Request, connect: float, read: float) -> Reply:
        """The reply; timeouts in seconds. Raises `Unreachable` or `TooSlow`."""
        url = urlsplit(request.url)
        kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        connection = kind(url.hostname or "", url.port, timeout=connect)
        try:
            connection.connect()
        except OSError as error:
            raise Unreachable(type(error).__name__) from error
        try:
            connection.sock.settimeout(read)
            connection.request(request.method, _target(url), request.body, dict(request.headers))
            answer = connection.getresponse()
            return _reply(answer.status, Headers(answer.getheaders()), answer.read(MOST_BYTES))
        except (OSError, http.client.HTTPException) as error:
            raise TooSlow(type(error).__name__) from error
        finally:
            connection.close()


class WsgiTransport:
    """Into an application in this process; `others` are applications under other host names.

    An error that the application does not catch comes out of here: a test should see it.
    """

    def __init__(self, app: WSGIApplication, others: Mapping[str, WSGIApplication] | None = None) -> None:
        self._app = app
        self._others = others or {}

    def send(self, request: Request, connect: float, read: float) -> Reply:  # noqa: ARG002  nothing here takes time
        """The reply, at once."""
        app = self._others.get(urlsplit(request.url).netloc, self._app)
        pieces, status, headers = run_wsgi_app(app, _environ(request), buffered=True)
        return _reply(int(status.partition(" ")[0]), headers, b"".join(pieces)[:MOST_BYTES])


def _target(url: SplitResult) -> str:
    return (url.path or "/") + (f"?{url.query}" if url.query else "")


def _reply(status: int, headers: Headers, body: bytes) -> Reply:
    cookies = tuple(headers.getlist("Set-Cookie"))
    return Reply(status, headers.get("Content-Type", ""), body, headers.get("Location"), cookies)


def _environ(request: Request) -> WSGIEnvironment:
    """A server's view of the request, its target exactly as it was sent: signatures are made over that."""
    url = urlsplit(request.url)
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
    content_type = headers.pop("HTTP_CONTENT_TYPE", "")
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(url.path or "/").decode("latin-1"),
        "QUERY_STRING": url.query,
        "REQUEST_URI": _target(url),
        "RAW_URI": _target(url),
        "SERVER_NAME": url.hostname or "",
        "SERVER_PORT": str(url.port or (443 if url.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(request.body)),
        "HTTP_HOST": url.netloc,
        **headers,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
