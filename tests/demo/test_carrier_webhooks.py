import pytest
from twilio.request_validator import RequestValidator

from demo.carrier import Carrier, Faults, VirtualClock, WsgiTransport
from tests.demo.carrier_desk import ACCOUNT, CALLER, TOKEN, TUESDAY, URL, SmallDesk, a_carrier, a_desk

SORRY = "We are sorry, an application error has occurred. Goodbye."


def test_every_request_is_signed_over_exactly_what_is_asked_without_the_fragment() -> None:
    desk = a_desk("<Hangup/>").says("/in met spatie", "<Hangup/>")
    carrier = a_carrier(desk, voice="/in%20met%20spatie?naam=Jos%C3%A9&z=%2F%3a#rc=2&rp=all")
    carrier.dial(CALLER)
    first = desk.seen[0]
    assert first.target == "/in%20met%20spatie?naam=Jos%C3%A9&z=%2F%3a"
    checks = RequestValidator(TOKEN)
    for seen in desk.seen:
        assert checks.validate(URL + seen.target, seen.form, seen.headers["X_TWILIO_SIGNATURE"])
        assert not checks.validate(URL + seen.target + "#rc=2&rp=all", seen.form, seen.headers["X_TWILIO_SIGNATURE"])


def test_a_get_carries_everything_in_its_query_and_is_signed_with_it() -> None:
    desk = a_desk('<Redirect method="GET">/next?a=1</Redirect>').says("/next", "<Hangup/>")
    a_carrier(desk).dial(CALLER)
    seen = desk.seen[1]
    assert seen.form["From"] == CALLER
    assert RequestValidator(TOKEN).validate(URL + seen.target, {}, seen.headers["X_TWILIO_SIGNATURE"])


def test_a_request_says_where_it_comes_from_and_has_a_token_of_its_own() -> None:
    desk = a_desk("<Redirect>/next</Redirect>").says("/next", "<Hangup/>")
    a_carrier(desk).dial(CALLER)
    assert {seen.headers["X_HOME_REGION"] for seen in desk.seen} == {"ie1"}
    assert len({seen.headers["I_TWILIO_IDEMPOTENCY_TOKEN"] for seen in desk.seen}) == 3


def test_cookies_are_kept_for_the_call_and_no_longer() -> None:
    desk = a_desk("<Redirect>/next</Redirect>").says("/next", "<Hangup/>")
    desk.answers["/in"][0][3]["Set-Cookie"] = "taal=nl; Path=/; HttpOnly"
    carrier = a_carrier(desk)
    carrier.dial(CALLER)
    carrier.dial(CALLER)
    sent = [(seen.path, seen.headers.get("COOKIE")) for seen in desk.seen if seen.path != "/status"]
    assert sent == [("/in", None), ("/next", "taal=nl"), ("/in", None), ("/next", "taal=nl")]


def test_a_refused_connection_is_tried_once_more_with_the_same_token() -> None:
    desk = a_desk("<Say>Welkom.</Say>")
    carrier = a_carrier(desk, faults=Faults(refuse=1))
    call = carrier.dial(CALLER)
    call.wait_until_over()
    assert (call.heard, carrier.alerts) == (["Welkom."], [])
    assert [(hook.status, hook.note) for hook in list(carrier.journal)[:2]] == [(None, "geweigerd"), (200, "poging 2")]


def test_a_retry_carries_the_same_idempotency_token() -> None:
    desk = a_desk("<Say>Welkom.</Say>")
    a_carrier(desk, voice="/in#rt=4000&rc=2&rp=all", faults=Faults(stall=1)).dial(CALLER).wait_until_over()
    first, again = [seen.headers["I_TWILIO_IDEMPOTENCY_TOKEN"] for seen in desk.seen if seen.path == "/in"]
    assert first == again
    faults = Faults(stall=1, fresh_token=True)
    desk.seen.clear()
    a_carrier(desk, voice="/in#rt=4000&rc=2&rp=all", faults=faults).dial(CALLER).wait_until_over()
    first, again = [seen.headers["I_TWILIO_IDEMPOTENCY_TOKEN"] for seen in desk.seen if seen.path == "/in"]
    assert first != again


def test_an_error_of_the_desk_is_not_tried_again_unless_asked() -> None:
    failing = a_desk("").says("/in2", "", 500).says("/in2", "<Say>Welkom.</Say>")
    call = a_carrier(failing, voice="/in2").dial(CALLER)
    call.wait_until_over()
    assert call.heard == [SORRY]
    failing = a_desk("").says("/in2", "", 500).says("/in2", "<Say>Welkom.</Say>")
    call = a_carrier(failing, voice="/in2#rc=1&rp=5xx").dial(CALLER)
    call.wait_until_over()
    assert call.heard == ["Welkom."]


def test_late_answers_cost_the_caller_fifteen_seconds_at_most() -> None:
    desk = a_desk("<Say>Welkom.</Say>")
    call = a_carrier(desk, voice="/in#rt=6000&rc=5&rp=all", faults=Faults(stall=9)).dial(CALLER)
    call.wait_until_over()
    assert call.turns[0].start == pytest.approx(15, abs=0.5)
    assert len(desk.at("/in")) == 3


