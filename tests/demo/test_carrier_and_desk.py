from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from demo.carrier import Call, Carrier, WsgiTransport
from desk.desk import Desk
from tests.demo.carrier_desk import CALLER
from tests.fakes import FixedClock
from triage.models import Contact
from triage.values import Outcome


@pytest.fixture
def carrier(app: Flask, sqlite_desk: Desk, clock: FixedClock) -> Carrier:
    settings = sqlite_desk.settings
    return Carrier(
        settings.twilio_account_sid,
        settings.twilio_auth_tokens[0].get_secret_value(),
        voice_url=f"{settings.public_url}/phone/incoming#rc=2&rp=all&rt=6000",
        status_url=f"{settings.public_url}/phone/status#rc=5&rp=all",
        transport=WsgiTransport(app),
        clock=clock,
    )


def _outcomes(desk: Desk) -> list[Outcome]:
    with desk.database.reading() as session:
        return list(session.scalars(select(Contact.outcome)))


def _until(call: Call, moment: str) -> None:
    if moment == "voicemail":
        call.wait_until_silent()
        call.press("0")
        call.wait_until_silent()
        call.say("Met Hanna Papier van De Verzonnen Vos. Belt u mij terug?")
        call.wait_until_silent()
    elif moment == "menu":
        call.wait_until_silent()
    else:
        call.advance(1)


@pytest.mark.parametrize(
    ("moment", "outcome"),
    [("voicemail", Outcome.VOICEMAIL), ("menu", Outcome.ABANDONED), ("greeting", Outcome.ABANDONED)],
)
def test_wherever_one_hangs_up_the_desk_has_one_contact(
    carrier: Carrier, sqlite_desk: Desk, moment: str, outcome: Outcome
) -> None:
    call = carrier.dial(CALLER)
    _until(call, moment)
    call.hang_up()
    carrier.settle()
    assert (_outcomes(sqlite_desk), carrier.alerts) == ([outcome], [])


def test_a_closed_desk_says_so_and_keeps_the_call(carrier: Carrier, sqlite_desk: Desk, clock: FixedClock) -> None:
    clock.set(datetime(2020, 4, 12, 10, 0, tzinfo=UTC))
    call = carrier.dial("anonymous")
    call.wait_until_over()
    carrier.settle()
    assert "één, één, twee" in call.heard[0]
    assert (_outcomes(sqlite_desk), carrier.alerts) == ([Outcome.TOLD_CLOSED], [])


def test_everything_twice_and_late_is_still_one_contact(carrier: Carrier, sqlite_desk: Desk) -> None:
    carrier.faults.duplicate, carrier.faults.delay = 1, 30
    call = carrier.dial(CALLER)
    _until(call, "voicemail")
    call.press("#")
    call.wait_until_over()
    carrier.settle()
    assert (_outcomes(sqlite_desk), carrier.alerts) == ([Outcome.VOICEMAIL], [])
