import pytest

from demo.carrier import Call, Carrier
from demo.carrier.events import Target
from tests.demo.carrier_desk import CALLER, URL, Rest, SmallDesk, a_carrier, a_desk

OTHER = "+31600000778"
JOIN = '<Enqueue action="/after" waitUrl="/wait">meldpunt</Enqueue>'
HOLD = '<Gather numDigits="1" timeout="2" action="/wait/key"><Say>Alle medewerkers zijn in gesprek.</Say></Gather>'


@pytest.fixture
def desk() -> SmallDesk:
    desk = a_desk(JOIN).says("/wait", HOLD).says("/wait/key", "<Leave/>").says("/elsewhere", "<Say>Elders.</Say>")
    return desk.says("/after", "<Say>U bent de rij uit.</Say>")


@pytest.fixture
def carrier(desk: SmallDesk) -> Carrier:
    return a_carrier(desk)


@pytest.fixture
def rest(carrier: Carrier) -> Rest:
    return Rest(carrier)


def waiting(carrier: Carrier, from_: str = CALLER, seconds: float = 10) -> Call:
    call = carrier.dial(from_)
    call.advance(seconds)
    return call


def line_sid(rest: Rest) -> str:
    (line,) = rest("/Queues.json").get_json()["queues"]
    return str(line["sid"])


def test_the_wait_document_is_asked_for_again_and_again_with_the_place_in_the_queue(
    carrier: Carrier, desk: SmallDesk
) -> None:
    first = waiting(carrier)
    second = waiting(carrier, OTHER)
    first.advance(10)
    forms = [form for form in desk.at("/wait") if form["CallSid"] == first.sid]
    assert [form["QueueTime"] for form in forms] == sorted({form["QueueTime"] for form in forms}, key=int)
    assert {(form["QueuePosition"], form["MaxQueueSize"]) for form in forms} == {("1", "1000")}
    last = [form for form in desk.at("/wait") if form["CallSid"] == second.sid][-1]
    assert (last["QueuePosition"], last["CurrentQueueSize"]) == ("2", "2")
    assert 20 <= int(last["AvgQueueTime"]) <= 25
    assert last["QueueSid"].startswith("QU")
    assert carrier.alerts == []


def test_leaving_goes_to_the_action_at_once(carrier: Carrier, desk: SmallDesk) -> None:
    call = waiting(carrier)
    call.press("9")
    form = desk.form_of("/after")
    assert (form["QueueResult"], form["QueueTime"]) == ("leave", "10")
    call.wait_until_over()
    assert call.heard[-1] == "U bent de rij uit."


def test_who_hangs_up_in_the_queue_is_told_to_the_action_and_frees_the_place(carrier: Carrier, desk: SmallDesk) -> None:
    first = waiting(carrier)
    second = waiting(carrier, OTHER)
    first.hang_up()
    assert (desk.form_of("/after")["QueueResult"], desk.form_of("/after")["CallStatus"]) == ("hangup", "completed")
    second.advance(10)
    assert desk.at("/wait")[-1]["QueuePosition"] == "1"
    assert first.heard[-1] != "U bent de rij uit."


def test_a_full_queue_is_told_at_once(carrier: Carrier, desk: SmallDesk, rest: Rest) -> None:
    waiting(carrier)
    assert rest(f"/Queues/{line_sid(rest)}.json", "POST", MaxSize="1").get_json()["max_size"] == 1
    call = waiting(carrier, OTHER)
    form = desk.form_of("/after")
    assert (form["QueueResult"], "QueueSid" in form, call.heard) == ("queue-full", False, ["U bent de rij uit."])


@pytest.mark.parametrize(
    ("status", "inner", "code"),
    [
        (500, "", 11200),
        (200, "", 12200),
        (200, "<Record/>", 12200),
        (200, "<Dial>+31600000201</Dial>", 12200),
        (200, "<Fout/>", 12200),
    ],
)
def test_a_broken_wait_document_is_an_alarm_and_an_error(status: int, inner: str, code: int) -> None:
    desk = a_desk(JOIN).says("/wait", inner, status).says("/after", "<Say>U bent de rij uit.</Say>")
    carrier = a_carrier(desk)
    call = waiting(carrier)
    assert (carrier.alerts[0].code, desk.form_of("/after")["QueueResult"]) == (code, "error")
    assert call.heard == ["U bent de rij uit."]


