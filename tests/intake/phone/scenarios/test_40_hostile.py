"""Scenarios 40 to 45: signatures, accounts, giants, unicode."""

import logging

import pytest
from pydantic import SecretStr

from tests.intake.phone.line import TOKEN, new_sid, sign, with_settings
from tests.intake.phone.scenarios.scene import KNOWN, Scene
from triage.values import Outcome


@pytest.mark.parametrize("signature", ["", "AAAA", "é"])
def test_40_a_bad_signature_leaves_no_record(scene: Scene, signature: str, caplog: pytest.LogCaptureFixture) -> None:
    form = scene.line.form(new_sid())
    with caplog.at_level(logging.DEBUG):
        headers = {"X-Twilio-Signature": signature} if signature else {}
        for _ in range(20):
            answer = scene.line.app.test_client().post("/phone/incoming", data=form, headers=headers)
            assert (answer.status_code, answer.mimetype) == (403, "text/xml")
    assert scene.line.contacts() == []
    assert KNOWN not in caplog.text


def test_41_the_right_signature_of_another_account(scene: Scene) -> None:
    assert scene.line.tell(new_sid(), "/phone/incoming", AccountSid="AC" + "9" * 32).status_code == 403
    assert scene.line.contacts() == []


def test_42_a_query_that_is_percent_encoded(scene: Scene) -> None:
    url, _, overrides = scene.network.number.voice_url.partition("#")
    scene.network.number.voice_url = f"{url}?naam=Jos%C3%A9&z=%2F%3a#{overrides}"
    call = scene.dial()
    assert call.heard[0].startswith("Meldpunt kwetsbare kinderen.")
    call.hang_up()
    assert scene.contact().outcome is Outcome.ABANDONED


def test_43_while_a_token_is_rotated_both_are_good(scene: Scene) -> None:
    scene.line = scene.app.line = with_settings(scene.line, twilio_auth_tokens=_tokens("the-next-token", TOKEN))
    first = scene.dial()
    first.hang_up()
    form = scene.line.form(first.sid, CallStatus="completed")
    url = f"{scene.line.desk.settings.public_url}/phone/status"
    for token, status in (("the-next-token", 200), (TOKEN, 200), ("a-third-token", 403)):
        assert scene.line.post("/phone/status", form, signature=sign(url, form, token)).status_code == status


def _tokens(*tokens: str) -> object:
    return tuple(SecretStr(token) for token in tokens)


@pytest.mark.parametrize("giant", ["five megabytes", "five thousand fields"])
def test_44_giants_are_refused(scene: Scene, giant: str) -> None:
    more = {"x": "x" * 5_000_000} if giant == "five megabytes" else {f"x{n}": "" for n in range(5_000)}
    answer = scene.line.tell(new_sid(), "/phone/incoming", **more)
    assert (answer.status_code, answer.mimetype) == (413, "text/xml")
    assert scene.line.contacts() == []


@pytest.mark.parametrize("odd", ["😀 \U0001f9d2", "\x0b\x00\x1f", "\ufffe\uffff", "\u202e", "a\u2019b"])
def test_45_unicode_is_kept_and_never_breaks_a_document(scene: Scene, odd: str) -> None:
    call = scene.network.dial(KNOWN, parameters={"SpeechResult": odd, "CallerName": odd})
    call.wait_until_silent()
    scene.does(call, "2")
    assert call.heard[-1].endswith("Kies 0.")
    call.hang_up()
    assert scene.contact().told == "T1 T2 T3"
