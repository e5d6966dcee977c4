"""Nothing for axe to find on the pages of the telephone: idle, busy, during a talk and after it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import findings
from tests.journeys.colleague import follow
from tests.journeys.conftest import Town
from tests.journeys.on_the_line import answers, over, stops, strip, takes_the_telephone, wants_a_person

pytestmark = pytest.mark.browser


def a_wrong_number(page: Page) -> None:
    page.goto("/telefoon")
    page.get_by_label("Uw nummer").fill("0900")
    follow(page.get_by_role("main").locator("button[type=submit]").last)


@pytest.mark.parametrize("visit", [lambda page: page.goto("/telefoon"), a_wrong_number], ids=["idle", "wrong number"])
def test_axe_finds_nothing_on_the_page_of_the_telephone(
    town: Town, live_iris: Page, visit: Callable[[Page], object]
) -> None:
    assert town.site.url in live_iris.url
    visit(live_iris)
    assert findings(live_iris) == []


def test_axe_finds_nothing_while_people_call(town: Town, live_iris: Page, lotte: Page) -> None:
    takes_the_telephone(live_iris)
    answers(town)
    talk = wants_a_person(town, "+31600000146", wait=20)
    others = [wants_a_person(town, number) for number in ("+31600000147", "anonymous")]
    expect(strip(live_iris)).to_contain_text("Nummer onbekend")
    for path in ("/werklijst", "/telefoon", "/oproepen"):
        for page in (live_iris, lotte):
            page.goto(path)
            assert findings(page) == [], path
    follow(strip(live_iris).get_by_role("link", name="Open het gesprek"))
    assert findings(live_iris) == []
    lotte.goto(live_iris.url)
    assert findings(lotte) == []
    follow(live_iris.get_by_role("button", name="Maak melding"))
    expect(live_iris.get_by_role("alert").first).to_contain_text("kloppen nog niet")
    assert findings(live_iris) == []
    over(town, talk, *others)
    live_iris.goto("/oproepen")
    expect(live_iris.get_by_role("heading", name="Gesproken, nog niet vastgelegd")).to_be_visible()
    assert findings(live_iris) == []
    follow(live_iris.get_by_role("link", name="Leg vast").first)
    live_iris.get_by_label("Geen melding, want").fill("Een proefgesprek")
    follow(live_iris.get_by_role("button", name="Geen melding"))
    stops(live_iris)
