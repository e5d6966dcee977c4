import pytest

from demo.carrier import Carrier
from demo.carrier.events import Status, Target
from tests.demo.carrier_desk import CALLER, URL, SmallDesk, a_carrier, a_desk

STAFF, OTHER = "+31600000201", "+31600000202"
ALL = "initiated ringing answered completed"
NUMBER = f'<Number url="/whisper" statusCallback="/leg" statusCallbackEvent="{ALL}">{STAFF}</Number>'
ASK = '<Gather numDigits="1" timeout="5" action="/key"><Say>Toets één om aan te nemen.</Say></Gather><Hangup/>'


def a_dial(inner: str = NUMBER, **attributes: str) -> SmallDesk:
    attributes = {"action": "/after", "timeout": "20"} | attributes
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items() if value)
    desk = a_desk(f"<Dial {written}>{inner}</Dial>").says("/whisper", ASK).says("/key", "").says("/leg", "")
    return desk.says("/after", "<Say>Tot ziens.</Say>")


@pytest.fixture
def desk() -> SmallDesk:
    return a_dial()


@pytest.fixture
def carrier(desk: SmallDesk) -> Carrier:
    return a_carrier(desk)


def told(desk: SmallDesk) -> list[str]:
    return [form["CallStatus"] for form in desk.at("/leg")]


def test_a_colleague_who_presses_one_is_connected_and_hears_the_caller(carrier: Carrier, desk: SmallDesk) -> None:
    telephone = carrier.telephone(STAFF).will(answer_after=8, press="1", say="Met het meldpunt.", talk=90)
    call = carrier.dial(CALLER)
    call.wait_until_silent()
    assert (call.connected_to, telephone.heard) == (telephone.call, ["Toets één om aan te nemen."])
    call.say("Er is iets met een kind.")
    call.advance(5)
    assert "hoort  Met het meldpunt." in call.transcript()
    assert "hoort  Er is iets met een kind." in telephone.calls[0].transcript()
    call.wait_until_over()
    form = desk.form_of("/after")
    assert (form["DialCallStatus"], form["DialBridged"]) == ("completed", "true")
    assert 90 <= int(form["DialCallDuration"]) <= 95
    assert (form["DialCallSid"], call.heard) == (telephone.calls[0].sid, ["Tot ziens."])
    assert carrier.alerts == []


def test_a_child_leg_has_a_sid_of_its_own_and_names_its_parent(carrier: Carrier, desk: SmallDesk) -> None:
    telephone = carrier.telephone(STAFF).will(answer_after=1, press="1", talk=1)
    call = carrier.dial(CALLER)
    call.wait_until_over()
    for path in ("/whisper", "/key", "/leg"):
        for form in desk.at(path):
            assert (form["CallSid"], form["ParentCallSid"]) == (telephone.calls[0].sid, call.sid)
            assert (form["Direction"], form["To"], form["From"]) == ("outbound-dial", STAFF, CALLER)
    assert "ParentCallSid" not in desk.form_of("/after")
    assert desk.form_of("/after")["Direction"] == "inbound"


def test_each_leg_tells_how_far_it_is_in_numbered_events(carrier: Carrier, desk: SmallDesk) -> None:
    carrier.telephone(STAFF).will(answer_after=8, press="1", talk=10)
    carrier.dial(CALLER).wait_until_over()
    forms = desk.at("/leg")
    assert told(desk) == ["initiated", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in forms] == ["0", "1", "2", "3"]
    assert {form["CallbackSource"] for form in forms} == {"call-progress-events"}
    assert forms[2]["Timestamp"] == "Tue, 14 Apr 2020 08:00:09 +0000"
    assert ["CallDuration" in form for form in forms] == [False, False, False, True]


def test_without_a_list_of_events_only_the_end_is_told() -> None:
    desk = a_dial(f'<Number statusCallback="/leg">{STAFF}</Number>')
    carrier = a_carrier(desk)
    carrier.telephone(STAFF).will(answer_after=1, talk=1)
    carrier.dial(CALLER).wait_until_over()
    assert (told(desk), desk.at("/leg")[0]["SequenceNumber"]) == (["completed"], "0")


