"""Whoever phones, and whatever the network calls them: the call runs, and the desk hears what the network knows."""

import pytest
from twilio.request_validator import RequestValidator

from demo.carrier.callers import CALLERS, ODD_CALLERS, Caller
from tests.demo.carrier_desk import TOKEN, URL, a_carrier, a_desk

EVERYBODY = [*CALLERS, *ODD_CALLERS]


@pytest.mark.parametrize("caller", EVERYBODY, ids=lambda caller: caller.key)
def test_everybody_can_phone_and_is_reported_as_the_network_knows_them(caller: Caller) -> None:
    desk = a_desk("<Say>Welkom.</Say>")
    carrier = a_carrier(desk)
    call = carrier.dial(caller.number, parameters=caller.parameters)
    call.wait_until_over()
    assert (call.heard, carrier.alerts) == (["Welkom."], [])
    for seen in desk.seen:
        assert seen.form["From"] == seen.form["Caller"] == caller.number
        assert caller.parameters.items() <= seen.form.items()
        assert RequestValidator(TOKEN).validate(URL + seen.target, seen.form, seen.headers["X_TWILIO_SIGNATURE"])


def test_a_sip_caller_comes_with_the_parts_of_the_address() -> None:
    (school,) = [caller for caller in CALLERS if caller.key == "sip"]
    assert school.number == "sip:conciergerie@verzonnenvos.example"
    assert school.parameters["SipUsername"] == "conciergerie"
    assert school.parameters["SipDomain"] == "verzonnenvos.example"


def test_each_caller_has_a_name_of_its_own() -> None:
    assert len({caller.key for caller in EVERYBODY}) == len(EVERYBODY)
