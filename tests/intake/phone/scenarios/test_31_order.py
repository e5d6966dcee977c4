"""Scenarios 31 to 36: webhooks doubled, late, out of order, repeated; told by hand, in whatever order."""

import pytest

from intake.phone.events import CallState
from intake.phone.values import RingState
from tests.intake.phone.scenarios.scene import KNOWN, Scene
from triage.values import Outcome


def test_31_doubled_and_late_events_are_one_final_state(on_both: Scene) -> None:
    scene = on_both
    scene.faults.duplicate, scene.faults.delay = 1.0, 30.0
    scene.colleague().will(answer_after=3, press="1", talk=20)
    call = scene.asks_for_a_person()
    call.wait_until_over()
    contact = scene.contact()
    assert (contact.outcome, contact.told) == (Outcome.ANSWERED, "T1 T2 T13")
    assert (scene.record().state, scene.tries()) == (CallState.COMPLETED, [RingState.ACCEPTED])


def test_32_completed_before_in_progress_stays_completed(scene: Scene) -> None:
    call = scene.dial()
    call.hang_up()
    scene.network.settle()
    ended = scene.contact().ended_at
    assert scene.line.tell(call.sid, CallStatus="in-progress").status_code == 200
    assert scene.line.tell(call.sid, CallStatus="no-answer").status_code == 200
    assert (scene.record().state, scene.contact().ended_at) == (CallState.COMPLETED, ended)


def test_33_the_last_word_before_the_first_webhook_is_the_same_call(scene: Scene) -> None:
    scene.app.before["/phone/incoming"] = lambda form: scene.line.tell(form["CallSid"], CallStatus="completed")
    call = scene.network.dial(KNOWN)
    call.advance(1)
    call.hang_up()
    contact = scene.contact()
    assert (contact.outcome, scene.record().state) == (Outcome.ABANDONED, CallState.COMPLETED)
    assert contact.to_tick_off


@pytest.mark.parametrize("order", ["recording first", "twice", "never"])
def test_34_a_recording_is_kept_once_however_it_is_told(scene: Scene, order: str) -> None:
    scene.faults.drop = 1.0 if order == "never" else 0.0
    scene.faults.duplicate = 1.0 if order == "twice" else 0.0
    call = scene.dial()
    scene.does(call, "0")
    call.say("Wilt u mij terugbellen?")
    if order == "recording first":
        scene.app.before["/phone/turn/2"] = lambda form: scene.line.tell(call.sid, "/phone/recording", **form)
    call.advance(5)
    call.press("#")
    scene.faults.drop = 0.0
    call.wait_until_over()
    assert scene.contact().outcome is Outcome.VOICEMAIL
    assert len(scene.line.tickets()) == 1
    scene.work()
    assert scene.kept_recordings() == [scene.record().recording_sid]


def test_35_a_retry_is_one_event_and_gets_a_document_each_time(scene: Scene) -> None:
    scene.faults.refuse = 1
    call = scene.dial()
    assert call.heard[0].startswith("Meldpunt kwetsbare kinderen.")
    scene.faults.refuse = 1
    scene.does(call, "2")
    call.hang_up()
    assert scene.contact().told == "T1 T2 T3"


def test_36_a_replayed_signature_makes_no_second_call_and_no_second_ticket(scene: Scene) -> None:
    scene.faults.fresh_token = True
    scene.faults.duplicate = 1.0
    scene.line.busy()
    call = scene.dial()
    scene.does(call, "0", "9", "0600000777#", "1")
    call.wait_until_over()
    assert scene.contact().outcome is Outcome.CALLBACK
    assert len(scene.line.tickets()) == len(scene.line.callbacks()) == 1
