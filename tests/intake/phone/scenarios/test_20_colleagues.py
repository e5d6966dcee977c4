"""Scenarios 20 to 22, 47 and 51: nobody there, who hangs up first, numbers that fail, whispers, partners."""

from datetime import timedelta

from intake.phone.values import RingState
from tests.fakes import FixedClock
from tests.intake.phone.scenarios.scene import KNOWN, OTHERS, Scene
from tests.intake.phone.test_journeys import SUNDAY
from triage.values import Outcome


def test_20_nobody_takes_the_telephone_in_opening_hours(scene: Scene) -> None:
    call = scene.asks_for_a_person()
    call.wait_until_silent()
    assert call.heard[-1].startswith("Wij kunnen nu niet opnemen.")
    assert not scene.network.lines
    call.hang_up()  # before a word
    assert scene.contact().told == "T1 T2 T7"


def test_21_the_colleague_hangs_up_first(scene: Scene) -> None:
    scene.colleague().will(answer_after=2, press="1", talk=20)
    call = scene.asks_for_a_person()
    call.wait_until_over()
    assert call.heard[-1] == (
        "Het gesprek is voorbij. Is er nu gevaar? Bel één, één, twee. Was u nog niet klaar? Bel ons dan opnieuw."
    )
    assert scene.contact().outcome is Outcome.ANSWERED


def test_22_a_number_that_fails_is_followed_by_the_next_colleague(scene: Scene) -> None:
    scene.colleague().is_dead()
    scene.clock.advance(timedelta(seconds=1))
    scene.colleague("Noor Verzonnen", OTHERS).will(answer_after=2, press="1", talk=20)
    call = scene.asks_for_a_person()
    call.wait_until_over()
    assert scene.tries() == [RingState.FAILED, RingState.ACCEPTED]
    assert scene.contact().outcome is Outcome.ANSWERED


def test_47_a_whisper_is_no_call_of_its_own(on_both: Scene) -> None:
    scene = on_both
    scene.faults.duplicate = 1.0
    telephone = scene.colleague().will(answer_after=2, press="1", talk=20)
    call = scene.asks_for_a_person()
    call.wait_until_over()
    assert scene.contact().outcome is Outcome.ANSWERED
    assert scene.callers() == {call.sid: KNOWN}
    (leg,) = telephone.calls
    assert leg.parent_sid == call.sid


def test_51_nobody_is_put_through_to_a_partner_the_number_is_spoken_twice(scene: Scene, clock: FixedClock) -> None:
    clock.set(SUNDAY)
    call = scene.dial()
    assert call.heard[-1].count("nul achthonderd, tweeduizend") == 2
    call.wait_until_over()
    assert list(scene.network.telephones) == []
    contact = scene.contact()
    assert (contact.outcome, contact.told) == (Outcome.TOLD_CLOSED, "T8")
