from datetime import timedelta

import pytest

from demo.carrier import NeverHappened
from tests.demo.carrier_desk import CALLER, TUESDAY, URL, a_carrier, a_desk

MENU = '<Gather numDigits="1" action="/menu" timeout="5"><Say>Kies nul of negen.</Say></Gather><Say>U koos niets.</Say>'


def test_a_call_is_answered_and_every_line_is_heard_in_order() -> None:
    desk = a_desk("<Say>Welkom.</Say><Pause length='2'/><Say>Tot ziens.</Say>")
    carrier = a_carrier(desk)
    call = carrier.dial(CALLER)
    call.wait_until_over()
    assert call.heard == ["Welkom.", "Tot ziens."]
    assert call.status == "completed"
    assert not carrier.alerts


def test_the_first_request_says_who_calls_and_that_it_rings() -> None:
    desk = a_desk("<Hangup/>")
    a_carrier(desk).dial(CALLER, parameters={"ForwardedFrom": "+31100000010"})
    form = desk.form_of("/in")
    assert (form["From"], form["CallStatus"], form["Direction"]) == (CALLER, "ringing", "inbound")
    assert (form["ApiVersion"], form["ForwardedFrom"]) == ("2010-04-01", "+31100000010")


def test_speaking_takes_time() -> None:
    carrier = a_carrier(a_desk("<Say>" + "veertien tekens" * 14 + "</Say>"))
    call = carrier.dial(CALLER)
    call.advance(14)
    assert not call.finished
    call.advance(2)
    assert call.finished
    assert carrier.clock.now() == TUESDAY + timedelta(seconds=16)


def test_a_key_interrupts_what_is_being_said() -> None:
    desk = a_desk(MENU).says("/menu", "<Say>U koos.</Say>")
    call = a_carrier(desk).dial(CALLER)
    call.advance(0.5)
    call.press("9")
    assert desk.at("/menu")[0]["Digits"] == "9"
    assert desk.at("/menu")[0]["CallStatus"] == "in-progress"
    assert "afgebroken na 0.5 s" in call.transcript()


def test_silence_goes_on_to_the_next_verb() -> None:
    desk = a_desk(MENU)
    call = a_carrier(desk).dial(CALLER)
    call.wait_until_over()
    assert call.heard == ["Kies nul of negen.", "U koos niets."]
    assert desk.at("/menu") == []


def test_silence_goes_to_the_action_when_asked_for() -> None:
    desk = a_desk('<Gather action="/menu" actionOnEmptyResult="true" timeout="3"/>').says("/menu", "<Hangup/>")
    call = a_carrier(desk).dial(CALLER)
    call.wait_until_over()
    assert desk.at("/menu")[0]["Digits"] == ""
    assert call.seconds() == pytest.approx(3)


def test_keys_are_gathered_until_the_hash_and_without_it() -> None:
    desk = a_desk('<Gather action="/number"/>').says("/number", "<Hangup/>")
    a_carrier(desk).dial(CALLER).press("0600000777#")
    assert (desk.at("/number")[0]["Digits"], desk.at("/number")[0]["FinishedOnKey"]) == ("0600000777", "#")


def test_an_empty_finish_key_leaves_the_hash_among_the_digits() -> None:
    desk = a_desk('<Gather action="/number" finishOnKey="" numDigits="3"/>').says("/number", "<Hangup/>")
    a_carrier(desk).dial(CALLER).press("1#2")
    assert desk.at("/number")[0]["Digits"] == "1#2"


def test_digits_are_sent_after_the_silence_that_follows_them() -> None:
    desk = a_desk('<Gather action="/number" timeout="4"/>').says("/number", "<Hangup/>")
    call = a_carrier(desk).dial(CALLER)
    call.press("12")
    call.advance(3.9)
    assert desk.at("/number") == []
    call.advance(0.2)
    assert desk.at("/number")[0]["Digits"] == "12"


def test_a_hash_before_any_digit_is_no_input() -> None:
    desk = a_desk(MENU)
    call = a_carrier(desk).dial(CALLER)
    call.press("#")
    call.wait_until_over()
    assert call.heard[-1] == "U koos niets."


def test_a_key_that_nobody_asked_for_is_ignored() -> None:
    desk = a_desk("<Say>Een lange zin waar niemand doorheen kan.</Say>" + MENU)
    call = a_carrier(desk).dial(CALLER)
    call.press("9")
    call.wait_until_silent()
    assert desk.at("/menu") == []
    assert "daar luistert nu niemand naar" in call.transcript()


