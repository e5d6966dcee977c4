import pytest
from werkzeug.test import TestResponse

from demo.carrier import Carrier, Telephone
from tests.demo.carrier_desk import CALLER, TOKEN, URL, Rest, SmallDesk, a_carrier, a_desk

DESK, STAFF = "+31100000000", "+31600000201"
ALL = ["initiated", "ringing", "answered", "completed"]
ASK = '<Gather numDigits="1" timeout="5" action="/out/key"><Say>Toets één om te bellen.</Say></Gather>'
CALL_BACK = f'<Dial action="/out/after" answerOnBridge="true" callerId="{DESK}"><Number>{CALLER}</Number></Dial>'


@pytest.fixture
def desk() -> SmallDesk:
    return a_desk("<Hangup/>").says("/out", ASK).says("/out/key", CALL_BACK).says("/out/after", "").says("/leg", "")


@pytest.fixture
def carrier(desk: SmallDesk) -> Carrier:
    return a_carrier(desk)


@pytest.fixture
def rest(carrier: Carrier) -> Rest:
    return Rest(carrier)


@pytest.fixture
def staff(carrier: Carrier) -> Telephone:
    return carrier.telephone(STAFF)


def order(rest: Rest, **form: str | list[str]) -> TestResponse:
    usual = {"To": STAFF, "From": DESK, "Url": f"{URL}/out", "StatusCallback": f"{URL}/leg"}
    return rest("/Calls.json", "POST", token=TOKEN, **{**usual, "StatusCallbackEvent": ALL, **form})


def place(rest: Rest, **form: str | list[str]) -> dict[str, str]:
    answer = order(rest, **form)
    assert answer.status_code == 201
    return dict(answer.get_json())


def told(desk: SmallDesk) -> list[str]:
    return [form["CallStatus"] for form in desk.at("/leg")]


def test_a_colleague_is_rung_first_and_then_the_reporter(
    carrier: Carrier, rest: Rest, desk: SmallDesk, staff: Telephone
) -> None:
    staff.will(answer_after=4, press="1", say="Met het meldpunt.", talk=60)
    reporter = carrier.telephone(CALLER).will(answer_after=6, say="Met Verzonnen.")
    made = place(rest)
    assert (made["status"], made["direction"]) == ("queued", "outbound-api")
    carrier.settle()
    assert staff.heard == ["Toets één om te bellen."]
    assert "hoort  Met Verzonnen." in staff.calls[0].transcript()
    assert "hoort  Met het meldpunt." in reporter.calls[0].transcript()
    assert reporter.calls[0].from_ == DESK
    assert (told(desk), carrier.alerts) == (["initiated", "ringing", "in-progress", "completed"], [])
    assert desk.form_of("/out")["Direction"] == "outbound-api"
    assert desk.form_of("/out")["CallStatus"] == "in-progress"
    legs = rest(f"/Calls.json?ParentCallSid={made['sid']}").get_json()["calls"]
    assert [(leg["to"], leg["direction"]) for leg in legs] == [(CALLER, "outbound-dial")]
    assert desk.form_of("/out/after")["DialBridged"] == "true"


def test_the_reporter_hangs_up_first_and_the_colleague_hears_the_rest(
    carrier: Carrier, rest: Rest, desk: SmallDesk, staff: Telephone
) -> None:
    desk.answers["/out/after"] = []
    desk.says("/out/after", "<Say>Het gesprek is voorbij.</Say>")
    staff.will(answer_after=1, press="1")
    carrier.telephone(CALLER).will(answer_after=1, talk=20)
    place(rest)
    carrier.settle()
    assert staff.heard[-1] == "Het gesprek is voorbij."


def test_how_a_call_that_nobody_answers_ends_is_told(
    carrier: Carrier, rest: Rest, desk: SmallDesk, staff: Telephone
) -> None:
    for prepare in (staff.will_not_answer, staff.is_busy, staff.is_dead, staff.will_decline):
        prepare()
        place(rest, Timeout="20", StatusCallbackEvent=["completed"])
        carrier.settle()
    assert told(desk) == ["no-answer", "busy", "failed", "busy"]
    assert {form["CallDuration"] for form in desk.at("/leg")} == {"0"}
    assert desk.at("/out") == []


