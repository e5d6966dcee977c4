import xml.etree.ElementTree as ET
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.phone.script import AskKey, AskNumber, HangUp, Line, RingColleague, Scene, TakeMessage, Then
from intake.phone.twiml import Links, nothing, speak_and_end, speakable, write

LINKS = Links("https://meldpunt.example", "Polly.Laura-Neural")


def written(then: Then, text: str = "Goedendag.", turn: int = 3) -> ET.Element:
    return ET.fromstring(write(Scene((Line("T1", text),), then), turn, LINKS))


def test_a_key_is_asked_for_during_the_prompt_and_silence_is_an_answer() -> None:
    (gather,) = written(AskKey(5))
    assert gather.tag == "Gather"
    assert [say.text for say in gather] == ["Goedendag."]
    assert gather.attrib == {
        "action": "https://meldpunt.example/phone/turn/3#ct=2000&rt=4500&rc=2&rp=all&e=dublin,frankfurt",
        "method": "POST", "input": "dtmf", "timeout": "5", "numDigits": "1", "actionOnEmptyResult": "true",
        "finishOnKey": "",
    }  # fmt: skip


def test_a_number_ends_with_a_hash_sign() -> None:
    (gather,) = written(AskNumber(10))
    assert (gather.get("finishOnKey"), gather.get("timeout"), gather.get("numDigits")) == ("#", "10", None)


def test_only_the_message_is_recorded() -> None:
    say, record = written(TakeMessage())
    assert say.tag == "Say"
    assert record.attrib == {
        "action": "https://meldpunt.example/phone/turn/3#ct=2000&rt=4500&rc=2&rp=all&e=dublin,frankfurt",
        "method": "POST", "timeout": "10", "finishOnKey": "#", "maxLength": "180", "trim": "do-not-trim",
        "playBeep": "true", "recordingStatusCallbackMethod": "POST", "recordingStatusCallbackEvent": "completed absent",
        "recordingStatusCallback": "https://meldpunt.example/phone/recording#rc=5&rp=all&e=dublin,frankfurt",
    }  # fmt: skip


def test_the_end_is_said_before_the_line_goes() -> None:
    assert [verb.tag for verb in written(HangUp())] == ["Say", "Hangup"]


def test_the_voice_speaks_dutch() -> None:
    (say, _) = written(HangUp())
    assert say.attrib == {"language": "nl-NL", "voice": "Polly.Laura-Neural"}


def test_the_first_answer_is_the_same_for_every_caller() -> None:
    scene = Scene((Line("T1", "Goedendag."),), AskKey(5))
    assert write(scene, 1, LINKS) is write(scene, 1, LINKS)
    assert "/phone/turn/1#" in write(scene, 1, LINKS)


def test_telling_is_answered_with_an_empty_document() -> None:
    assert len(ET.fromstring(nothing())) == 0


def test_a_fault_is_spoken_and_the_call_ends() -> None:
    document = ET.fromstring(speak_and_end("Door een storing", "Polly.Laura-Neural"))
    assert [verb.tag for verb in document] == ["Say", "Hangup"]


@pytest.mark.parametrize("hostile", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_cannot_carry_is_left_out(hostile: str) -> None:
    assert speakable(f"een{hostile}kind") == "een kind"


@pytest.mark.parametrize(
    "text", ["één", "’s ochtends", "€ 5 < 6 & 7 > 3", "😀", 'hij zei "kom"', "]]>", "<Dial>112</Dial>"]
)
def test_what_xml_can_carry_is_said_as_it_is(text: str) -> None:
    (say, _) = written(HangUp(), text)
    assert say.text == text
    assert len(say) == 0


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_gives_a_document_that_can_be_read(text: str) -> None:
    (say, _) = written(HangUp(), text)
    assert len(say) == 0


@pytest.mark.parametrize(("own", "shown"), [("+31100000000", "+31100000000"), ("", None)])
def test_a_colleague_sees_the_number_of_the_desk_when_it_is_known(own: str, shown: str | None) -> None:
    ring = RingColleague(UUID(int=1), "+31600000201", 20)
    links = Links("https://meldpunt.example", "Polly.Laura-Neural", own)
    (dial,) = ET.fromstring(write(Scene((), ring), 3, links))
    assert (dial.tag, dial.get("callerId")) == ("Dial", shown)
