"""What callers hear, in the hands of a coordinator: listened to, worded otherwise, recorded, and heard by a caller."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.intake.phone.files import a_wav
from tests.journeys.axe import findings
from tests.journeys.colleague import Colleague, follow
from tests.journeys.conftest import PASSWORD, Town, a_browser

pytestmark = pytest.mark.browser
COR = "cor@meldpunt.example"
# Browsers on a test machine have no voice of their own.
SPEECH = """Object.defineProperty(window, 'speechSynthesis', {value: {
  getVoices: () => [], cancel: () => {}, speak: words => { window.said = words.text + ' (' + words.lang + ')'; } }})"""


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def cor(request: pytest.FixtureRequest, browser: Browser, town: Town) -> Iterator[Page]:
    """A coordinator, with and without scripts."""
    _join(town)
    with a_browser(browser, town.site.url, scripts=request.param) as context:
        yield Colleague.signed_in(context.new_page(), COR, PASSWORD).page


def test_a_coordinator_words_the_greeting_and_the_next_caller_hears_it(town: Town, cor: Page) -> None:
    cor.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name="Teksten").click()
    cor.get_by_role("link", name="Begroeting").click()
    before = cor.get_by_label("Tekst", exact=True).input_value()
    for text in (before.replace("bel één", "bel meteen één"), before):
        cor.get_by_label("Tekst", exact=True).fill(text)
        follow(cor.get_by_role("button", name="Bekijk de wijziging"))
        expect(cor.get_by_role("heading", name="Dit verandert")).to_be_visible()
        follow(cor.get_by_role("button", name="Zet in gebruik"))
        expect(cor.get_by_role("status")).to_contain_text("De nieuwe tekst klinkt vanaf het volgende gesprek.")
        call = town.line.dial("+31600000191")
        assert call.heard[0].startswith(text)
        call.hang_up()
        town.line.settle()


def test_a_recording_is_put_in_force_and_withdrawn(cor: Page) -> None:
    cor.goto("/teksten/telefoon/T13")
    sound = FilePayload(name="einde.wav", mimeType="audio/wav", buffer=a_wav(9))
    cor.get_by_label("Nieuwe opname").set_input_files(sound)
    follow(cor.get_by_role("button", name="Zet deze opname in gebruik"))
    expect(cor.get_by_role("main")).to_contain_text("Bellers horen een opname van 9 seconden.")
    player = cor.locator("audio")
    assert cor.request.get(player.get_attribute("src") or "").body() == a_wav(9)
    follow(cor.get_by_role("button", name="Trek de opname in"))
    expect(cor.get_by_role("main")).to_contain_text("Er is geen opname.")


def test_every_text_can_be_listened_to(browser: Browser, town: Town) -> None:
    with a_browser(browser, town.site.url, scripts=True) as context:
        context.add_init_script(SPEECH)
        page = Colleague.signed_in(context.new_page(), "iris@meldpunt.example", PASSWORD).page
        page.goto("/teksten/telefoon")
        button = page.get_by_role("button", name="T4")
        button.press("Enter")
        assert re.match(r"Al onze medewerkers .* \(nl-NL\)$", page.evaluate("window.said"))
        expect(button).to_contain_text("Stop")
        button.press(" ")
        expect(button).to_contain_text("Beluister")


def test_axe_finds_nothing_on_what_a_coordinator_sees(browser: Browser, town: Town) -> None:
    _join(town)
    with a_browser(browser, town.site.url, scripts=True) as context:
        context.add_init_script(SPEECH)
        page = Colleague.signed_in(context.new_page(), COR, PASSWORD).page
        page.goto("/teksten/telefoon/T1")
        assert findings(page) == []
        page.get_by_label("Tekst", exact=True).fill("Welkom.")
        follow(page.get_by_role("button", name="Bekijk de wijziging"))
        assert findings(page) == []
        page.get_by_label("Tekst", exact=True).fill("Is een kind nu in gevaar? Hang op en bel één, één, twee.")
        follow(page.get_by_role("button", name="Bekijk de wijziging"))
        assert findings(page) == []


def _join(town: Town) -> None:
    """Cor has an account, whichever test comes first."""
    name = ("--name", "Cor Verzonnen", "--role", "coordinator")
    town.site.run("staff", "add", COR, *name, "--password-stdin", typed=PASSWORD)