@pytest.mark.parametrize("who", ["colleague", "voicemail box"])
def test_who_presses_nothing_is_not_connected_though_the_dial_is_completed(
    carrier: Carrier, desk: SmallDesk, who: str
) -> None:
    telephone = carrier.telephone(STAFF)
    _ = telephone.will(answer_after=3) if who == "colleague" else telephone.is_voicemail()
    call = carrier.dial(CALLER)
    call.wait_until_over()
    form = desk.form_of("/after")
    assert (form["DialCallStatus"], form["DialBridged"]) == ("completed", "false")
    assert told(desk)[-1] == "completed"
    assert "verbonden met" not in call.transcript()
    assert carrier.alerts == []


def test_who_hangs_up_in_the_whisper_is_not_connected(carrier: Carrier, desk: SmallDesk) -> None:
    telephone = carrier.telephone(STAFF).will(answer_after=2)
    call = carrier.dial(CALLER)
    call.advance(4)
    telephone.hang_up()
    assert desk.form_of("/after")["DialBridged"] == "false"


def test_nobody_answers_five_seconds_longer_than_was_asked(carrier: Carrier, desk: SmallDesk) -> None:
    call = carrier.dial(CALLER)
    call.advance(24)
    assert desk.at("/after") == []
    call.advance(2)
    form = desk.form_of("/after")
    assert (form["DialCallStatus"], form["DialBridged"], "DialCallDuration" in form) == ("no-answer", "false", False)
    assert told(desk) == ["initiated", "ringing", "no-answer"]


def test_busy_declined_and_dead_numbers_are_told_apart(carrier: Carrier, desk: SmallDesk) -> None:
    telephone = carrier.telephone(STAFF)
    for prepare in (telephone.is_busy, telephone.is_dead, telephone.will_decline):
        prepare()
        carrier.dial(CALLER).wait_until_over()
    assert [form["DialCallStatus"] for form in desk.at("/after")] == ["busy", "failed", "busy"]


def test_a_telephone_in_use_is_busy_for_the_next(carrier: Carrier, desk: SmallDesk) -> None:
    carrier.telephone(STAFF).will(answer_after=1, press="1", talk=300)
    carrier.dial(CALLER).wait_until_silent()
    carrier.dial("+31600000778").wait_until_over()
    assert desk.form_of("/after")["DialCallStatus"] == "busy"


def test_a_caller_who_hangs_up_while_it_rings_cancels_the_leg(carrier: Carrier, desk: SmallDesk) -> None:
    telephone = carrier.telephone(STAFF)
    call = carrier.dial(CALLER)
    call.advance(5)
    assert telephone.ringing
    call.hang_up()
    carrier.settle()
    assert (telephone.ringing, told(desk)) == (False, ["initiated", "ringing", "canceled"])
    form = desk.form_of("/after")
    assert (form["CallStatus"], form["DialCallStatus"], call.heard) == ("completed", "canceled", [])
    assert len(desk.at("/status")) == 1


def test_a_caller_who_hangs_up_while_talking_ends_both_legs(carrier: Carrier, desk: SmallDesk) -> None:
    telephone = carrier.telephone(STAFF).will(answer_after=1, press="1")
    call = carrier.dial(CALLER)
    call.wait_until_silent()
    call.advance(30)
    call.hang_up()
    assert (telephone.call, told(desk)[-1], call.heard) == (None, "completed", [])
    assert desk.form_of("/after")["CallStatus"] == "completed"
    carrier.faults.no_last_action = True
    again = carrier.dial(CALLER)
    again.wait_until_silent()
    again.hang_up()
    assert len(desk.at("/after")) == 1


def test_of_several_the_first_to_pick_up_wins_and_the_others_stop_ringing() -> None:
    desk = a_dial(NUMBER + NUMBER.replace(STAFF, OTHER))
    carrier = a_carrier(desk)
    slow, fast = carrier.telephone(STAFF).will(answer_after=9), carrier.telephone(OTHER)
    fast.will(answer_after=4, press="1", talk=10)
    carrier.dial(CALLER).wait_until_over()
    assert (slow.calls[0].status, desk.form_of("/after")["DialCallSid"]) == (Status.CANCELED, fast.calls[0].sid)


