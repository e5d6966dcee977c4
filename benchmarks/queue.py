"""The work list at 1,000, 10,000 and 100,000 tickets and a tenth as many calls, over real HTTP from one process."""

from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks import load
from benchmarks.colleague import add_colleague, signed_in
from benchmarks.fill import fill
from benchmarks.old_calls import fill_calls
from benchmarks.result import Result, at_most, below
from benchmarks.site import COMMAND, Site, a_site, running
from desk.clock import SystemClock
from desk.database import Database
from desk.keyring import read_key_file
from desk.vault import Vault

STEPS = (1_000, 10_000, 100_000)


def measure() -> Iterator[Result]:
    """The median page time after each filling; growth is held against the first."""
    with a_site() as site:
        add_colleague(site)
        database = _database(site)
        medians, filled = [], 0
        for step in STEPS:
            fill(database, step - filled, datetime.now(UTC))
            fill_calls(database, (step - filled) // 10, datetime.now(UTC))
            filled = step
            medians.append(_median(site))
            yield below(f"queue page p50 at {step:,} tickets", medians[-1], "ms", 40)
        yield at_most("queue page growth 1,000 to 100,000", medians[-1], "ms", medians[0], 1.5)
        database.close()


def _median(site: Site) -> float:
    with running([COMMAND, "serve", "--bind", f"127.0.0.1:{site.port}"], site, f"{site.url}/healthz"):
        browser = signed_in(site)
        page = f"{site.url}/werklijst"
        rows = browser.get(page).text.count('class="melding')
        if rows < 25:  # noqa: PLR2004  a page holds 25
            raise AssertionError(f"the page shows {rows} rows")
        for _ in range(10):
            browser.get(page)
        return load.median_ms(lambda: browser.get(page))


def _database(site: Site) -> Database:
    ring = read_key_file(site.folder / "desk.keys")
    return Database(site.environment["MELDPUNT_DATABASE_URL"], Vault(ring), SystemClock())
