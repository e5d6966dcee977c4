"""What colleagues do with the telephone in their browsers, and callers who reach them."""

import re

from playwright.sync_api import Locator, Page

from demo.carrier import Call
from tests.journeys.colleague import follow
from tests.journeys.conftest import Town
from tests.waiting import until

PHONE, DIRECT = "+31600000251", "06 0000 0251"


def strip(page: Page) -> Locator:
    """The strip above the page."""
    return page.get_by_role("region", name="Telefoon", exact=True)


def takes_the_telephone(page: Page, number: str = DIRECT) -> None:
    """Sign on with this number."""
    page.goto("/telefoon")
    page.get_by_label("Uw nummer").fill(number)
    follow(page.get_by_role("main").get_by_role("button", name=re.compile("neem de telefoon op|Bel mij")))


def stops(page: Page) -> None:
    """Sign off, for whoever is on."""
    page.goto("/telefoon")
    if page.get_by_role("button", name="Stop").count():
        follow(page.get_by_role("button", name="Stop"))


def wants_a_person(town: Town, number: str, wait: float = 4) -> Call:
    """Somebody calls, presses 0, and is rung through or waits: `wait` seconds go by."""
    call = town.line.dial(number)
    call.wait_until_silent()
    call.press("0")
    call.advance(wait)
    return call


def answers(town: Town, number: str = PHONE) -> None:
    """The colleague's telephone is answered from now on, and the key pressed."""
    town.line.telephone(number).will(answer_after=2, press="1", say="Met het meldpunt.", talk=900)


def asked(town: Town, number: str) -> int:
    """How often the desk asked the network to call this number; the telephone rings when its turn comes."""
    return sum(call.to == number for call in list(town.line.calls.values()))


def placed(town: Town, number: str, before: int = 0) -> None:
    """The worker has the network call this number, after so many times before; what follows runs to its end."""
    until(lambda: asked(town, number) > before and not town.line.agenda.idle(), what="a call to the colleague")
    town.line.settle()


def over(town: Town, *calls: Call) -> None:
    """Everybody on the line hangs up, and all hear of it. Who still waited would wait an hour of the network's time."""
    for call in calls:
        call.hang_up()
    town.line.settle()
