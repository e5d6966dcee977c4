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
    """Desk and floors in turn, three rounds each; the best round of each counts, so that noise hits all alike."""
    with a_site() as site:
        desk, bare, queued = [], [], []
        for turn in range(ROUNDS):
            bare.append(_floor(site, turn, "bare"))
            desk.append(_desk(site, turn))
            queued.append(_floor(site, turn, "queued"))
    yield from _beside("phone webhook", desk, bare)
    yield from _beside("phone webhook, floor whose writers queue", desk, queued)
    yield below("phone webhook faults", sum(one.faults for one in desk), "faults", 1)


def _beside(name: str, desk: list[load.Load], floor: list[load.Load]) -> Iterator[Result]:
    rate, best = max(one.per_second for one in desk), max(one.per_second for one in floor)
    yield at_least(name, rate, "requests/s", best, 0.5)
    yield at_most(f"{name}, p99", min(one.p99 for one in desk), "ms", min(one.p99 for one in floor), 3)


def _desk(site: Site, turn: int) -> load.Load:
    with running([COMMAND, "serve", "--bind", f"127.0.0.1:{site.port}"], site, f"{site.url}/healthz"):
        return _loaded(f"{site.url}/phone/incoming", f"d{turn}")


def _floor(site: Site, turn: int, how: str) -> load.Load:
    bind = f"127.0.0.1:{free_port()}"
    words = [sys.executable, "-m", "benchmarks.bare", f"sqlite:///{site.folder}/{how}.db", bind, TOKEN, how]
    with running(words, site, f"http://{bind}/"):
        return _loaded(f"http://{bind}/phone/incoming", f"{how[0]}{turn}")


def _loaded(url: str, mark: str) -> load.Load:
    load.run(url, [call(url, f"{mark}w", n) for n in range(WARM_UP)])
    return load.run(url, [call(url, mark, n) for n in range(CALLS)])


def call(url: str, mark: str, n: int, status: str = "ringing") -> tuple[bytes, dict[str, str]]:
    """Body and headers of a webhook of call `n` of those with this mark."""
    sid = "CA" + f"{mark}{n:06d}".encode().hex().rjust(32, "0")[-32:]
    form = {
        "CallSid": sid,
        "AccountSid": ACCOUNT,
        "From": f"+316{n:08d}",
        "To": "+31100000000",
        "CallStatus": status,
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
    }
    return load.signed(url, form, TOKEN)
