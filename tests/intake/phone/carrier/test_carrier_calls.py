"""Placing and finding calls, and sending on who waits, at the stand-in: its REST face over real HTTP."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from demo.carrier import Carrier as Network
from desk.desk import Desk
from desk.sender import GiveUp
from intake.phone.carrier.client import Carrier
from intake.phone.events import CallState
from tests.demo.carrier_desk import ACCOUNT, CALLER, TOKEN, TUESDAY, URL, SmallDesk, a_carrier, a_desk
from tests.intake.phone.servers import served

DESK, STAFF = "+31100000000", "+31600000201"
JOIN = '<Enqueue action="/after" waitUrl="/wait">meldpunt</Enqueue>'
HOLD = '<Gather numDigits="1" timeout="2"><Say>Alle medewerkers zijn in gesprek.</Say></Gather>'


@pytest.fixture
def desk() -> SmallDesk:
    desk = a_desk(JOIN).says("/wait", HOLD).says("/after", "<Hangup/>").says("/leg", "")
    return desk.says("/elsewhere", "<Say>Elders.</Say>").says("/out", '<Pause length="60"/>')


@pytest.fixture
def network(desk: SmallDesk) -> Network:
    return a_carrier(desk)


@pytest.fixture
def carrier(sqlite_desk: Desk, network: Network) -> Iterator[Carrier]:
    account = {"twilio_account_sid": ACCOUNT, "twilio_auth_tokens": (SecretStr(TOKEN),), "phone_number": DESK}
    with served(network.rest_app()) as url:
        yield Carrier(sqlite_desk.settings.model_copy(update={"twilio_api_url": url} | account))


def _place(carrier: Carrier, to: str = STAFF) -> str:
    return carrier.place_call(to, DESK, f"{URL}/out", f"{URL}/leg", 25, 3600)


def test_a_call_that_was_placed_is_told_of_and_found(carrier: Carrier, network: Network, desk: SmallDesk) -> None:
    network.telephone(STAFF).will(answer_after=3)
    sid = _place(carrier)
    (found,) = carrier.find_calls(STAFF, TUESDAY - timedelta(minutes=1))
    assert (found.sid, found.direction, found.came_in) == (sid, "outbound-api", False)
    assert carrier.find_calls(STAFF, TUESDAY + timedelta(minutes=1)) == []
    assert carrier.find_calls(CALLER, TUESDAY) == []
    network.calls[sid].advance(10)
    network.telephone(STAFF).hang_up()
    network.settle()
    assert [form["CallStatus"] for form in desk.at("/leg")] == ["initiated", "ringing", "in-progress", "completed"]
    (over,) = carrier.find_calls(STAFF, TUESDAY)
    assert over.state is CallState.COMPLETED
    assert list(carrier.calls_since(TUESDAY - timedelta(hours=1))) == []


def test_a_number_that_nobody_may_be_called_at_is_refused(carrier: Carrier, network: Network) -> None:
    with pytest.raises(GiveUp):
        _place(carrier, "112")
    assert not network.calls


def test_who_waits_is_sent_on_once(carrier: Carrier, network: Network) -> None:
    call = network.dial(CALLER)
    call.advance(5)
    (line,) = network.lines
    assert carrier.redirect_member(line, call.sid, f"{URL}/elsewhere")
    assert not carrier.redirect_member(line, call.sid, f"{URL}/elsewhere")
    call.wait_until_over()
    assert call.heard[-1] == "Elders."
