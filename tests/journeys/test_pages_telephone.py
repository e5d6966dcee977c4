"""Nothing for axe to find on the pages of the telephone: idle, busy, during a talk and after it; nor for the eye."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.journeys.axe import findings
from tests.journeys.colleague import follow
from tests.journeys.conftest import Town
from tests.journeys.on_the_line import answers, over, stops, strip, takes_the_telephone, wants_a_person

OUT_OF_VIEW = """() => [...document.querySelectorAll(".nav a")].filter(each => {
    const words = document.createRange(); words.selectNodeContents(each);
    const {left, right} = words.getBoundingClientRect();
    return left < 0 || right > innerWidth || each.scrollWidth > each.clientWidth; }).map(each => each.innerText)"""
COVERED = """() => [...document.querySelectorAll(".talk .field :is(input, select, textarea)")].filter(each => {
    each.focus(); each.scrollIntoView({block: "nearest"});
    const {left, right, bottom} = each.getBoundingClientRect();
    return [left + 20, right - 20].some(x => document.elementFromPoint(x, bottom - 4) !== each);
    }).map(each => each.id)"""

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


def test_in_the_hand_every_door_is_in_view_and_no_field_is_covered(town: Town, live_iris: Page) -> None:
    page = live_iris
    takes_the_telephone(page)
    answers(town)
    call = wants_a_person(town, "+31600000184", wait=20)
    follow(strip(page).get_by_role("link", name="Open het gesprek"))
    for width in (390, 320):
        page.set_viewport_size(ViewportSize(width=width, height=700))
        assert page.locator(".nav a").count() == 6
        assert page.evaluate(OUT_OF_VIEW) == []
        assert page.evaluate(COVERED) == []
    over(town, call)
    page.get_by_label("Geen melding, want").fill("Verkeerd verbonden")
    follow(page.get_by_role("button", name="Geen melding"))
    stops(page)
