"""The telephones of the colleagues in a browser, while a small desk rings one of them in real time."""

import re
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.serving import make_server

from demo.carrier import Carrier
from demo.carrier.page import phone_blueprint
from demo.folder import Folder
from demo.handsets import handsets_blueprint
from demo.web import create_demo
from desk.clock import SystemClock
from tests.demo.carrier_desk import ACCOUNT, CALLER, TOKEN, a_desk
from tests.demo.carrier_rest import served
from tests.journeys.axe import findings
from tests.journeys.colleague import follow
from tests.journeys.conftest import a_browser
from tests.servers.ports import free_pair

pytestmark = pytest.mark.browser
LOTTE = "#t-31600000202"
ASK = '<Gather numDigits="1" timeout="60" action="/key"><Say>Toets één.</Say></Gather><Hangup/>'


@pytest.fixture
def line() -> Iterator[Carrier]:
    """A network whose every call rings Lotte."""
    desk = a_desk('<Dial action="/after" timeout="60"><Number url="/whisper">+31600000202</Number></Dial>')
    desk.says("/whisper", ASK).says("/key", "").says("/after", "<Say>Tot ziens.</Say>")
    with served(desk) as url, closing(Carrier(ACCOUNT, TOKEN, voice_url=f"{url}/in", clock=SystemClock())) as carrier:
        yield carrier


@pytest.fixture
def address(line: Carrier, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = Folder(tmp_path_factory.mktemp("demo"), free_pair())
    app = create_demo(folder, phone_blueprint(line), handsets_blueprint(line))
    server = make_server("127.0.0.1", folder.demo_port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder.demo_url
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_colleague_answers_takes_the_call_talks_and_hangs_up(
    browser: Browser, line: Carrier, address: str, *, scripts: bool
) -> None:
    with a_browser(browser, address, scripts=scripts) as context:
        page = context.new_page()
        page.goto("/toestellen")
        call = line.dial(CALLER)
        lotte = Handset(page, scripts=scripts)
        lotte.reads("gaat over")
        lotte.do("Opnemen")
        lotte.reads("Toets één.")
        lotte.do("1")
        lotte.reads("in gesprek")
        lotte.says("Met Lotte Denkbeeld.")
        call.say("Met Joris Papier.")
        lotte.reads("Met Joris Papier.")
        lotte.do("Ophangen")
        lotte.reads("stil, laatste keer opgehangen")
        call.wait_until_over(10)
    assert "Met Lotte Denkbeeld." in call.transcript()
    assert call.heard == ["Tot ziens."]


def test_axe_finds_nothing_while_a_telephone_rings_and_while_one_talks(
    browser: Browser, line: Carrier, address: str
) -> None:
    with a_browser(browser, address, scripts=True) as context:
        page = context.new_page()
        page.goto("/toestellen")
        line.dial(CALLER)
        lotte = Handset(page, scripts=True)
        lotte.reads("gaat over")
        expect(page.get_by_role("status")).to_have_text("De telefoon van Lotte Denkbeeld gaat over.")
        assert findings(page) == []
        lotte.do("Opnemen")
        lotte.reads("Toets één.")
        assert findings(page) == []


def test_what_is_being_typed_and_where_the_focus_is_survive_the_news(
    browser: Browser, line: Carrier, address: str
) -> None:
    with a_browser(browser, address, scripts=True) as context:
        page = context.new_page()
        page.goto("/toestellen")
        call = line.dial(CALLER)
        lotte = Handset(page, scripts=True)
        lotte.do("Opnemen")
        lotte.do("1")
        words = lotte.box.get_by_label("Zeg iets")
        words.fill("Met Lot")
        call.say("Hallo?")
        lotte.reads("Hallo?")
        expect(words).to_have_value("Met Lot")
        expect(words).to_be_focused()


class Handset:
    """Lotte's telephone on the page; without scripts the page is asked for again until it shows what is expected."""

    def __init__(self, page: Page, *, scripts: bool) -> None:
        self._page, self._scripts = page, scripts

    @property
    def box(self) -> Locator:
        return self._page.locator(LOTTE)

    def reads(self, text: str) -> None:
        if not self._scripts:
            for _ in range(100):
                if self.box.get_by_text(text).count():
                    break
                follow(self._page.get_by_role("button", name="Ververs"))
        expect(self.box).to_contain_text(text)

    def do(self, name: str) -> None:
        button = self.box.get_by_role("button", name=re.compile(f"^{name}$"))
        button.click() if self._scripts else follow(button)

    def says(self, words: str) -> None:
        self.box.get_by_label("Zeg iets").fill(words)
        self.do("Zeg")
