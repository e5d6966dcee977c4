"""Scenarios 8 to 12: silence, wrong keys, keys too early."""

import pytest

from tests.fakes import FixedClock
from tests.intake.phone.scenarios.scene import KNOWN, Scene
from tests.intake.phone.test_journeys import SUNDAY
from triage.values import Outcome

MENU = "Een medewerker spreken? Kies 0."


def test_08_silence_rings_staff_then_waits_then_voicemail_and_is_never_cut_off(scene: Scene) -> None:
    telephone = scene.colleague()
    call = scene.dial()
    call.advance(6)
    assert telephone.ringing
    call.advance(30)
    assert call.heard[-1].startswith("Al onze medewerkers zijn in gesprek.")
    call.wait_until_over()
    assert 8 * 60 < call.seconds() < 11 * 60
    assert call.heard[-2].startswith("Wij kunnen nu niet opnemen.")
    assert scene.contact().outcome is Outcome.VOICEMAIL


def test_09_wrong_keys_repeat_the_menu_once_and_then_ring_staff(scene: Scene) -> None:
    telephone = scene.colleague()
    call = scene.dial()
    scene.does(call, "9")
    assert call.heard[-1].startswith(MENU)
    assert not telephone.calls
    call.press("*")
    call.advance(1)
    assert telephone.ringing
    call.press("7")  # a key while it rings means nothing
    call.advance(1)
    assert telephone.ringing
    call.hang_up()
    assert scene.contact().told == "T1 T2"


def test_10_a_key_during_the_prompt_stops_it_and_is_taken(scene: Scene) -> None:
    telephone = scene.colleague()
    call = scene.network.dial(KNOWN)
    call.advance(2)
    call.press("0")
    call.advance(1)
    assert telephone.ringing
    assert "afgebroken na 2.0 s" in call.transcript()
    call.hang_up()


@pytest.mark.parametrize("place", ["menu", "ticket", "number"])
def test_11_a_hash_sign_first_is_no_choice_and_no_number(scene: Scene, clock: FixedClock, place: str) -> None:
    telephone = scene.colleague()
    match place:
        case "menu":
            call = scene.dial()
            scene.does(call, "#")
            assert call.heard[-1].startswith(MENU)
        case "ticket":  # nothing was keyed: a person comes, and no word of a number
            call = scene.dial()
            scene.does(call, "1")
            call.press("#")
            call.advance(1)
            assert telephone.ringing
            assert call.heard[-1] == "Toets uw nummer van acht cijfers in."
        case _:
            clock.set(SUNDAY)
            call = scene.dial()
            scene.does(call, "1", "#")
            assert call.heard[-1].startswith("Op welk nummer")
    call.hang_up()


def test_12_keys_before_the_prompt_are_kept(scene: Scene) -> None:
    call = scene.network.dial(KNOWN)
    call.press("2")
    call.wait_until_silent()
    assert call.heard[-1].endswith("Toch een medewerker spreken? Kies 0.")
    call.wait_until_over()
    contact = scene.contact()
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.REFERRED, False, "T1 T2 T3")
