"""One whole desk for all journeys: its three processes, a telephone network, a mail server, and a browser."""

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState
from werkzeug.serving import make_server

from demo.carrier import Carrier, VirtualClock
from demo.carrier.network import DESK_NUMBER
from hours import at_local
from tests.journeys.colleague import Colleague
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.post_office import PostOffice, post_office
from tests.servers.site import ACCOUNT, TOKEN, Site, make_site

ADDRESS = "meldpunt@meldpunt.example"
TUESDAY = datetime(2020, 4, 14).date()  # noqa: DTZ001  a day, the first of the meldpunt
CHROMIUM = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
PATIENCE = 10_000  # ms
CLOSING = 15  # seconds
LOTTE, LOTTE_EMAIL = "Lotte Denkbeeld", "lotte@meldpunt.example"
NAME, EMAIL, PASSWORD = "Iris Bedacht", "iris@meldpunt.example", "een lang verzonnen wachtwoord"


@dataclass(frozen=True)
class Town:
    """The desk and everybody around it."""

    site: Site
    office: PostOffice
    mailbox: Dovecot
    line: Carrier

    def set_clock(self, hour: int, minute: int = 0, *, days: int = 0) -> None:
        """Make it Tuesday 14 April 2020 at this time in Rotterdam, or so many days later."""
        self.site.clock.set(at_local(TUESDAY + timedelta(days=days), time(hour, minute)))


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Running from the first journey to the last."""
    with running_dovecot() as mailbox, post_office(ADDRESS, lambda raw: mailbox.deliver("desk", raw)) as office:
        site = _site(tmp_path_factory.mktemp("site"), mailbox, office)
        carrier = _carrier(site)
        rest = make_server("127.0.0.1", site.carrier_port, carrier.rest_app(), threaded=True)
        threading.Thread(target=rest.serve_forever, name="carrier", daemon=True).start()
        town = Town(site, office, mailbox, carrier)
        town.set_clock(10)
        with site.running("serve", "mail", "work"):
            yield town
        rest.shutdown()
        rest.server_close()


@pytest.fixture(autouse=True)
def _nobody_on_the_line(town: Town) -> None:
    """What a journey leaves behind, also one that failed half-way, is no concern of the next: nobody calls or waits."""
    for call in list(town.line.calls.values()):
        if not call.finished:
            call.hang_up()
    town.line.settle()
    with closing(sqlite3.connect(town.site.database, timeout=20)) as database, database:
        database.execute("DELETE FROM phone_duty")


@pytest.fixture(autouse=True)
def _open(town: Town) -> None:
    """Every journey begins on Tuesday at ten, with the desk open."""
    town.set_clock(10)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium, silent."""
    return {"executable_path": shutil.which("chromium") or "/usr/bin/chromium", "args": list(CHROMIUM)}


@pytest.fixture
def paper(browser: Browser, town: Town) -> Iterator[Page]:
    """A browser that runs no script at all."""
    with a_browser(browser, town.site.url, scripts=False) as context:
        yield context.new_page()


@pytest.fixture
def screen(browser: Browser, town: Town) -> Iterator[Page]:
    """A browser as most people have it."""
    with a_browser(browser, town.site.url, scripts=True) as context:
        yield context.new_page()


@pytest.fixture
def iris(paper: Page) -> Colleague:
    """A colleague, signed in, without scripts."""
    return Colleague.signed_in(paper, EMAIL, PASSWORD)


@pytest.fixture
def live_iris(screen: Page) -> Page:
    """The same colleague at a browser as most people have it."""
    return Colleague.signed_in(screen, EMAIL, PASSWORD).page


@pytest.fixture
def lotte(browser: Browser, town: Town) -> Iterator[Page]:
    """A second colleague at a browser of her own."""
    town.site.run("staff", "add", LOTTE_EMAIL, "--name", LOTTE, "--password-stdin", typed=PASSWORD)
    with a_browser(browser, town.site.url, scripts=True) as context:
        yield Colleague.signed_in(context.new_page(), LOTTE_EMAIL, PASSWORD).page


@pytest.fixture(scope="package")
def new_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a desk where nothing happened yet."""
    site = _with_iris(make_site(tmp_path_factory.mktemp("new")))
    with site.running("serve"):
        yield site.url


@contextmanager
def a_browser(
    browser: Browser, url: str, *, scripts: bool, state: StorageState | None = None
) -> Iterator[BrowserContext]:
    """A fresh profile of a Dutch person, with these cookies if any."""
    context = browser.new_context(
        base_url=url, locale="nl-NL", timezone_id="Europe/Amsterdam", java_script_enabled=scripts, storage_state=state
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield context
    finally:
        _close(context)


def _close(context: BrowserContext) -> None:
    """Chromium sometimes never says that a profile is gone (github.com/cloudflare/puppeteer/issues/97): go on then.

    Playwright waits for that without a limit, and offers none.
    """
    with suppress(TimeoutError):
        context._sync(asyncio.wait_for(context._impl_obj.close(reason=None), CLOSING))  # noqa: SLF001


def _site(folder: Path, mailbox: Dovecot, office: PostOffice) -> Site:
    smtp = f"smtp://127.0.0.1:{office.port}"
    return _with_iris(
        make_site(folder, imap_url=mailbox.url("desk"), smtp_url=smtp, mail_from=ADDRESS, phone_number=DESK_NUMBER)
    )


def _with_iris(site: Site) -> Site:
    site.run("staff", "add", EMAIL, "--name", NAME, "--password-stdin", typed=PASSWORD)
    return site


def _carrier(site: Site) -> Carrier:
    start = at_local(TUESDAY, time(10))
    return Carrier(
        ACCOUNT, TOKEN,
        voice_url=f"{site.url}/phone/incoming", status_url=f"{site.url}/phone/status",
        clock=VirtualClock(start), api_url=f"http://127.0.0.1:{site.carrier_port}",
    )  # fmt: skip
