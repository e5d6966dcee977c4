"""Forty screens that listen to one process while callers ring: when all of them know, and whether a caller notices."""

import http.client
import random
import statistics
import time
from collections.abc import Iterator, Sequence

from benchmarks.colleague import add_colleague, signed_in
from benchmarks.result import Result, below
from benchmarks.screens import Screens
from benchmarks.site import COMMAND, Site, a_site, running
from benchmarks.webhook import call
from desk.live import LOOK_EVERY

SCREENS = 40
ROUNDS = 40
CALLS = 200
BUDGET_MS = 1_000
PER_SECOND = 10  # far more than ring this desk: each of them has every screen ask again


def measure() -> Iterator[Result]:
    """Callers who ring beside no screen, then beside forty; then one caller at a time, until all forty know."""
    with a_site() as site:
        add_colleague(site)
        with running([COMMAND, "serve", "--bind", f"127.0.0.1:{site.port}"], site, f"{site.url}/healthz"):
            _rung(site, "w")
            alone = _rung(site, "a")
            screens = Screens(site, signed_in(site), SCREENS)
            screens.open()
            beside = _rung(site, "b")
            rounds = [_round(site, screens, n) for n in range(ROUNDS)]
    yield from _spread(f"a caller rings, until {SCREENS} screens are told", [told for told, _drawn in rounds])
    yield from _spread(f"a caller rings, until {SCREENS} screens show it", [drawn for _told, drawn in rounds])
    yield below("first response beside no screen, p99", alone, "ms", BUDGET_MS)
    yield below(f"first response beside {SCREENS} screens, p99", beside, "ms", BUDGET_MS)


def _spread(name: str, seconds: Sequence[float]) -> Iterator[Result]:
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    for what, value in (("p50", cuts[9]), ("p95", cuts[18]), ("longest", max(seconds))):
        yield below(f"{name}, {what}", value * 1000, "ms", BUDGET_MS)


def _round(site: Site, screens: Screens, n: int) -> tuple[float, float]:
    """One caller, at any moment between two looks of the watcher, who hangs up once all have seen them."""
    time.sleep(random.random() * LOOK_EVERY)
    began = time.perf_counter()
    _post(site, "incoming", "r", n, "ringing")
    found = screens.all_since(began)
    began = time.perf_counter()
    _post(site, "status", "r", n, "completed")
    screens.all_since(began)
    return found


def _rung(site: Site, mark: str) -> float:
    """The p99 in milliseconds of the first response to callers who come at an even pace, and hang up at once."""
    times = []
    for n in range(CALLS):
        began = time.perf_counter()
        _post(site, "incoming", mark, n, "ringing")
        times.append(time.perf_counter() - began)
        _post(site, "status", mark, n, "completed")
        time.sleep(max(0.0, 1 / PER_SECOND - (time.perf_counter() - began)))
    return statistics.quantiles(times, n=100)[98] * 1000


def _post(site: Site, where: str, mark: str, n: int, status: str) -> None:
    body, headers = call(f"{site.url}/phone/{where}", mark, n, status)
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=15)
    connection.request("POST", f"/phone/{where}", body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise AssertionError(f"/phone/{where} answered {answer.status}")
