from pathlib import Path

import pytest
from flask.testing import FlaskClient

from demo.carrier import Call, Carrier
from demo.folder import Folder
from demo.handsets import handsets_blueprint
from demo.people import STAFF
from demo.web import create_demo
from tests.demo.carrier_desk import CALLER, SmallDesk, a_carrier, a_desk

LOTTE, KEY = "+31600000202", "31600000202"
BASE = "http://127.0.0.1:8001"
ASK = '<Gather numDigits="1" timeout="5" action="/key"><Say>Toets één om aan te nemen.</Say></Gather><Hangup/>'


@pytest.fixture
def desk() -> SmallDesk:
    desk = a_desk(f'<Dial action="/after"><Number url="/whisper">{LOTTE}</Number></Dial>')
    return desk.says("/whisper", ASK).says("/key", "").says("/after", "<Say>Tot ziens.</Say>")


@pytest.fixture
def carrier(desk: SmallDesk) -> Carrier:
    return a_carrier(desk)


@pytest.fixture
def visitor(carrier: Carrier, tmp_path: Path) -> FlaskClient:
    return create_demo(Folder(tmp_path, 8000), handsets_blueprint(carrier)).test_client()


@pytest.fixture
def call(carrier: Carrier) -> Call:
    """A call that makes Lotte's telephone ring."""
    call = carrier.dial(CALLER)
    call.advance(2)
    return call


def _page(visitor: FlaskClient) -> str:
    return visitor.get("/toestellen", base_url=BASE).text


def _do(visitor: FlaskClient, what: str, key: str = KEY, **form: str) -> int:
    return visitor.post(f"/toestellen/{key}/{what}", data=form, base_url=BASE).status_code


def test_every_colleague_has_a_telephone_that_is_silent_at_first(visitor: FlaskClient) -> None:
    page = _page(visitor)
    assert all(colleague.name in page and colleague.shown_phone in page for colleague in STAFF)
    assert page.count('data-mode="idle"') == len(STAFF) == 4


def test_a_telephone_that_nobody_operates_rings_without_an_answer(visitor: FlaskClient, call: Call) -> None:
    assert 'data-mode="ringing"' in _page(visitor)
    assert "Telefoon van 06 - 0000 0777. Neemt u op?" in _page(visitor)
    call.wait_until_over()
    assert "stil, laatste keer niet opgenomen" in _page(visitor)


def test_without_a_script_a_colleague_answers_hears_the_question_takes_the_call_and_talks(
    visitor: FlaskClient, carrier: Carrier, call: Call
) -> None:
    assert _do(visitor, "opnemen") == 303
    call.advance(1)
    assert "Toets één" in _page(visitor)
    assert _do(visitor, "toets", toets="1") == 303
    assert "U bent verbonden. Typ wat u zegt." in _page(visitor)
    assert _do(visitor, "zeg", zeg="Met <Lotte>.") == 303
    call.say("Met Joris.")
    call.advance(2)
    page = _page(visitor)
    assert "<small>U zei</small>Met &lt;Lotte&gt;." in page
    assert "<small>De ander zei</small>Met Joris." in page
    assert _do(visitor, "ophangen") == 303
    assert "stil, laatste keer opgehangen" in _page(visitor)
    call.wait_until_over()
    assert (call.heard, carrier.alerts) == (["Tot ziens."], [])


def test_a_colleague_may_refuse(visitor: FlaskClient, call: Call) -> None:
    _do(visitor, "ophangen")
    assert "stil, laatste keer geweigerd" in _page(visitor)
    call.wait_until_over()
    assert call.heard == ["Tot ziens."]


def test_a_caller_who_hangs_up_stops_the_ringing(visitor: FlaskClient, call: Call) -> None:
    call.hang_up()
    assert "stil, laatste keer gestopt met overgaan" in _page(visitor)


def test_a_script_gets_the_news_of_all_telephones(visitor: FlaskClient, call: Call) -> None:
    call.advance(1)
    handsets = visitor.get("/toestellen/stand", base_url=BASE).get_json()["handsets"]
    assert [one["mode"] for one in handsets] == ["idle", "ringing", "idle", "idle"]
    headers = {"Accept": "application/json"}
    answer = visitor.post(f"/toestellen/{KEY}/opnemen", headers=headers, base_url=BASE).get_json()["handsets"][1]
    assert (answer["mode"], answer["state"]) == ("talking", "opgenomen, 0.03")


def test_whoever_else_is_called_has_a_telephone_too(visitor: FlaskClient, carrier: Carrier, desk: SmallDesk) -> None:
    carrier.telephone("+31600000142")
    assert "Hanna Papier" not in _page(visitor)
    desk.answers["/in"] = []
    desk.says("/in", '<Dial action="/after">+31600000142</Dial>')
    carrier.dial(CALLER).advance(2)
    assert 'id="t-31600000142"' in _page(visitor)
    assert "Hanna Papier" in _page(visitor)


@pytest.mark.parametrize(
    ("what", "form", "status"),
    [
        ("toets", {"toets": "A"}, 400), ("toets", {}, 400), ("zeg", {"zeg": "x" * 1001}, 400), ("dansen", {}, 404),
        ("zeg", {"zeg": " "}, 303), ("opnemen", {}, 303),
    ],
)  # fmt: skip
def test_what_a_telephone_cannot_do_is_refused(
    visitor: FlaskClient, what: str, form: dict[str, str], status: int
) -> None:
    assert _do(visitor, what, **form) == status
    assert _do(visitor, what, "31699999999", **form) == 404


def test_keys_and_words_without_a_call_do_nothing(visitor: FlaskClient) -> None:
    assert [_do(visitor, "toets", toets="1"), _do(visitor, "zeg", zeg="Hallo"), _do(visitor, "ophangen")] == [303] * 3
    assert _page(visitor).count('data-mode="idle"') == 4
