import logging

import pytest

from desk.desk import Desk
from intake.phone.gate import LARGEST_BODY, Gate, raw_target
from tests.intake.phone.line import TOKEN, Line, new_sid, sign, with_settings


def test_the_documented_vector_of_the_carrier_is_reproduced() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234", "From": "+14158675309",
        "To": "+18005551212",
    }  # fmt: skip
    assert sign("https://mycompany.com/myapp.php?foo=1&bar=2", form, "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_signed_webhook_comes_in(sqlite_line: Line) -> None:
    assert sqlite_line.tell(new_sid(), "/phone/incoming").status_code == 200


@pytest.mark.parametrize("path", ["/phone/incoming", "/phone/status", "/phone/recording", "/phone/turn/1"])
def test_an_unsigned_webhook_is_refused_and_leaves_nothing(
    sqlite_line: Line, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = sqlite_line.app.test_client().post(path, data=sqlite_line.form(new_sid()))
    assert answer.status_code == 403
    assert answer.mimetype == "text/xml"
    assert sqlite_line.contacts() == []
    assert not caplog.records


@pytest.mark.parametrize("signature", ["", "x", "é", "A" * 28, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "\udcff", "x" * 5000])
def test_a_wrong_signature_is_refused(sqlite_line: Line, signature: str) -> None:
    client = sqlite_line.app.test_client()
    environ = {"HTTP_X_TWILIO_SIGNATURE": signature.encode("utf-8", "surrogateescape").decode("latin-1")}
    answer = client.post("/phone/incoming", data=sqlite_line.form(new_sid()), environ_overrides=environ)
    assert answer.status_code == 403
    assert sqlite_line.contacts() == []


def test_a_right_signature_of_another_account_is_refused(sqlite_line: Line) -> None:
    assert sqlite_line.tell(new_sid(), AccountSid="AC" + "9" * 32).status_code == 403
    assert sqlite_line.tell(new_sid(), AccountSid="").status_code == 403
    assert sqlite_line.contacts() == []


def test_a_body_that_was_changed_on_the_way_is_refused(sqlite_line: Line) -> None:
    form = sqlite_line.form(new_sid())
    signature = sign(sqlite_line.desk.settings.public_url + "/phone/incoming", form)
    assert sqlite_line.post("/phone/incoming", form | {"From": "+31600000777"}, signature=signature).status_code == 403


def test_a_signature_for_another_door_is_refused(sqlite_line: Line) -> None:
    form = sqlite_line.form(new_sid())
    signature = sign(sqlite_line.desk.settings.public_url + "/phone/status", form)
    assert sqlite_line.post("/phone/incoming", form, signature=signature).status_code == 403


def test_while_tokens_are_rotated_the_old_and_the_new_one_are_accepted(sqlite_line: Line) -> None:
    old_and_new = tuple(
        type(token)(word) for token in sqlite_line.desk.settings.twilio_auth_tokens for word in ("new", TOKEN)
    )
    line = with_settings(sqlite_line, twilio_auth_tokens=old_and_new)
    form = line.form(new_sid())
    for token, status in (("new", 200), (TOKEN, 200), ("older", 403)):
        signature = sign(line.desk.settings.public_url + "/phone/incoming", form, token)
        assert line.post("/phone/incoming", form, signature=signature).status_code == status


def test_a_desk_without_a_telephone_lets_nobody_in(sqlite_line: Line) -> None:
    line = with_settings(sqlite_line, twilio_account_sid="", twilio_auth_tokens=())
    form = line.form(new_sid())
    assert (
        line.post("/phone/incoming", form, signature=sign(line.desk.settings.public_url, form, "")).status_code == 403
    )


@pytest.mark.parametrize("query", ["naam=Jos%C3%A9&z=%2F%3a", "a=1+2&b=%20", "leeg=&leeg=", "x=1&x=2", "bodySHA256=0"])
def test_an_encoded_address_is_checked_as_it_was_asked_for(sqlite_line: Line, query: str) -> None:
    assert sqlite_line.tell(new_sid(), f"/phone/incoming?{query}").status_code == 200


def test_the_public_address_is_signed_and_not_the_one_behind_the_proxy(sqlite_line: Line) -> None:
    line = with_settings(sqlite_line, public_url="https://meldpunt.example/loket")
    form = line.form(new_sid())
    for url, status in (("https://meldpunt.example/loket", 200), ("http://localhost", 403)):
        signature = sign(f"{url}/phone/status", form)
        assert line.post("/phone/status", form, signature=signature).status_code == status


@pytest.mark.parametrize("name", ["RAW_URI", "REQUEST_URI"])
@pytest.mark.parametrize(
    ("said", "target"),
    [("/phone/x?a=%2F", "/phone/x?a=%2F"), ("http://10.0.0.1:8000/phone/x?a=1", "/phone/x?a=1"), ("http://h", "/")],
)
def test_every_server_names_the_target_in_its_own_way(name: str, said: str, target: str) -> None:
    assert raw_target({name: said, "PATH_INFO": "/other"}) == target


def test_a_server_that_does_not_name_it_is_asked_for_path_and_query() -> None:
    assert raw_target({"PATH_INFO": "/phone/x", "QUERY_STRING": "a=1"}) == "/phone/x?a=1"
    assert raw_target({"SCRIPT_NAME": "/loket", "PATH_INFO": "/phone/x"}) == "/loket/phone/x"


@pytest.mark.parametrize(
    "body",
    [
        b"x=" + b"a" * LARGEST_BODY,
        b"&".join(b"f%d=1" % n for n in range(5000)),
        b"=" * (5 * 1024 * 1024),
    ],
)
def test_a_giant_is_refused_before_anything_is_computed(sqlite_line: Line, body: bytes) -> None:
    headers = {"X-Twilio-Signature": "x", "Content-Type": "application/x-www-form-urlencoded"}
    answer = sqlite_line.app.test_client().post("/phone/incoming", data=body, headers=headers)
    assert answer.status_code == 413
    assert answer.mimetype == "text/xml"


def test_bytes_that_are_no_text_are_refused(sqlite_line: Line) -> None:
    headers = {"X-Twilio-Signature": "x", "Content-Type": "application/x-www-form-urlencoded"}
    answer = sqlite_line.app.test_client().post("/phone/incoming", data=b"CallSid=%ff&From=\xff\xfe", headers=headers)
    assert answer.status_code == 403


def test_a_json_body_is_no_form_and_refused(sqlite_line: Line) -> None:
    answer = sqlite_line.app.test_client().post(
        "/phone/incoming", json={"CallSid": "CA"}, headers={"X-Twilio-Signature": "x"}
    )
    assert answer.status_code == 403


def test_a_signed_webhook_that_names_no_call_is_refused_as_unreadable(sqlite_line: Line) -> None:
    answer = sqlite_line.tell("geen sid")
    assert (answer.status_code, answer.mimetype) == (400, "text/xml")
    assert sqlite_line.contacts() == []


def test_a_gate_holds_a_validator_for_each_token(sqlite_desk: Desk) -> None:
    assert len(Gate(sqlite_desk.settings)._validators) == 1  # noqa: SLF001
