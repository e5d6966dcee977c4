from pathlib import Path

import pytest
from flask.testing import FlaskClient

from demo.carrier import Carrier
from demo.carrier.page import phone_blueprint
from demo.folder import Folder
from demo.web import create_demo
from tests.demo.carrier_desk import SmallDesk, a_carrier, a_desk

MENU = (
    '<Gather numDigits="1" action="/menu"><Say>Is een kind nu in gevaar? Hang op en bel één, één, twee.</Say>'
    "<Say>Kies nul &lt;nu&gt;.</Say></Gather>"
)
JSON = {"Accept": "application/json"}


@pytest.fixture
def desk() -> SmallDesk:
    return a_desk(MENU).says("/menu", '<Record action="/done" playBeep="false"/>').says("/done", "<Say>Dank u.</Say>")


@pytest.fixture
def carrier(desk: SmallDesk) -> Carrier:
    return a_carrier(desk)


@pytest.fixture
def visitor(carrier: Carrier, tmp_path: Path) -> FlaskClient:
    return create_demo(Folder(tmp_path, 8000), phone_blueprint(carrier)).test_client()


def _page(visitor: FlaskClient) -> str:
    return visitor.get("/telefoon", base_url="http://127.0.0.1:8001").text


def _do(visitor: FlaskClient, what: str, **form: str) -> int:
    return visitor.post(f"/telefoon/{what}", data=form, base_url="http://127.0.0.1:8001").status_code


def test_before_a_call_one_chooses_who_one_is(visitor: FlaskClient) -> None:
    page = _page(visitor)
    assert "Nummer afgeschermd" in page
    assert "nog niet gebeld" in page


def test_without_a_script_one_can_phone_press_speak_and_hang_up(
    visitor: FlaskClient, carrier: Carrier, desk: SmallDesk
) -> None:
    assert _do(visitor, "bellen", wie="onbekend") == 303
    (call,) = carrier.calls.values()
    assert (call.from_, "Het meldpunt praat. U kunt er doorheen toetsen." in _page(visitor)) == ("+31600000777", True)
    call.wait_until_silent()
    page = _page(visitor)
    assert "112 klonk na 3,9 seconden, grens 8." in page
    assert "Het meldpunt wacht op uw toets." in page
    assert "Kies nul &lt;nu&gt;." in page
    assert _do(visitor, "toets", toets="0") == 303
    assert "Het meldpunt neemt op." in _page(visitor)
    assert _do(visitor, "zeg", zeg="Met Hanna <Papier>") == 303
    assert "Met Hanna &lt;Papier&gt;" in _page(visitor)
    call.wait_until_silent()
    assert _do(visitor, "ophangen") == 303
    page = _page(visitor)
    assert "Het gesprek is voorbij." in page
    assert "POST /phone" not in page
    assert "POST /status" in page
    assert desk.form_of("/done")["Digits"] == "hangup"


def test_the_withheld_number_is_withheld(visitor: FlaskClient, carrier: Carrier) -> None:
    _do(visitor, "bellen", wie="afgeschermd")
    assert [call.from_ for call in carrier.calls.values()] == ["anonymous"]


def test_a_script_gets_only_the_news(visitor: FlaskClient) -> None:
    base = "http://127.0.0.1:8001"
    news = visitor.post("/telefoon/bellen", data={"wie": "hanna"}, headers=JSON, base_url=base).get_json()
    assert (news["running"], news["hooks"], news["cut"][-1]) == (True, "1 bericht", False)
    assert news["said"][-1].endswith("één, één, twee.")
    later = visitor.post("/telefoon/toets", data={"toets": "0"}, headers=JSON, base_url=base).get_json()
    assert True in later["cut"]
    assert later["call"] == visitor.get("/telefoon/stand", base_url=base).get_json()["call"]


def test_what_happened_can_be_read_in_order_and_kept(visitor: FlaskClient, carrier: Carrier) -> None:
    _do(visitor, "bellen", wie="onbekend")
    (call,) = carrier.calls.values()
    call.wait_until_silent()
    _do(visitor, "toets", toets="0")
    answer = visitor.get("/telefoon/verslag", base_url="http://127.0.0.1:8001")
    assert answer.mimetype == "text/plain"
    told = [line[8:] for line in answer.text.splitlines()[3:]]
    assert [" ".join(line.split()[:3]) for line in told] == [
        "netwerk POST /in", "beller -- opgenomen", "beller hoort Is", "beller hoort Kies", "beller toetst 0",
        "netwerk POST /menu",
    ]  # fmt: skip
    assert answer.text.splitlines()[1] == "Van +31600000777 naar +31100000000, verbonden"
    assert "beller        toetst 0" in _page(visitor)


def test_before_a_call_there_is_nothing_to_keep(visitor: FlaskClient) -> None:
    assert visitor.get("/telefoon/verslag", base_url="http://127.0.0.1:8001").text == "Er is nog niet gebeld."


@pytest.mark.parametrize(
    ("first", "state", "hint"),
    [
        ('<Enqueue waitUrl="/wait">meldpunt</Enqueue>', "in de rij, 0.07", "U staat in de rij."),
        ("<Dial>+31600000201</Dial>", "in gesprek, 0.07", "U bent verbonden met het meldpunt. Typ wat u zegt."),
        ('<Reject reason="busy"/>', "bezet, 0.00", "Het gesprek is voorbij."),
    ],
)
def test_the_page_says_where_the_caller_is(
    visitor: FlaskClient, carrier: Carrier, desk: SmallDesk, first: str, state: str, hint: str
) -> None:
    desk.answers["/in"] = []
    desk.says("/in", first).says("/wait", '<Pause length="20"/>')
    carrier.telephone("+31600000201").will(answer_after=2)
    _do(visitor, "bellen", wie="hanna")
    carrier.agenda.let_pass(7)
    page = _page(visitor)
    assert state in page
    assert hint in page


def test_dialling_again_ends_the_call_before(visitor: FlaskClient, carrier: Carrier) -> None:
    _do(visitor, "bellen", wie="hanna")
    _do(visitor, "bellen", wie="hanna")
    assert [call.status for call in carrier.calls.values()] == ["completed", "in-progress"]


def test_one_browser_does_not_see_the_call_of_another(visitor: FlaskClient, carrier: Carrier) -> None:
    _do(visitor, "bellen", wie="hanna")
    assert "nog niet gebeld" in _page(visitor.application.test_client())


def test_what_the_network_refuses_is_shown(visitor: FlaskClient, desk: SmallDesk) -> None:
    desk.answers["/in"] = [(200, "text/xml", "<Response><Pay/></Response>", {})]
    _do(visitor, "bellen", wie="hanna")
    assert "Fout 12100: this network cannot do &lt;Pay&gt;" in _page(visitor)


@pytest.mark.parametrize(
    ("what", "form"),
    [("toets", {"toets": "A"}), ("toets", {}), ("bellen", {"wie": "niemand"}), ("zeg", {"zeg": "x" * 1001})],
)
def test_what_no_telephone_can_do_is_refused(visitor: FlaskClient, what: str, form: dict[str, str]) -> None:
    assert _do(visitor, what, **form) == 400


def test_keys_without_a_call_do_nothing(visitor: FlaskClient, carrier: Carrier) -> None:
    assert (_do(visitor, "toets", toets="1"), _do(visitor, "ophangen"), len(carrier.calls)) == (303, 303, 0)