def test_a_voicemail_box_that_wins_stops_the_others_and_is_then_declined() -> None:
    desk = a_dial(NUMBER + NUMBER.replace(STAFF, OTHER))
    carrier = a_carrier(desk)
    carrier.telephone(STAFF).is_voicemail(after=1)
    carrier.telephone(OTHER).will(answer_after=9, press="1")
    carrier.dial(CALLER).wait_until_over()
    assert carrier.telephone(OTHER).calls[0].status is Status.CANCELED
    assert desk.form_of("/after")["DialBridged"] == "false"


def test_in_sequence_the_next_rings_when_the_one_before_gave_up() -> None:
    desk = a_dial(NUMBER + NUMBER.replace(STAFF, OTHER), sequential="true")
    carrier = a_carrier(desk)
    carrier.telephone(OTHER).will(answer_after=2, press="1", talk=5)
    call = carrier.dial(CALLER)
    call.advance(24)
    assert carrier.telephone(OTHER).calls == []
    call.wait_until_over()
    assert desk.form_of("/after")["DialBridged"] == "true"


def test_a_number_may_stand_in_the_dial_itself_and_needs_no_action() -> None:
    carrier = a_carrier(a_desk(f"<Dial>{STAFF}</Dial><Say>Tot ziens.</Say>"))
    carrier.telephone(STAFF).will(answer_after=1, press="1", talk=2)
    call = carrier.dial(CALLER)
    call.wait_until_over()
    assert (call.heard, carrier.alerts) == (["Tot ziens."], [])
    assert "hoort toon" not in call.transcript()


def test_the_caller_is_answered_at_once_or_only_when_connected() -> None:
    for asked, status in (("false", "in-progress"), ("true", "ringing")):
        carrier = a_carrier(a_dial(answerOnBridge=asked))
        carrier.telephone(STAFF).will(answer_after=8, press="1")
        call = carrier.dial(CALLER)
        call.advance(9)
        assert call.status == status
        call.wait_until_silent()
        assert call.status == "in-progress"


def test_a_conversation_ends_at_its_limit_and_on_the_callers_star() -> None:
    for attributes in ({"timeLimit": "60"}, {"hangupOnStar": "true"}):
        desk = a_dial(**attributes)
        carrier = a_carrier(desk)
        carrier.telephone(STAFF).will(answer_after=1, press="1")
        call = carrier.dial(CALLER)
        call.wait_until_silent()
        call.advance(30)
        call.press("*")
        call.wait_until_over(limit=60)
        assert (call.heard, desk.form_of("/after")["DialBridged"]) == (["Tot ziens."], "true")


def test_a_telephone_can_be_answered_by_hand(carrier: Carrier) -> None:
    telephone = carrier.telephone(STAFF)
    call = carrier.dial(CALLER)
    call.advance(3)
    telephone.answer()
    call.advance(1)
    telephone.press("1")
    assert call.connected_to is telephone.call is not None
    telephone.say("Goedemorgen.")
    telephone.hang_up()
    assert not telephone.ringing
    assert telephone.calls[0].status is Status.COMPLETED


@pytest.mark.parametrize(
    ("inner", "attributes", "code"),
    [
        ("112", {}, 13225),
        ("0612345678", {}, 13224),
        (f"<Number>{STAFF}</Number>", {"callerId": "+31600000999"}, 13214),
    ],
)
def test_what_is_not_dialled_fails_with_an_alarm(inner: str, attributes: dict[str, str], code: int) -> None:
    desk = a_dial(inner, **attributes)
    carrier = a_carrier(desk)
    call = carrier.dial(CALLER)
    call.wait_until_over()
    assert (carrier.alerts[0].code, len(carrier.telephone(STAFF).calls)) == (code, 0)
    assert (desk.form_of("/after")["DialCallStatus"], "DialCallSid" in desk.form_of("/after")) == ("failed", False)


@pytest.mark.parametrize("shown", [CALLER, "+31100000000"])
def test_the_callers_number_or_ours_may_be_shown(shown: str) -> None:
    carrier = a_carrier(a_dial(callerId=shown))
    telephone = carrier.telephone(STAFF)
    carrier.dial(CALLER).advance(2)
    assert (telephone.calls[0].from_, carrier.alerts) == (shown, [])