def test_a_member_is_sent_elsewhere_and_the_action_is_told_as_well(
    carrier: Carrier, desk: SmallDesk, rest: Rest
) -> None:
    call = waiting(carrier)
    members = f"/Queues/{line_sid(rest)}/Members"
    (member,) = rest(f"{members}.json").get_json()["queue_members"]
    assert (member["call_sid"], member["position"], member["wait_time"]) == (call.sid, 1, 10)
    assert rest(f"{members}/{call.sid}.json", "POST", Url=f"{URL}/elsewhere").status_code == 200
    call.wait_until_over()
    assert (desk.form_of("/after")["QueueResult"], call.heard[-1]) == ("redirected", "Elders.")
    assert "QueueResult" not in desk.form_of("/elsewhere")
    assert rest(f"{members}/{call.sid}.json", "POST", Url=f"{URL}/elsewhere").status_code == 404


def test_the_front_is_who_waits_longest_and_whoever_asks_second_gets_the_next(carrier: Carrier, rest: Rest) -> None:
    first = waiting(carrier)
    second = waiting(carrier, OTHER)
    front = f"/Queues/{line_sid(rest)}/Members/Front.json"
    assert rest(front).get_json()["call_sid"] == first.sid
    for call in (first, second):
        assert rest(front, "POST", Url=f"{URL}/elsewhere").get_json()["call_sid"] == call.sid
    assert rest(front, "POST", Url=f"{URL}/elsewhere").status_code == 404
    assert rest(front, "POST", Url="/elsewhere").status_code == 400


def test_a_waiting_call_that_is_ended_or_sent_elsewhere_leaves_the_queue(
    carrier: Carrier, desk: SmallDesk, rest: Rest
) -> None:
    ended, sent = waiting(carrier), waiting(carrier, OTHER)
    rest(f"/Calls/{ended.sid}.json", "POST", Status="completed")
    rest(f"/Calls/{sent.sid}.json", "POST", Url=f"{URL}/elsewhere")
    assert [form["QueueResult"] for form in desk.at("/after")] == ["hangup", "redirected"]
    assert rest(f"/Queues/{line_sid(rest)}.json").get_json()["current_size"] == 0


def test_a_colleague_takes_the_first_and_the_action_waits_for_the_end(carrier: Carrier, desk: SmallDesk) -> None:
    call = waiting(carrier)
    desk.says("/take", '<Dial action="/taken"><Queue url="/notice">meldpunt</Queue></Dial>')
    desk.says("/notice", "<Say>U wordt verbonden.</Say>").says("/taken", "<Say>Klaar.</Say>")
    carrier.number.voice_url = f"{URL}/take"
    colleague = carrier.dial("+31600000201")
    colleague.wait_until_silent()
    assert (call.connected_to, call.heard[-1]) == (colleague, "U wordt verbonden.")
    assert desk.form_of("/notice")["DequeingCallSid"] == colleague.sid
    colleague.say("Met het meldpunt.")
    call.advance(60)
    assert "hoort  Met het meldpunt." in call.transcript()
    assert desk.at("/after") == []
    colleague.hang_up()
    assert desk.form_of("/after")["QueueResult"] == "bridged"
    assert (desk.form_of("/taken")["DialBridged"], desk.form_of("/taken")["CallStatus"]) == ("true", "completed")
    call.wait_until_over()
    assert carrier.alerts == []


def test_who_is_taken_but_gone_during_the_notice_is_connected_to_nobody(carrier: Carrier, desk: SmallDesk) -> None:
    desk.says("/take", '<Dial action="/taken"><Queue url="/notice">meldpunt</Queue></Dial>')
    desk.says("/notice", "<Say>U wordt verbonden met een medewerker.</Say>").says("/taken", "<Hangup/>")
    for gone in ("caller", "colleague"):
        carrier.number.voice_url = f"{URL}/in"
        call = waiting(carrier)
        carrier.number.voice_url = f"{URL}/take"
        colleague = carrier.dial("+31600000201")
        colleague.advance(1)
        (call if gone == "caller" else colleague).hang_up()
        call.advance(5)
    assert [form["QueueResult"] for form in desk.at("/after")] == ["hangup", "bridging-in-process"]
    assert [form["DialBridged"] for form in desk.at("/taken")] == ["false", "false"]


