"""A load of signed webhooks from a few concurrent callers on loopback, and what it measured."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator


@dataclass(frozen=True)
class Load:
    """What a load did. Times in milliseconds."""

    per_second: float
    p50: float
    p99: float
    faults: int


def signed(url: str, form: dict[str, str], token: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a webhook as the carrier would send it."""
    signature = RequestValidator(token).compute_signature(url, form)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
    return urlencode(form).encode(), headers


def run(url: str, requests: list[tuple[bytes, dict[str, str]]], callers: int = 8) -> Load:
    """Send every request once, `callers` at a time over kept-alive connections."""
    times: list[float] = []
    faults: list[int] = []
    parts = [requests[n::callers] for n in range(callers)]
    threads = [threading.Thread(target=_caller, args=(url, part, times, faults)) for part in parts]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    cuts = statistics.quantiles(times, n=100)
    return Load(len(times) / took, cuts[49] * 1000, cuts[98] * 1000, len(faults))


def _caller(url: str, requests: list[tuple[bytes, dict[str, str]]], times: list[float], faults: list[int]) -> None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=15)
    for body, headers in requests:
        began = time.perf_counter()
        connection.request("POST", parts.path, body, headers)
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        if answer.status != http.HTTPStatus.OK:
            faults.append(answer.status)


def median_ms(work: Callable[[], object], times: int = 60) -> float:
    """The median time of `work` in milliseconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000
