import pytest
from twilio.twiml.voice_response import Gather, VoiceResponse

from demo.carrier.document import Refused, read, read_inline
from demo.carrier.events import Target
from demo.carrier.schema import rules
from tests.demo.carrier_desk import CALLER, a_carrier, a_desk


def test_what_the_library_writes_is_accepted() -> None:
    response = VoiceResponse()
    gather = Gather(action="/menu", num_digits=1, timeout=5, input="dtmf", action_on_empty_result=True)
    gather.say("Kies nul.", voice="Polly.Laura-Neural", language="nl-NL")
    response.append(gather)
    response.record(action="/done", play_beep=True, recording_status_callback="/recording", trim="do-not-trim")
    assert [verb.name for verb in read(str(response), "").verbs] == ["Gather", "Record"]


def test_the_table_of_the_library_is_whole() -> None:
    assert len(rules()["Response"].children) >= 20
    assert "numDigits" in rules()["Response/Gather"].attributes
    assert rules()["Gather/Say"].text
    assert "Dial" not in rules()["Response/Gather"].children


@pytest.mark.parametrize(
    ("inner", "complaint"),
    [
        ('<Gather num_digits="1"/>', "no attribute 'num_digits'"),
        ("<say>klein</say>", "Response/say may not stand there"),
        ("<Gather><Hangup/></Gather>", "Response/Gather/Hangup may not stand there"),
        ("<Praat>iets</Praat>", "Response/Praat may not stand there"),
        ("<Hangup>nu</Hangup>", "Response/Hangup holds text"),
        ("<Say>iets</Say> los", "Response holds text"),
    ],
)
def test_what_the_carrier_does_not_know_is_refused(inner: str, complaint: str) -> None:
    with pytest.raises(Refused, match="12200") as refused:
        read(f"<Response>{inner}</Response>", "")
    assert complaint in refused.value.text


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("<Response><Say>half", "text/xml", 12100),
        ("", "text/xml", 12100),
        ("<Response><Say>\x0b</Say></Response>", "text/xml", 12100),
        ("<html><body>Fout</body></html>", "text/html", 12200),
        ("{}", "application/json", 12300),
        ("<Response>" + " " * 65_536 + "</Response>", "text/xml", 11750),
        ('<Response><Gather timeout="lang"/></Response>', "text/xml", 12200),
        ('<Response><Gather input="brief"/></Response>', "text/xml", 12200),
        ("<Response><Pay/></Response>", "text/xml", 12100),
    ],
)
def test_a_bad_answer_is_a_loud_alarm_with_its_code_and_ends_in_an_error(text: str, kind: str, code: int) -> None:
    desk = a_desk("").says("/bad", text, kind=kind) if kind != "text/xml" else a_desk("")
    desk.answers["/bad"] = [(200, kind, text, {})]
    carrier = a_carrier(desk, voice="/bad")
    call = carrier.dial(CALLER)
    call.wait_until_over()
    assert (carrier.alerts[0].code, len(call.heard)) == (code, 1)
    assert f"fout {code}" in call.transcript()


def test_an_unknown_verb_is_not_reached_first() -> None:
    carrier = a_carrier(a_desk('<Gather numDigits="1" action="/x"/><Pay/>'))
    carrier.dial(CALLER)
    assert "this network cannot do <Pay>" in carrier.alerts[0].text


def test_plain_text_is_read_aloud_with_an_alarm() -> None:
    desk = a_desk("")
    desk.answers["/in"] = [(200, "text/plain", "Internal error", {})]
    carrier = a_carrier(desk)
    call = carrier.dial(CALLER)
    call.wait_until_over()
    assert (call.heard, len(carrier.alerts)) == (["Internal error"], 1)


def test_a_verb_that_is_never_reached_is_an_alarm() -> None:
    carrier = a_carrier(a_desk("<Say>Dag.</Say><Hangup/><Say>Nooit.</Say>"))
    carrier.dial(CALLER).wait_until_over()
    assert "<Say> after <Hangup> is never reached" in carrier.alerts[0].text


def test_an_inline_document_is_short_and_names_whole_addresses() -> None:
    with pytest.raises(Refused, match="32018"):
        read_inline(f"<Response><Say>{'a' * 4000}</Say></Response>")
    carrier = a_carrier(a_desk('<Pause length="60"/>'))
    call = carrier.dial(CALLER)
    call.redirect(Target("POST", "", document=read_inline("<Response><Redirect>/menu</Redirect></Response>")))
    call.wait_until_over()
    assert carrier.alerts[0].code == 11100
