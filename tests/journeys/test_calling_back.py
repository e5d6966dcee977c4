"""Calling back by one click, in a browser: both telephones, and what stands there afterwards."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.colleague import Colleague, follow
from tests.journeys.conftest import EMAIL, PASSWORD, Town
from tests.journeys.on_the_line import placed

pytestmark = pytest.mark.browser
IRIS = "+31600000201"


def test_one_click_reaches_the_reporter_and_the_promise_is_kept(town: Town, iris: Colleague) -> None:
    row = _asked_to_be_called_back(town, iris.page, "0600000421", "06 - 0000 0421")
    town.line.telephone(IRIS).will(answer_after=2, press="1", talk=40)
    town.line.telephone("+31600000421").will(answer_after=4, talk=20)
    follow(row.get_by_role("button", name="Bel 06 - 0000 0421"))
    if iris.page.get_by_label("Uw telefoonnummer", exact=True).count():
        iris.page.get_by_label("Uw telefoonnummer", exact=True).fill("06 0000 0201")
        follow(iris.page.get_by_role("button", name="Bewaar en bel"))
    iris.reads("Uw telefoon gaat zo. Neem op en toets 1.")
    placed(town, IRIS)
    assert town.line.telephone(IRIS).heard[-1] == "U belt een melder terug. Toets 1 om te bellen."
    iris.page.reload()
    expect(row).to_contain_text("Iris Bedacht: opgenomen")
    row.get_by_label("Wat is er afgesproken?").fill("De school belt morgen weer.")
    follow(row.get_by_role("button", name="Zet op de tijdlijn"))
    expect(row).to_have_count(0)


def test_not_reached_is_one_key_of_the_row_that_has_the_focus(town: Town, screen: Page) -> None:
    iris = Colleague.signed_in(screen, EMAIL, PASSWORD)
    row = _asked_to_be_called_back(town, screen, "0600000422", "06 - 0000 0422")
    screen.locator("h1").click()
    screen.keyboard.press("n")  # no row has the focus: nothing happens
    row.get_by_role("button", name="Niet bereikt").focus()
    expect(row.locator("kbd")).to_be_visible()
    with screen.expect_navigation():
        screen.keyboard.press("n")
    iris.reads("1 keer niet bereikt. Volgende poging: vandaag 10.30 uur.")
    expect(row).to_be_focused()


def test_a_key_typed_in_a_field_of_the_row_is_a_letter(town: Town, screen: Page) -> None:
    Colleague.signed_in(screen, EMAIL, PASSWORD)
    row = _asked_to_be_called_back(town, screen, "0600000423", "06 - 0000 0423")
    row.get_by_text("Teruggebeld").click()
    row.get_by_label("Wat is er afgesproken?").press_sequentially("nnn")
    expect(row.get_by_label("Wat is er afgesproken?")).to_have_value("nnn")
    expect(row).not_to_contain_text("niet bereikt.")


def _asked_to_be_called_back(town: Town, page: Page, keyed: str, shown: str) -> Locator:
    """Somebody called before opening; gives their row on *Terugbellen*."""
    town.set_clock(8)
    call = town.line.dial("anonymous")
    for keys in ("1", f"{keyed}#", "1"):
        call.wait_until_silent()
        call.press(keys)
    call.wait_until_over()
    town.line.settle()
    town.set_clock(10)
    page.goto("/terugbellen")
    return page.locator("li.caller").filter(has_text=shown)
