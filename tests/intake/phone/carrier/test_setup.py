"""`meldpunt phone setup` and `fallback`: the number is told where to go, once it is sure that a webhook gets in."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest
from flask import Flask, Response, redirect
from pydantic import SecretStr
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from demo.carrier import Carrier as Network
from desk.audit import AuditLine
from desk.desk import Desk
from desk.settings import Settings
from intake.phone.carrier.fallback import fallback_document
from intake.phone.carrier.setup import NotReached, check_door
from intake.phone.texts.prompts import fault_text
from tests.demo.carrier_desk import ACCOUNT, CALLER, TOKEN, SmallDesk, a_carrier, a_desk
from tests.desk.conftest import command_of
from tests.intake.phone.exchange import Exchange, a_number
from tests.intake.phone.line import Line, with_settings
from tests.intake.phone.servers import served
from tests.servers.ports import free_port

DESK = "+31100000000"
FALLBACK = "https://elders.example.nl/t11.xml"


@pytest.fixture
def network() -> Network:
    return a_carrier(a_desk("<Hangup/>"))


@pytest.fixture
def set_up(sqlite_line: Line, network: Network) -> Iterator[Line]:
    """A line of that carrier, and where its webhooks must come in."""
    account = {"twilio_account_sid": ACCOUNT, "twilio_auth_tokens": (SecretStr(TOKEN),), "phone_number": DESK}
    with served(network.rest_app()) as url:
        place = {"twilio_api_url": url, "public_url": f"http://127.0.0.1:{free_port()}"}
        yield with_settings(sqlite_line, **account, **place)


def _serving(line: Line) -> AbstractContextManager[str]:
    return served(line.app, int(line.desk.settings.public_url.rpartition(":")[2]))


def test_the_number_is_told_where_its_calls_go(set_up: Line, network: Network) -> None:
    command = command_of(set_up.desk.settings)
    with _serving(set_up):
        said = command("phone", "setup", phone_fallback_url=FALLBACK)
    assert said.exit_code == 0, said.output
    here, number = set_up.desk.settings.public_url, network.number
    assert (number.voice_url or "").startswith(f"{here}/phone/incoming#ct=")
    assert (number.status_url or "").startswith(f"{here}/phone/status#rc=5&rp=all")
    assert (number.fallback_url, number.fallback_method, number.voice_method) == (FALLBACK, "GET", "POST")
    assert f"voice     https://desk.example.nl/in\n            becomes {here}/phone/incoming#" in said.output
    assert said.output.endswith("gets in.\nWritten.\n")
    assert set_up.contacts() == []
    with set_up.desk.database.reading() as session:
        assert "set_up_number" in session.scalars(select(AuditLine.action)).all()


def test_what_was_set_before_is_shown_without_its_password_and_its_query(set_up: Line, network: Network) -> None:
    network.number.voice_url = "https://iris:geheim@oud.example.nl/in?sleutel=ook-geheim#rc=2"
    network.number.fallback_url = "https://geheim@elders.example.nl/t11.xml"
    with _serving(set_up):
        said = command_of(set_up.desk.settings)("phone", "setup", "--dry-run")
    assert "geheim" not in said.output
    assert "https://…@oud.example.nl/in?…#rc=2" in said.output
    assert "https://…@elders.example.nl/t11.xml (stays)" in said.output


def test_a_dry_run_shows_it_and_writes_nothing(set_up: Line, network: Network) -> None:
    with _serving(set_up):
        said = command_of(set_up.desk.settings)("phone", "setup", "--dry-run")
    assert said.exit_code == 0
    assert "becomes" in said.output
    assert "set phone_fallback_url" in said.output
    assert network.number.voice_url == "https://desk.example.nl/in"


def test_twice_shows_that_all_stays_as_it_is(set_up: Line, network: Network) -> None:
    command = command_of(set_up.desk.settings)
    with _serving(set_up):
        command("phone", "setup", phone_fallback_url=FALLBACK)
        said = command("phone", "setup")  # without the setting, the fallback stays
    assert said.output.count("(stays)") == 3
    assert "becomes" not in said.output
    assert network.number.fallback_url == FALLBACK


def test_a_desk_that_does_not_answer_is_no_place_to_send_callers(set_up: Line, network: Network) -> None:
    said = command_of(set_up.desk.settings)("phone", "setup")
    assert said.exit_code == 1
    assert "/phone/check: nothing answers there" in said.output
    assert "Nothing was written" in said.output
    assert network.number.voice_url == "https://desk.example.nl/in"


def test_each_token_must_be_known_to_the_desk_that_serves(set_up: Line) -> None:
    tokens = (SecretStr(TOKEN), SecretStr("of-tomorrow"))
    ahead = set_up.desk.settings.model_copy(update={"twilio_auth_tokens": tokens})
    with _serving(set_up), pytest.raises(NotReached, match=r"HTTP 403\) \(token 2 of 2\)"):
        check_door(ahead)


def test_a_number_whose_calls_go_elsewhere_is_told_before_anything_is_written(set_up: Line, exchange_url: str) -> None:
    said = command_of(set_up.desk.settings)(
        "phone", "setup", twilio_api_url=exchange_url, twilio_auth_tokens="token-of-a-test"
    )
    assert said.exit_code == 1
    assert "go to TK1" in said.output


@pytest.fixture
def exchange_url() -> Iterator[str]:
    with Exchange([(200, {"incoming_phone_numbers": [a_number(trunk_sid="TK1")]})]).running() as url:
        yield url


@pytest.mark.parametrize(
    ("differences", "about"),
    [({"phone_number": ""}, "set MELDPUNT_TWILIO_ACCOUNT_SID"), ({"phone_number": "+31100000099"}, "has no number")],
)
def test_what_is_not_set_right_is_told_in_a_line(set_up: Line, differences: dict[str, str], about: str) -> None:
    said = command_of(set_up.desk.settings)("phone", "setup", **differences)
    assert said.exit_code == 1
    assert about in said.output


def _asked(settings: Settings, answer: AnyResponse) -> str:
    """Why a place that answers so is not our desk."""
    app = Flask("elders")
    app.post("/phone/check")(lambda: answer)
    with served(app) as url, pytest.raises(NotReached) as caught:
        check_door(settings.model_copy(update={"public_url": url}))
    return str(caught.value)


@pytest.mark.parametrize(
    ("answer", "about"),
    [
        (Response(status=401), "asks for a password"),
        (Response(status=403), "refuses its signature"),
        (Response(status=404), "not this desk"),
        (Response(status=502), "does `meldpunt serve` run"),
        (Response(status=500), r"HTTP 500"),
        (Response("<html>Welkom</html>"), "not this desk"),
        (redirect("https://elders.example.nl/"), "must be the last one"),
    ],
)
def test_each_fault_on_the_way_in_is_told_apart(sqlite_desk: Desk, answer: AnyResponse, about: str) -> None:
    assert about in _asked(sqlite_desk.settings, answer)


def test_the_carrier_cannot_come_to_this_machine(sqlite_desk: Desk) -> None:
    real = sqlite_desk.settings.model_copy(update={"twilio_api_url": "https://api.dublin.ie1.twilio.com"})
    with pytest.raises(NotReached, match="on this machine"):
        check_door(real)


def test_a_plain_server_where_tls_is_expected_is_told_in_a_line(sqlite_desk: Desk) -> None:
    with served(Flask("plain")) as url, pytest.raises(NotReached, match=r"certificate|nothing answers"):
        check_door(sqlite_desk.settings.model_copy(update={"public_url": url.replace("http:", "https:")}))


def test_the_fallback_speaks_t11_and_ends_as_a_file_anywhere() -> None:
    document = fallback_document("Polly.Laura-Neural")
    root = ET.fromstring(document.encode())
    assert [verb.tag for verb in root] == ["Say", "Hangup"]
    desk = SmallDesk().says("/status", "")
    desk.answers["/t11.xml"] = [(200, "text/xml", document, {})]
    desk.answers["/in"] = [(503, "text/plain", "weg", {})]
    network = a_carrier(desk, fallback="https://desk.example.nl/t11.xml")
    network.number.fallback_method = "GET"
    call = network.dial(CALLER)
    call.wait_until_over()
    assert call.heard == [fault_text()]


def test_the_command_writes_the_fallback_without_a_database(sqlite_desk: Desk) -> None:
    said = command_of(sqlite_desk.settings)("phone", "fallback", database_url="sqlite:///nowhere/at-all.db")
    assert said.exit_code == 0
    assert said.output == fallback_document(sqlite_desk.settings.voice)