@pytest.mark.parametrize("caller", ["sip:balie@school.example", "client:verzonnen_balie"])
def test_who_calls_without_a_telephone_number_is_put_through_under_ours_only(caller: str) -> None:
    for shown, code in ((None, 13214), (caller, 13214), ("+31100000000", 0)):
        carrier = a_carrier(a_dial(**({"callerId": shown} if shown else {})))
        carrier.dial(caller).advance(2)
        assert [alert.code for alert in carrier.alerts] == ([code] if code else [])
        assert len(carrier.telephone(STAFF).calls) == (0 if code else 1)


@pytest.mark.parametrize(
    ("dialled", "complaint"),
    [
        ("<Dial/>", "<Dial> of 0 numbers"),
        (f"<Dial>{f'<Number>{STAFF}</Number>' * 11}</Dial>", "<Dial> of 11 numbers"),
        ("<Dial><Client>iemand</Client></Dial>", "cannot dial <Client>"),
        (f'<Dial record="true">{STAFF}</Dial>', "cannot do <Dial> record"),
        (f'<Dial timeout="4">{STAFF}</Dial>', "from 5 to 600"),
        (f"<Dial><Number statusCallbackEvent=\"['ringing']\">{STAFF}</Number></Dial>", "is not known"),
        (f'<Dial><Number sendDigits="1">{STAFF}</Number></Dial>', "cannot do <Number> sendDigits"),
    ],
)
def test_a_dial_that_cannot_be_is_an_alarm_and_rings_nobody(dialled: str, complaint: str) -> None:
    carrier = a_carrier(a_desk(dialled))
    call = carrier.dial(CALLER)
    call.wait_until_over()
    assert complaint in carrier.alerts[0].text
    assert carrier.telephones == {}


def test_verbs_after_a_dial_with_an_action_are_never_reached() -> None:
    carrier = a_carrier(a_desk(f'<Dial action="/after">{STAFF}</Dial><Say>Nooit.</Say>'))
    carrier.dial(CALLER)
    assert "<Say> after <Dial> is never reached" in carrier.alerts[0].text


@pytest.mark.parametrize(("verb", "code"), [(f"<Dial>{OTHER}</Dial>", 13201), ("<Redirect>/x</Redirect>", 12200)])
def test_a_whisper_may_only_speak_and_ask(verb: str, code: int) -> None:
    desk = a_dial()
    desk.answers["/whisper"] = []
    carrier = a_carrier(desk.says("/whisper", verb))
    carrier.telephone(STAFF).will(answer_after=1)
    carrier.dial(CALLER).wait_until_over()
    assert (carrier.alerts[0].code, desk.form_of("/after")["DialBridged"]) == (code, "false")


def test_a_whisper_that_cannot_be_had_is_an_alarm_and_connects_nobody() -> None:
    desk = a_dial()
    desk.answers["/whisper"] = [(500, "text/plain", "", {})]
    carrier = a_carrier(desk)
    carrier.telephone(STAFF).will(answer_after=1)
    carrier.dial(CALLER).wait_until_over()
    assert (carrier.alerts[0].code, desk.form_of("/after")["DialBridged"]) == (11200, "false")


def test_a_dialling_call_that_is_sent_elsewhere_stops_ringing_and_asks_no_action(
    carrier: Carrier, desk: SmallDesk
) -> None:
    desk.says("/elsewhere", "<Say>Elders.</Say>")
    call = carrier.dial(CALLER)
    call.advance(5)
    call.redirect(Target("POST", f"{URL}/elsewhere"))
    call.wait_until_over()
    assert (told(desk)[-1], desk.at("/after"), call.heard) == ("canceled", [], ["Elders."])


def test_a_service_number_is_dialled_with_a_warning() -> None:
    desk = a_dial("+318002000")
    carrier = a_carrier(desk)
    carrier.telephone("+318002000").will(answer_after=1, talk=1)
    carrier.dial(CALLER).wait_until_over()
    assert [alert.code for alert in carrier.alerts] == [13227]
    assert desk.form_of("/after")["DialCallStatus"] == "completed"
