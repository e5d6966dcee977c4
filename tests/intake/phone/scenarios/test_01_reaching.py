"""Scenarios 1 to 7: answered, voicemail, declined, and hanging up anywhere."""

import pytest

from intake.phone.values import RingState
from tests.intake.phone.scenarios.scene import Scene
from triage.values import Outcome


def test_01_answered(scene: Scene) -> None:
    telephone = scene.colleague().will(answer_after=8, press="1", say="Met het meldpunt.", talk=90)
    call = scene.asks_for_a_person()
    call.wait_until_silent()
    assert call.connected_to is telephone.call is not None
    call.wait_until_over()
    contact = scene.contact()
    assert (contact.outcome, contact.ticket_id, contact.to_tick_off) == (Outcome.ANSWERED, None, True)
    assert contact.ended_at is not None
    assert 100 <= (contact.ended_at - contact.started_at).total_seconds() <= 130
    assert (scene.tries(), contact.told) == ([RingState.ACCEPTED], "T1 T2 T13")
    assert telephone.heard == ["Oproep voor het meldpunt. Toets 1 om aan te nemen."]


def test_02_no_answer_then_voicemail(scene: Scene) -> None:
    call = scene.dial()
    scene.does(call, "0")
    assert call.heard[-1].startswith("Wij kunnen nu niet opnemen. Is een kind nu in gevaar?")
    call.say("Met Hanna Papier van De Verzonnen Vos, zero zes, vier keer nul, nul één vier twee.")
    call.wait_until_silent()
    call.press("#")
    call.wait_until_over()
    contact = scene.contact()
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.VOICEMAIL, False, "T1 T2 T7 T14")
    assert len(scene.line.tickets()) == len(scene.line.callbacks()) == 1
    scene.work()
    assert scene.kept_recordings() == [scene.record().recording_sid]


def test_03_hang_up_during_the_recording(scene: Scene) -> None:
    call = scene.dial()
    scene.does(call, "0")
    for _ in range(15):  # nobody is silent for ten seconds on end
        call.say("En dan is er nog iets.")
        call.advance(3)
    call.hang_up()
    contact = scene.contact()
    assert (contact.outcome, contact.told) == (Outcome.VOICEMAIL, "T1 T2 T7")
    assert len(scene.line.tickets()) == 1
    scene.work()
    assert scene.kept_recordings() == [scene.record().recording_sid]


@pytest.mark.parametrize("who", ["says nothing", "another key", "voicemail box", "declines"])
def test_04_staff_declines_at_the_whisper(scene: Scene, who: str) -> None:
    telephone = scene.colleague()
    match who:
        case "says nothing":
            telephone.will(answer_after=3)
        case "another key":
            telephone.will(answer_after=3, press="5")
        case "voicemail box":
            telephone.is_voicemail(after=3)
        case _:
            telephone.will_decline(3)
    call = scene.asks_for_a_person()
    call.advance(50)
    assert call.heard[-1].startswith("Al onze medewerkers zijn in gesprek.")
    call.hang_up()
    contact = scene.contact()
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.ABANDONED, True, "T1 T2 T4")
    assert scene.tries() == [RingState.UNANSWERED if who == "declines" else RingState.REFUSED]


def test_05_hang_up_in_the_greeting(scene: Scene) -> None:
    call = scene.network.dial("+31600000142")
    call.advance(1)
    call.hang_up()
    contact = scene.contact()
    assert (contact.outcome, contact.to_tick_off) == (Outcome.ABANDONED, True)
    assert scene.last_sentence() == "Meldpunt kwetsbare kinderen."


def test_06_hang_up_in_the_menu(scene: Scene) -> None:
    call = scene.network.dial("+31600000142")
    call.advance(9)
    call.hang_up()
    assert scene.contact().outcome is Outcome.ABANDONED
    assert scene.last_sentence() in {"Een medewerker spreken?", "Kies 0.", "Heeft u al een nummer van ons?"}


def test_07_hang_up_while_staff_is_rung(scene: Scene) -> None:
    telephone = scene.colleague()
    call = scene.asks_for_a_person()
    call.advance(9)
    assert telephone.ringing
    call.hang_up()
    contact = scene.contact()
    assert (contact.outcome, contact.to_tick_off) == (Outcome.ABANDONED, True)
    assert (scene.tries(), telephone.ringing) == ([RingState.TAKEN_BACK], False)
    assert telephone.calls[0].status == "canceled"
