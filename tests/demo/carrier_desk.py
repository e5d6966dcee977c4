"""A desk of a few lines, for the tests of the network that phones it."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from demo.carrier import Carrier, Faults, VirtualClock, WsgiTransport

ACCOUNT = "AC" + "0" * 32
TOKEN = "verzonnen-teken"
CALLER = "+31600000777"
URL = "https://desk.example.nl"
TUESDAY = datetime(2020, 4, 14, 8, 0, tzinfo=UTC)
XML = "text/xml; charset=utf-8"


@dataclass(frozen=True)
class Seen:
    """One request that reached the desk."""

    method: str
    path: str
    target: str
    form: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass
class SmallDesk:
    """Answers each path with what it was told; several answers are given in turn, the last one for ever."""

    answers: dict[str, list[tuple[int, str, str, dict[str, str]]]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        headers = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}
        form = dict(parse_qsl(body or environ["QUERY_STRING"], keep_blank_values=True))
        path = environ["PATH_INFO"]
        self.seen.append(Seen(environ["REQUEST_METHOD"], path, environ["REQUEST_URI"], form, headers))
        given = self.answers.get(path) or [(404, "text/plain", "nothing here", {})]
        status, kind, text, extra = given.pop(0) if len(given) > 1 else given[0]
        start_response(f"{status} -", [("Content-Type", kind), *extra.items()])
        return io.BytesIO(text.encode())

    def says(self, path: str, inner: str, status: int = 200, kind: str = XML, **headers: str) -> "SmallDesk":
        """Answer this path with a document that holds `inner`."""
        text = f"<Response>{inner}</Response>" if kind == XML else inner
        lines = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.setdefault(path, []).append((status, kind, text, lines))
        return self

    def at(self, path: str) -> list[Mapping[str, str]]:
        """The forms that came to a path."""
        return [seen.form for seen in self.seen if seen.path == path]

    def form_of(self, path: str) -> MultiDict[str, str]:
        """The one form that came to a path, as a web framework hands it on."""
        (form,) = self.at(path)
        return MultiDict(form)


def a_desk(first: str) -> SmallDesk:
    """A desk that answers a call with `first`, and takes every callback."""
    return SmallDesk().says("/in", first).says("/status", "").says("/recording", "")


def a_carrier(
    desk: SmallDesk, *, voice: str = "/in", fallback: str | None = None, faults: Faults | None = None
) -> Carrier:
    """A network in virtual time, on Tuesday 14 April 2020, 10.00 in Rotterdam."""
    return Carrier(
        ACCOUNT,
        TOKEN,
        voice_url=URL + voice,
        status_url=f"{URL}/status",
        fallback_url=fallback,
        transport=WsgiTransport(desk),
        clock=VirtualClock(TUESDAY),
        faults=faults,
    )


class Rest:
    """Asks the carrier as its account."""

    def __init__(self, carrier: Carrier) -> None:
        self._client: FlaskClient = carrier.rest_app().test_client()

    def __call__(self, path: str, method: str = "GET", *, token: str = TOKEN, **form: str | list[str]) -> TestResponse:
        address = f"/2010-04-01/Accounts/{ACCOUNT}{path}"
        return self._client.open(address, method=method, auth=(ACCOUNT, token), data=form or None)
