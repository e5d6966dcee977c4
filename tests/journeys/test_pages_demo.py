"""Nothing for axe to find on the demonstration's own pages, a call in progress among them."""

import re
import subprocess
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from demo import mailbox
from demo.carrier import Carrier
from demo.carrier.page import phone_blueprint
from demo.folder import Folder
from demo.handsets import handsets_blueprint
from demo.people import person
from demo.web import create_demo
from tests.journeys.axe import findings
from tests.journeys.colleague import follow
from tests.journeys.conftest import Town, a_browser
from tests.servers.ports import free_pair
from tests.servers.site import ACCOUNT, TOKEN

pytestmark = pytest.mark.browser
WHO = "hanna"


@pytest.fixture(scope="module")
def demonstration(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demonstration's page, beside the desk of the journeys, with a mailbox of its own."""
    folder = Folder(tmp_path_factory.mktemp("demo"), free_pair())
    post = subprocess.Popen(mailbox.server_words(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    line = Carrier(ACCOUNT, TOKEN, voice_url=f"{town.site.url}/phone/incoming", clock=town.site.clock)
    server = make_server("127.0.0.1", folder.demo_port, _pages(folder, line), threaded=True)
    threading.Thread(target=server.serve_forever, name="demo", daemon=True).start()
    try:
        mailbox.wait_for_server(folder)
        _write_to(folder)
        yield folder.demo_url
    finally:
        server.shutdown()
        server.server_close()
        line.close()
        post.terminate()
        post.wait(20)


def _pages(folder: Folder, line: Carrier) -> Flask:
    return create_demo(folder, phone_blueprint(line), handsets_blueprint(line))


def _visit(path: str) -> Callable[[Page], object]:
    return lambda page: page.goto(path)


def _empty_mail(page: Page) -> None:
    page.goto("/mail")
    page.get_by_label("Tekst").evaluate("each => each.removeAttribute('required')")
    follow(page.get_by_role("button", name="Verstuur"))
    expect(page.get_by_role("alert")).to_be_visible()


def _in_a_call(page: Page) -> None:
    page.goto("/telefoon")
    page.get_by_role("button", name=re.compile("^Bel ")).click()
    expect(page.get_by_role("button", name="Ophangen")).to_be_visible()
    expect(page.locator("#regels")).to_contain_text("Is een kind nu in gevaar?")


VISITS: dict[str, Callable[[Page], object]] = {
    "start": _visit("/"),
    "telephone": _visit("/telefoon"),
    "telephone, in a call": _in_a_call,
    "mail": _visit("/mail"),
    "mail, empty": _empty_mail,
    "post, with a mail": _visit(f"/post/{WHO}"),
    "post, empty": _visit("/post/mo"),
    "handsets": _visit("/toestellen"),
    "who looks on": _visit("/meekijken"),
}


@pytest.mark.parametrize("name", VISITS)
def test_axe_finds_nothing_on(name: str, browser: Browser, demonstration: str) -> None:
    with a_browser(browser, demonstration, scripts=True) as context:
        page = context.new_page()
        VISITS[name](page)
        assert page.locator("h1").count() == 1
        assert findings(page) == []


def test_a_person_phones_the_desk_without_scripts(browser: Browser, demonstration: str) -> None:
    with a_browser(browser, demonstration, scripts=False) as context:
        page = context.new_page()
        page.goto("/telefoon")
        follow(page.get_by_role("button", name=re.compile("^Bel ")))
        follow(page.get_by_role("button", name="Ververs"))
        expect(page.locator("#regels")).to_contain_text("Is een kind nu in gevaar?")
        follow(page.get_by_role("button", name="Ophangen"))
        expect(page.get_by_role("button", name=re.compile("^Bel "))).to_be_visible()


def _write_to(folder: Folder) -> None:
    """The desk's answer, in somebody's inbox."""
    hanna = person(WHO)
    letter = mailbox.write(hanna, "Wij hebben uw bericht ontvangen", "Uw meldnummer is 4821 7735.")
    letter.replace_header("To", hanna.email)
    mailbox.send(folder, letter)
