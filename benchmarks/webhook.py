"""The phone webhook beside its floor: first response of a call with its durable record."""

import sys
from collections.abc import Iterator

from benchmarks import load
from benchmarks.result import Result, at_least, at_most, below
from benchmarks.site import ACCOUNT, COMMAND, TOKEN, Site, a_site, free_port, running

CALLS = 3_000
WARM_UP = 200
ROUNDS = 3


def measure() -> Iterator[Result]:
    """Desk and floor in turn, three rounds each; the best round of either counts, so that noise hits both alike."""
    with a_site() as site:
        desk, floor = [], []
        for turn in range(ROUNDS):
            floor.append(_floor(site, turn))
            desk.append(_desk(site, turn))
        best, bare = max(desk, key=lambda one: one.per_second), max(floor, key=lambda one: one.per_second)
    faults = sum(one.faults for one in desk)
    yield at_least("phone webhook", best.per_second, "requests/s", bare.per_second, 0.5)
    yield at_most("phone webhook p99", min(one.p99 for one in desk), "ms", min(one.p99 for one in floor), 3)
    yield below("phone webhook faults", faults, "faults", 1)


def _desk(site: Site, turn: int) -> load.Load:
    with running([COMMAND, "serve", "--bind", f"127.0.0.1:{site.port}"], site, f"{site.url}/healthz"):
        return _loaded(f"{site.url}/phone/incoming", f"d{turn}")


def _floor(site: Site, turn: int) -> load.Load:
    bind = f"127.0.0.1:{free_port()}"
    words = [sys.executable, "-m", "benchmarks.bare", f"sqlite:///{site.folder}/bare.db", bind, TOKEN]
    with running(words, site, f"http://{bind}/"):
        return _loaded(f"http://{bind}/phone/incoming", f"f{turn}")


def _loaded(url: str, mark: str) -> load.Load:
    load.run(url, [_call(url, f"{mark}w", n) for n in range(WARM_UP)])
    return load.run(url, [_call(url, mark, n) for n in range(CALLS)])


def _call(url: str, mark: str, n: int) -> tuple[bytes, dict[str, str]]:
    sid = "CA" + f"{mark}{n:06d}".encode().hex().rjust(32, "0")[-32:]
    form = {
        "CallSid": sid,
        "AccountSid": ACCOUNT,
        "From": f"+316{n:08d}",
        "To": "+31100000000",
        "CallStatus": "ringing",
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
    }
    return load.signed(url, form, TOKEN)