def test_waiting_for_silence_stops_when_it_is_the_callers_turn() -> None:
    call = a_carrier(a_desk(MENU)).dial(CALLER)
    call.wait_until_silent()
    assert call.listening
    assert call.heard == ["Kies nul of negen."]


def test_waiting_for_what_never_comes_ends_in_an_error() -> None:
    call = a_carrier(a_desk('<Pause length="1000"/>')).dial(CALLER)
    with pytest.raises(NeverHappened):
        call.wait_until_over(limit=10)


def test_speech_can_be_gathered_as_well() -> None:
    desk = a_desk('<Gather input="dtmf speech" action="/heard"/>').says("/heard", "<Hangup/>")
    a_carrier(desk).dial(CALLER).say("ik wil melden 😀")
    assert desk.at("/heard")[0]["SpeechResult"] == "ik wil melden 😀"


def test_the_caller_may_hang_up_at_any_moment_and_the_desk_is_told_once() -> None:
    desk = a_desk(MENU)
    call = a_carrier(desk).dial("anonymous")
    call.advance(1)
    call.hang_up()
    call.hang_up()
    form = desk.form_of("/status")
    assert (form["CallStatus"], form["CallDuration"], form["From"]) == ("completed", "1", "anonymous")
    assert (form["CallbackSource"], form["Timestamp"]) == ("call-progress-events", "Tue, 14 Apr 2020 08:00:01 +0000")
    assert call.finished


def test_a_redirect_follows_an_address_seen_from_its_document() -> None:
    desk = a_desk("<Redirect>further/on</Redirect>").says("/further/on", "<Say>Hier.</Say>")
    call = a_carrier(desk).dial(CALLER)
    call.wait_until_over()
    assert call.heard == ["Hier."]
    assert desk.at("/further/on")[0]["CallStatus"] == "ringing"


def test_a_rejected_call_is_never_answered() -> None:
    desk = a_desk('<Reject reason="busy"/>')
    call = a_carrier(desk).dial(CALLER)
    assert (call.status, call.duration, desk.form_of("/status")["CallStatus"]) == ("busy", 0, "busy")


def test_hanging_up_as_the_first_verb_answers_first() -> None:
    desk = a_desk("<Hangup/>")
    call = a_carrier(desk).dial(CALLER)
    assert (call.status, call.answered_after) == ("completed", 0)


def test_a_gather_without_action_asks_for_the_same_document_with_an_alarm() -> None:
    desk = a_desk("<Gather numDigits='1'/>").says("/in", "<Hangup/>")
    carrier = a_carrier(desk)
    carrier.dial(CALLER).press("1")
    assert [form.get("Digits") for form in desk.at("/in")] == [None, "1"]
    assert "asks for the same document" in carrier.alerts[0].text


def test_callers_who_are_sent_round_in_circles_are_let_go_with_an_alarm() -> None:
    carrier = a_carrier(a_desk("<Redirect>/in</Redirect>"))
    call = carrier.dial(CALLER)
    call.wait_until_over()
    assert "documents in one call" in carrier.alerts[-1].text


def test_a_sound_is_fetched_and_lasts_as_long_as_it_does() -> None:
    desk = a_desk("<Play loop='2'>/wacht.mp3</Play>").says("/wacht.mp3", "x" * 8000, kind="audio/mpeg")
    call = a_carrier(desk).dial(CALLER)
    call.wait_until_over()
    assert call.seconds() == pytest.approx(4)
    assert len(desk.at("/wacht.mp3")) == 1


def test_a_sound_that_cannot_be_had_is_an_alarm_and_the_call_goes_on() -> None:
    carrier = a_carrier(a_desk(f"<Play>{URL}/weg.mp3</Play><Say>Verder.</Say>"))
    call = carrier.dial(CALLER)
    call.wait_until_over()
    assert (call.heard, carrier.alerts[0].code) == (["Verder."], 11200)


def test_two_calls_at_once_do_not_mix() -> None:
    desk = a_desk(MENU).says("/menu", "<Say>Goed.</Say>")
    carrier = a_carrier(desk)
    one, other = carrier.dial(CALLER), carrier.dial("+31600000142")
    one.advance(1)
    other.press("9")
    one.press("0")
    assert [(form["From"], form["Digits"]) for form in desk.at("/menu")] == [("+31600000142", "9"), (CALLER, "0")]


def test_only_keys_of_a_telephone_can_be_pressed() -> None:
    call = a_carrier(a_desk(MENU)).dial(CALLER)
    with pytest.raises(ValueError, match="keys"):
        call.press("A")