def test_a_call_canceled_while_it_is_queued_tells_nobody(carrier: Carrier, rest: Rest, desk: SmallDesk) -> None:
    made = place(rest)
    assert rest(f"/Calls/{made['sid']}.json", "POST", Status="canceled").get_json()["status"] == "canceled"
    carrier.settle()
    assert (told(desk), carrier.telephone(STAFF).calls) == ([], [])


def test_a_call_canceled_while_it_rings_stops_ringing(
    carrier: Carrier, rest: Rest, desk: SmallDesk, staff: Telephone
) -> None:
    made = place(rest)
    carrier.agenda.let_pass(5)
    assert staff.ringing
    elsewhere = rest(f"/Calls/{made['sid']}.json", "POST", Url=f"{URL}/elsewhere")
    assert (elsewhere.status_code, elsewhere.get_json()["code"]) == (400, 21220)
    rest(f"/Calls/{made['sid']}.json", "POST", Status="canceled")
    assert (staff.ringing, told(desk)[-1]) == (False, "canceled")


def test_canceling_does_not_end_a_conversation_but_completing_does(
    carrier: Carrier, rest: Rest, staff: Telephone
) -> None:
    staff.will(answer_after=1)
    made = place(rest)
    carrier.agenda.let_pass(4)
    assert rest(f"/Calls/{made['sid']}.json", "POST", Status="canceled").get_json()["status"] == "in-progress"
    assert rest(f"/Calls/{made['sid']}.json", "POST", Status="completed").get_json()["status"] == "completed"


def test_a_child_leg_can_be_ended_and_sent_elsewhere_by_itself(
    carrier: Carrier, rest: Rest, desk: SmallDesk, staff: Telephone
) -> None:
    staff.will(answer_after=1, press="1")
    reporter = carrier.telephone(CALLER).will(answer_after=1)
    desk.says("/elsewhere", "<Say>Elders.</Say>")
    place(rest)
    carrier.agenda.let_pass(15)
    (leg,) = reporter.calls
    rest(f"/Calls/{leg.sid}.json", "POST", Url=f"{URL}/elsewhere")
    carrier.settle()
    assert (leg.heard, desk.form_of("/out/after")["DialBridged"]) == (["Elders."], "true")


def test_one_call_a_second_begins(carrier: Carrier, rest: Rest, desk: SmallDesk) -> None:
    for last in "123":
        place(rest, To=f"+3160000020{last}")
    carrier.agenda.let_pass(2.5)
    assert told(desk).count("initiated") == 2


def test_a_call_may_bring_its_document_and_last_so_long(carrier: Carrier, rest: Rest, staff: Telephone) -> None:
    staff.will(answer_after=1)
    twiml = "<Response><Say>Alle medewerkers zijn in gesprek.</Say><Pause length='600'/></Response>"
    made = place(rest, Twiml=twiml, TimeLimit="30")
    carrier.settle()
    assert staff.heard == ["Alle medewerkers zijn in gesprek."]
    assert rest(f"/Calls/{made['sid']}.json").get_json()["duration"] == "30"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": ""}, 21201),
        ({"From": ""}, 21213),
        ({"From": "+31600000999"}, 21210),
        ({"To": "0612345678"}, 21211),
        ({"To": "112"}, 21216),
        ({"Url": ""}, 21205),
        ({"Url": "/out"}, 21205),
        ({"Method": "PUT"}, 21205),
        ({"StatusCallbackEvent": ["initiated ringing"]}, 21626),
        ({"Timeout": "lang"}, 21208),
        ({"Twiml": "<Response><Fout/></Response>"}, 12200),
    ],
)
def test_an_order_that_cannot_be_is_refused_in_the_carriers_words(
    carrier: Carrier, rest: Rest, form: dict[str, str | list[str]], code: int
) -> None:
    answer = order(rest, **form)
    assert (answer.status_code, answer.get_json()["code"], len(carrier.calls)) == (400, code, 0)


def test_a_service_number_is_called_with_a_warning(carrier: Carrier, rest: Rest) -> None:
    assert order(rest, To="+318002000").status_code == 201
    assert [alert.code for alert in carrier.alerts] == [13227]
