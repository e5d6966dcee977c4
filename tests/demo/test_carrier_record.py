import io
import wave

import pytest

from demo.carrier import Carrier, Faults
from tests.demo.carrier_desk import CALLER, SmallDesk, a_carrier, a_desk

ASKED = (
    '<Record action="/done" timeout="10" maxLength="180" finishOnKey="#" trim="do-not-trim" '
    'recordingStatusCallback="/recording" recordingStatusCallbackEvent="completed absent"/><Say>Niets gehoord.</Say>'
)
MESSAGE = "Met Hanna Papier van De Verzonnen Vos. Belt u mij terug?"


@pytest.fixture
def desk() -> SmallDesk:
    return a_desk(ASKED).says("/done", "<Say>Dank u.</Say>")


@pytest.fixture
def carrier(desk: SmallDesk) -> Carrier:
    return a_carrier(desk)


def test_a_message_ends_at_the_key_and_the_action_comes_before_the_callback(desk: SmallDesk, carrier: Carrier) -> None:
    call = carrier.dial(CALLER)
    call.wait_until_silent()
    call.say(MESSAGE)
    call.wait_until_silent()
    call.press("#")
    assert desk.at("/recording") == []
    form = desk.form_of("/done")
    assert (form["Digits"], form["RecordingDuration"], form["CallStatus"]) == ("#", "4", "in-progress")
    carrier.settle()
    told = desk.form_of("/recording")
    assert (told["RecordingSid"], told["RecordingStatus"]) == (form["RecordingSid"], "completed")
    assert "From" not in told
    assert call.heard == ["Dank u."]


def test_hanging_up_during_a_message_keeps_what_was_said(desk: SmallDesk, carrier: Carrier) -> None:
    call = carrier.dial(CALLER)
    call.wait_until_silent()
    call.say(MESSAGE)
    call.advance(2)
    call.hang_up()
    form = desk.form_of("/done")
    assert (form["Digits"], form["RecordingDuration"], form["CallStatus"]) == ("hangup", "2", "completed")
    assert [seen.path for seen in desk.seen] == ["/in", "/done", "/status"]
    carrier.settle()
    assert desk.seen[-1].path == "/recording"
    assert "Dank u." not in call.heard


def test_silence_ends_a_message(desk: SmallDesk, carrier: Carrier) -> None:
    call = carrier.dial(CALLER)
    call.wait_until_silent()
    call.say(MESSAGE)
    call.wait_until_over()
    assert desk.form_of("/done")["RecordingDuration"] == "14"  # four seconds of talk, ten of silence


def test_a_message_has_a_longest_length(desk: SmallDesk, carrier: Carrier) -> None:
    call = carrier.dial(CALLER)
    call.wait_until_silent()
    call.say("blijven praten " * 300)
    call.wait_until_over()
    assert desk.form_of("/done")["RecordingDuration"] == "180"


def test_a_message_of_nothing_tells_the_action_nothing(desk: SmallDesk, carrier: Carrier) -> None:
    call = carrier.dial(CALLER)
    call.wait_until_silent()
    call.press("#")
    carrier.settle()
    assert desk.at("/done") == []
    assert desk.form_of("/recording")["RecordingStatus"] == "absent"
    assert call.heard == ["Niets gehoord."]


def test_trimming_leaves_the_silence_out() -> None:
    desk = a_desk('<Record action="/done"/>').says("/done", "<Hangup/>")
    call = a_carrier(desk).dial(CALLER)
    call.wait_until_silent()
    call.say(MESSAGE)
    call.wait_until_over()
    assert desk.form_of("/done")["RecordingDuration"] == "4"


def test_whoever_wants_to_leave_a_message_can_wait_while_others_are_rung_first(desk: SmallDesk) -> None:
    dial = '<Dial timeout="20" action="/asked">+31600000201</Dial>'
    desk.says("/ring", f"<Say>Een ogenblik.</Say>{dial}").says("/asked", ASKED)
    call = a_carrier(desk, voice="/ring").dial(CALLER)
    call.wait_until_somebody_listens()
    assert call.seconds() > 20
    call.say(MESSAGE)
    call.wait_until_over()
    assert desk.form_of("/done")["RecordingDuration"] == "14"


def test_the_sound_has_the_length_that_was_told_and_differs_by_what_was_said(carrier: Carrier) -> None:
    sounds = []
    for words in (MESSAGE, MESSAGE.replace("Hanna", "Joris")):
        call = carrier.dial(CALLER)
        call.wait_until_silent()
        call.say(words)
        call.wait_until_silent()
        call.press("#")
        recording = list(carrier.recordings.values())[-1]
        with wave.open(io.BytesIO(recording.wav)) as file:
            assert round(file.getnframes() / file.getframerate()) == int(recording.duration)
        sounds.append(recording.wav)
    assert sounds[0] != sounds[1]


def test_a_lost_recording_callback_never_comes(desk: SmallDesk) -> None:
    carrier = a_carrier(desk, faults=Faults(drop=1))
    call = carrier.dial(CALLER)
    call.wait_until_silent()
    call.say(MESSAGE)
    call.hang_up()
    carrier.settle()
    assert (desk.at("/recording"), desk.at("/status")) == ([], [])
    assert [hook.note for hook in carrier.journal if hook.status is None] == ["verloren", "verloren"]


def test_a_call_that_is_ended_from_the_other_side_closes_its_recording(desk: SmallDesk, carrier: Carrier) -> None:
    call = carrier.dial(CALLER)
    call.wait_until_silent()
    call.say(MESSAGE)
    call.advance(2)
    call.end()
    carrier.settle()
    assert desk.at("/done") == []
    assert [recording.status for recording in carrier.recordings.values()] == ["completed"]
