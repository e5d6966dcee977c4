"""Carries one signed webhook to the desk, as stubbornly as its URL asks, and writes down each try."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4

from twilio.request_validator import RequestValidator

from demo.carrier.faults import Faults
from demo.carrier.mishaps import Mishap
from demo.carrier.overrides import WHOLE, BadOverride, Overrides, split
from demo.carrier.transport import Reply, Request, TooSlow, Transport, Unreachable

MOST_REDIRECTS = 10
AS_GET = frozenset({301, 302, 303})
MOVED = AS_GET | {307, 308}

Note = Callable[[str, str, str, int | None, float, str], None]
"""Takes (call_sid, method, url, status, ms, note)."""


class CookieJar:
    """The cookies of one call, by host."""

    def __init__(self) -> None:
        self._by_host: dict[str, dict[str, str]] = {}

    def keep(self, url: str, lines: tuple[str, ...]) -> None:
        """Remember what a reply set."""
        for line in lines:
            try:
                found = {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            except CookieError:
                continue
            self._by_host.setdefault(urlsplit(url).netloc, {}).update(found)

    def header(self, url: str) -> dict[str, str]:
        """The header to send back, if any."""
        kept = self._by_host.get(urlsplit(url).netloc, {})
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())} if kept else {}


@dataclass
class Errand:
    """One webhook to deliver. `url` may carry connection overrides in its fragment."""

    call_sid: str
    method: str
    url: str
    form: Mapping[str, str]
    cookies: CookieJar
    token: str = field(default_factory=lambda: str(uuid4()))
    may_double: bool = True
    """Whether it may arrive twice by chance here; a callback is doubled by the network, at two moments."""


@dataclass(frozen=True)
class Outcome:
    """How it went. `code` is the carrier's error code, 0 for none; `lost`: seconds that a fault would have taken."""

    reply: Reply | None
    url: str
    code: int = 0
    text: str = ""
    lost: float = 0.0


@dataclass(frozen=True)
class _Try:
    reply: Reply | None
    url: str
    fault: str = ""
    code: int = 0
    text: str = ""
    lost: float = 0.0


class Courier:
    """Signs and sends. Holds no state but the knobs."""

    def __init__(self, token: str, transport: Transport, *, region: str, faults: Faults, note: Note) -> None:
        self._signer = RequestValidator(token)
        self._transport, self._region, self._faults, self._note = transport, region, faults, note

    def deliver(self, errand: Errand) -> Outcome:
        """Send it, again after the faults that its URL names, all within fifteen seconds. Raises nothing."""
        try:
            bare, overrides = split(errand.url)
        except BadOverride as error:
            return Outcome(None, errand.url, 11100, str(error))
        if not bare.isascii() or " " in bare or urlsplit(bare).scheme not in {"http", "https"}:
            return Outcome(None, bare, 11100, "not a URL")
        began, lost, last = time.perf_counter(), 0.0, _Try(None, bare, code=11205, text="no time to connect")
        for number in range(overrides.retries + 1):
            left = min(overrides.total, WHOLE) - lost - (time.perf_counter() - began)
            if left <= 0:
                break
            last = self._follow(errand, bare, overrides, left, number)
            lost += last.lost
            if last.fault not in overrides.retried:
                break
        return Outcome(last.reply, last.url, last.code, last.text, lost)

    def _follow(self, errand: Errand, url: str, overrides: Overrides, left: float, number: int) -> _Try:
        method, spent = errand.method, 0.0
        for _ in range(MOST_REDIRECTS + 1):
            last = self._once(errand, method, url, (min(overrides.connect, left), min(overrides.read, left)), number)
            spent += last.lost
            if last.reply is None or last.reply.status not in MOVED or not last.reply.location:
                return _Try(last.reply, url, last.fault, last.code, last.text, spent)
            method = "GET" if last.reply.status in AS_GET else method
            url = urljoin(url, last.reply.location)
        return _Try(None, url, "", 11215, "too many redirects", spent)

    def _once(self, errand: Errand, method: str, url: str, patience: tuple[float, float], number: int) -> _Try:
        mishap = self._faults.mishap()
        if mishap is not None and not mishap.reaches:
            self._write(errand, method, url, mishap.status, 0.0, number, mishap.note)
            return _failed(mishap, url)
        copies = 1 + (errand.may_double and self._faults.doubled())
        request, began = self._request(errand, method, url, number), time.perf_counter()
        try:
            reply = self._transport.send(request, *patience)
            self._write(errand, method, url, reply.status, began, number, mishap.note if mishap else "")
            if copies > 1:
                reply = self._transport.send(request, *patience)
                self._write(errand, method, url, reply.status, began, number, "dubbel bezorgd")
        except Unreachable as error:
            self._write(errand, method, url, None, began, number, "geen verbinding")
            return _Try(None, url, "ct", 11205, str(error))
        except TooSlow as error:
            self._write(errand, method, url, None, began, number, "te laat")
            return _Try(None, url, "rt", 11205, str(error))
        wait = mishap.seconds if mishap else 0.0
        if mishap is not None and not 0 < wait < patience[1]:
            return replace(_failed(mishap, url), lost=min(wait, patience[1]))
        errand.cookies.keep(url, reply.cookies)
        if reply.status >= HTTPStatus.BAD_REQUEST:
            text = f"the desk answered {reply.status}"
            return _Try(reply, url, f"{reply.status // 100}xx", 11200, text, wait)
        return _Try(reply, url, lost=wait)

    def _request(self, errand: Errand, method: str, url: str, number: int) -> Request:
        token = str(uuid4()) if number and self._faults.fresh_token else errand.token
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": token,
            "X-Home-Region": self._region,
        } | errand.cookies.header(url)
        if method == "GET":
            url = _with_query(url, errand.form)
            return Request("GET", url, headers | {"X-Twilio-Signature": self._signer.compute_signature(url, {})})
        signature = self._signer.compute_signature(url, dict(errand.form))
        headers |= {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "X-Twilio-Signature": signature}
        return Request(method, url, headers, urlencode(errand.form).encode())

    def _write(
        self, errand: Errand, method: str, url: str, status: int | None, began: float, number: int, note: str
    ) -> None:
        ms = (time.perf_counter() - began) * 1000 if began else 0.0
        notes = [f"poging {number + 1}"] if number else []
        self._note(errand.call_sid, method, url, status, ms, ", ".join([*notes, *filter(None, [note])]))


def _failed(mishap: Mishap, url: str) -> _Try:
    reply = Reply(mishap.status, "text/html", b"<html>een fout onderweg</html>") if mishap.status else None
    return _Try(reply, url, mishap.fault, mishap.code if mishap.fault else 0, mishap.text)


def _with_query(url: str, form: Mapping[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(form)}" if form else url
