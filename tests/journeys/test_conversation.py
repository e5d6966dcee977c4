"""Scene 1: a school principal phones, the father comes at twelve. Two colleagues, in browsers with scripts."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from demo.carrier import Call
from tests.journeys.colleague import Colleague, follow
from tests.journeys.conftest import EMAIL, PASSWORD, Town, a_browser

pytestmark = pytest.mark.browser
LOTTE, LOTTE_MAIL = "Lotte Denkbeeld", "lotte@meldpunt.example"
PHONE, DIRECT = "+31600000251", "06 0000 0251"


@pytest.fixture
def lotte(browser: Browser, town: Town) -> Iterator[Page]:
    """A second colleague, at a browser of her own."""
    town.site.run("staff", "add", LOTTE_MAIL, "--name", LOTTE, "--password-stdin", typed=PASSWORD)
    with a_browser(browser, town.site.url, scripts=True) as context:
        yield Colleague.signed_in(context.new_page(), LOTTE_MAIL, PASSWORD).page


@pytest.fixture
def desk(screen: Page) -> Page:
    """Iris, with scripts."""
    return Colleague.signed_in(screen, EMAIL, PASSWORD).page


def strip(page: Page) -> Locator:
    """The strip above the page."""
    return page.get_by_role("region", name="Telefoon", exact=True)


def takes_the_telephone(page: Page, number: str) -> None:
    page.goto("/telefoon")
    page.get_by_label("Uw nummer").fill(number)
    follow(page.get_by_role("main").get_by_role("button", name=re.compile("neem de telefoon op|Bel mij")))


def stops(page: Page) -> None:
    page.goto("/telefoon")
    if page.get_by_role("button", name="Stop").count():
        follow(page.get_by_role("button", name="Stop"))


def a_waiting_caller(town: Town, number: str = "+31600000142") -> Call:
    call = town.line.dial(number)
    call.wait_until_silent()
    call.press("0")
    call.advance(4)
    return call


def test_the_father_comes_at_twelve(town: Town, desk: Page, lotte: Page) -> None:
    takes_the_telephone(desk, DIRECT)
    desk.goto("/werklijst")
    lotte.goto("/werklijst")
    desk.keyboard.press("p")
    expect(strip(desk)).to_contain_text("U: pauze")
    expect(strip(lotte)).to_contain_text("Iris: pauze")  # without asking

    call = a_waiting_caller(town)
    expect(strip(desk)).to_contain_text("wacht sinds")
    expect(strip(lotte)).to_contain_text("06 - 0000 0142")
    town.line.telephone(PHONE).will(answer_after=2, press="1", say="Met het meldpunt.", talk=600)
    strip(desk).get_by_role("button", name="Neem deze beller").click()
    expect(desk.get_by_role("alert")).to_contain_text("toets 1")
    expect(strip(lotte)).to_contain_text("Iris Bedacht nam deze beller")
    call.advance(30)
    expect(desk).to_have_url(re.compile("/gesprek/"))  # nobody was typing
    expect(strip(lotte)).to_contain_text("in gesprek met Iris Bedacht")

    desk.get_by_label("Waar is het kind?").fill("In de klas, bij juf Anne")
    desk.get_by_label("Wie is erbij?").fill("De intern begeleider")
    desk.get_by_label("Wat gebeurt er straks?").fill("Vader komt haar halen")
    desk.get_by_label("Hoe laat gebeurt dat?").fill("12.00")
    desk.get_by_label("Wat vertelt de beller?").fill("Zij (9) zegt dat vader slaat.")
    expect(desk.locator("#bewaard")).to_have_text(re.compile(r"Bewaard 10\.\d\d"))

    strip(lotte).get_by_role("link", name="Kijk mee").click()
    expect(lotte.get_by_role("main")).to_contain_text("Zij (9) zegt dat vader slaat.")
    desk.reload()
    expect(desk.get_by_label("Wat vertelt de beller?")).to_have_value("Zij (9) zegt dat vader slaat.")

    desk.get_by_label("112 gebeld door").fill("de directeur om 10.05")
    desk.get_by_role("radio", name=re.compile("Acuut")).check(force=True)
    desk.get_by_label("In een paar woorden").fill("Vader komt haar om twaalf uur halen")
    call.hang_up()
    town.line.settle()
    expect(strip(desk)).to_contain_text("nog niet vastgelegd")
    follow(desk.get_by_role("button", name="Maak melding"))
    main = desk.get_by_role("main")
    for sentence in ("Om 12.00 uur: Vader komt haar halen.", "112: de directeur om 10.05", "Acuut", "Bij u sinds"):
        expect(main).to_contain_text(sentence)
    stops(desk)


def test_a_lost_connection_loses_no_word(town: Town, desk: Page) -> None:
    takes_the_telephone(desk, DIRECT)
    town.line.telephone(PHONE).will(answer_after=2, press="1", talk=600)
    call = town.line.dial("+31600000143")
    call.wait_until_silent()
    call.press("0")
    call.advance(20)
    follow(strip(desk).get_by_role("link", name="Open het gesprek"))
    note = desk.get_by_label("Wat vertelt de beller?")
    desk.context.set_offline(True)
    note.press_sequentially("Geen verbinding, wel tekst.")
    kept = desk.locator("#bewaard")
    expect(kept).to_have_text("Niet bewaard: geen verbinding. Uw tekst staat hier nog.")
    desk.context.set_offline(False)
    expect(kept).to_have_text(re.compile("^Bewaard "))
    desk.reload()
    expect(note).to_have_value("Geen verbinding, wel tekst.")
    call.hang_up()
    town.line.settle()
    desk.get_by_label("Geen melding, want").fill("Verkeerd verbonden")
    follow(desk.get_by_role("button", name="Geen melding"))
    stops(desk)
