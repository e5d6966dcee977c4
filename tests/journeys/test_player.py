"""Listening to a spoken message by keyboard: its length told first, back ten seconds, and faster."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.colleague import Colleague
from tests.journeys.conftest import EMAIL, PASSWORD, Town

pytestmark = pytest.mark.browser


def test_a_message_is_played_back_and_faster_by_keyboard(town: Town, screen: Page) -> None:
    iris = Colleague.signed_in(screen, EMAIL, PASSWORD)
    before = iris.numbers("Ingesproken bericht")
    call = town.line.dial("+31600000184")
    call.wait_until_silent()
    call.press("0")
    call.wait_until_silent()
    call.say("Met Bart Voorbeeldsma van Jeugdhulp Overmorgen. Belt u mij vandaag terug?")
    call.advance(25)
    call.hang_up()
    town.line.settle()
    iris.open(iris.wait_for("Ingesproken bericht", besides=before))
    iris.recording()

    player = screen.locator(".player")
    expect(player.locator("figcaption")).to_contain_text("secon")
    sound = player.locator("audio")
    assert sound.evaluate("async sound => { await sound.play(); sound.pause(); return sound.seekable.length }") == 1
    sound.evaluate("sound => new Promise(done => { sound.onseeked = done; sound.currentTime = 15 })")
    player.get_by_role("button", name="10 seconden terug").press("Enter")
    assert 4 < sound.evaluate("sound => sound.currentTime") < 6
    player.get_by_role("button", name="1,5×").press(" ")
    assert sound.evaluate("sound => sound.playbackRate") == 1.5
    expect(player.get_by_role("button", name="1,5×")).to_have_attribute("aria-pressed", "true")
    expect(player.get_by_role("button", name="1×")).to_have_attribute("aria-pressed", "false")