def test_without_a_fallback_the_caller_hears_an_error_and_the_desk_is_still_told_the_end() -> None:
    desk = a_desk("").says("/broken", "", 500)
    carrier = a_carrier(desk, voice="/broken")
    call = carrier.dial(CALLER)
    call.wait_until_over()
    assert (call.heard, carrier.alerts[0].code) == ([SORRY], 11200)
    assert desk.form_of("/status")["CallStatus"] == "completed"


def test_the_fallback_speaks_and_is_told_what_went_wrong() -> None:
    desk = a_desk("").says("/broken", "", 503).says("/vangnet", "<Say>Bel één, één, twee.</Say>")
    call = a_carrier(desk, voice="/broken", fallback=f"{URL}/vangnet").dial(CALLER)
    call.wait_until_over()
    form = desk.form_of("/vangnet")
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", f"{URL}/broken")
    assert call.heard == ["Bel één, één, twee."]
    assert len(desk.at("/status")) == 1


def test_a_fallback_may_live_elsewhere_and_may_fail_too() -> None:
    desk, elsewhere = a_desk("").says("/broken", "", 500), SmallDesk().says("/t11.xml", "<Say>Storing.</Say>")
    for host, heard in (("vangnet.example.nl", "Storing."), ("weg.example.nl", SORRY)):
        carrier = Carrier(
            ACCOUNT,
            TOKEN,
            voice_url=f"{URL}/broken",
            fallback_url=f"https://{host}/t11.xml",
            transport=WsgiTransport(desk, {"vangnet.example.nl": elsewhere}),
            clock=VirtualClock(TUESDAY),
        )
        call = carrier.dial(CALLER)
        call.wait_until_over()
        assert call.heard == [heard]


def test_an_action_that_fails_goes_to_the_fallback_too() -> None:
    desk = a_desk('<Gather action="/weg" numDigits="1"/>').says("/vangnet", "<Say>Storing.</Say>")
    call = a_carrier(desk, fallback=f"{URL}/vangnet").dial(CALLER)
    call.press("1")
    call.wait_until_over()
    assert call.heard == ["Storing."]


def test_redirects_of_http_are_followed_ten_times() -> None:
    desk = a_desk("").says("/moved", "", 307, Location="/there").says("/there", "<Say>Hier.</Say>")
    call = a_carrier(desk, voice="/moved").dial(CALLER)
    call.wait_until_over()
    assert (call.heard, desk.seen[1].method) == (["Hier."], "POST")
    carrier = a_carrier(a_desk("").says("/round", "", 302, Location="/round"), voice="/round")
    carrier.dial(CALLER).wait_until_over()
    assert carrier.alerts[0].code == 11215


def test_a_hang_up_while_the_desk_is_slow_ends_the_call() -> None:
    desk = a_desk("<Say>Welkom.</Say>")
    call = a_carrier(desk, voice="/in#rt=6000&rc=2&rp=all", faults=Faults(stall=1)).dial(CALLER)
    call.advance(2)
    call.hang_up()
    assert (call.finished, call.heard, len(desk.at("/status"))) == (True, [], 1)


def test_webhooks_may_arrive_twice() -> None:
    desk = a_desk("<Hangup/>")
    carrier = a_carrier(desk, faults=Faults(duplicate=1))
    carrier.dial(CALLER)
    assert [seen.path for seen in desk.seen] == ["/in", "/in", "/status", "/status"]
    assert len({seen.headers["I_TWILIO_IDEMPOTENCY_TOKEN"] for seen in desk.seen}) == 2


def test_a_status_callback_may_be_late() -> None:
    desk = a_desk("<Hangup/>")
    carrier = a_carrier(desk, faults=Faults(delay=30))
    call = carrier.dial(CALLER)
    assert (call.finished, desk.at("/status")) == (True, [])
    carrier.settle()
    assert len(desk.at("/status")) == 1
    assert carrier.clock.now() > TUESDAY


def test_a_callback_that_fails_is_an_alarm_and_is_tried_as_its_address_asks() -> None:
    desk = SmallDesk().says("/in", "<Hangup/>")
    carrier = a_carrier(desk)
    carrier.number.status_url = f"{URL}/status#rc=2&rp=4xx"
    carrier.dial(CALLER)
    assert len(desk.at("/status")) == 3
    assert carrier.alerts[0].text == "callback: the desk answered 404"


@pytest.mark.parametrize("fragment", ["ct=1", "rc=9", "rp=soms", "retries=2", "rt=x"])
def test_an_override_that_the_carrier_does_not_know_is_an_error(fragment: str) -> None:
    carrier = a_carrier(a_desk("<Hangup/>"), voice=f"/in#{fragment}")
    carrier.dial(CALLER).wait_until_over()
    assert carrier.alerts[0].code == 11100


def test_the_journal_holds_no_number() -> None:
    carrier = a_carrier(a_desk("<Hangup/>"))
    carrier.dial(CALLER)
    assert CALLER.strip("+") not in repr(carrier.journal)