def test_who_is_sent_elsewhere_out_of_the_conversation_was_bridged(carrier: Carrier, desk: SmallDesk) -> None:
    call = waiting(carrier)
    desk.says("/take", "<Dial><Queue>meldpunt</Queue></Dial>")
    carrier.number.voice_url = f"{URL}/take"
    carrier.dial("+31600000201").wait_until_silent()
    call.redirect(Target("POST", f"{URL}/elsewhere"))
    call.wait_until_over()
    assert (desk.form_of("/after")["QueueResult"], call.heard[-1]) == ("redirected-from-bridged", "Elders.")


def test_a_wait_document_that_takes_no_time_does_not_stop_the_world() -> None:
    carrier = a_carrier(a_desk(JOIN).says("/wait", "<Play>/weg.wav</Play>").says("/after", ""))
    waiting(carrier, seconds=1)
    assert 10 <= len(carrier.alerts) <= 11


def test_who_dials_an_empty_queue_waits_for_the_next_caller(carrier: Carrier, desk: SmallDesk) -> None:
    waiting(carrier).hang_up()
    desk.says("/take", '<Dial action="/taken"><Queue>meldpunt</Queue></Dial>').says("/taken", "<Hangup/>")
    carrier.number.voice_url = f"{URL}/take"
    patient, hasty = carrier.dial("+31600000201"), carrier.dial("+31600000202")
    patient.advance(5)
    hasty.hang_up()
    carrier.number.voice_url = f"{URL}/in"
    caller = carrier.dial(CALLER)
    assert (caller.connected_to, patient.connected_to) == (patient, caller)
    caller.hang_up()
    carrier.number.voice_url = f"{URL}/take"
    carrier.dial("+31600000203").wait_until_over(limit=40)
    assert [form["DialCallStatus"] for form in desk.at("/taken")] == ["no-answer", "completed", "no-answer"]


def test_a_queue_that_does_not_exist_cannot_be_dialled(carrier: Carrier, desk: SmallDesk) -> None:
    desk.answers["/in"] = []
    desk.says("/in", '<Dial action="/taken"><Queue>niets</Queue></Dial>').says("/taken", "<Hangup/>")
    carrier.dial(CALLER).wait_until_over()
    assert ("there is no queue" in carrier.alerts[0].text, desk.form_of("/taken")["DialCallStatus"]) == (True, "failed")


@pytest.mark.parametrize(
    ("inner", "complaint"),
    [
        ("<Enqueue></Enqueue>", "1 to 64 characters"),
        (f"<Enqueue>{'x' * 65}</Enqueue>", "1 to 64 characters"),
        ('<Enqueue workflowSid="WW1"/>', "cannot do <Enqueue> workflowSid"),
        (f"{JOIN}<Say>Nooit.</Say>", "<Say> after <Enqueue> is never reached"),
        ("<Leave/>", "cannot do <Leave> in a call"),
    ],
)
def test_what_cannot_be_queued_is_an_alarm(inner: str, complaint: str) -> None:
    carrier = a_carrier(a_desk(inner).says("/wait", HOLD))
    carrier.dial(CALLER)
    assert complaint in carrier.alerts[0].text


def test_without_a_wait_document_there_is_music_and_without_an_action_the_next_verb_follows() -> None:
    carrier = a_carrier(a_desk("<Enqueue>meldpunt</Enqueue><Say>Verder.</Say>"))
    call = waiting(carrier, seconds=100)
    assert "hoort  Wachtmuziek" in call.transcript()
    next(iter(carrier.lines.values())).most = 1
    other = carrier.dial(OTHER)
    other.wait_until_over()
    assert other.heard == ["Verder."]


def test_queues_are_made_and_found_by_name(carrier: Carrier, rest: Rest) -> None:
    made = rest("/Queues.json", "POST", FriendlyName="meldpunt", MaxSize="3")
    assert (made.status_code, made.get_json()["max_size"]) == (201, 3)
    assert rest("/Queues.json", "POST", FriendlyName="meldpunt").get_json()["code"] == 22003
    assert rest("/Queues.json", "POST").status_code == 400
    assert rest(f"/Queues/{made.get_json()['sid']}.json", "POST", MaxSize="veel").status_code == 400
    waiting(carrier)
    assert line_sid(rest) == made.get_json()["sid"]
    assert rest("/Queues/QU1.json").status_code == 404
