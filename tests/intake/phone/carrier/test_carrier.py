"""The carrier's REST face as the desk uses it: real HTTP, against the stand-in and against one that misbehaves."""

import logging
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from demo.carrier import Carrier as Network
from desk.desk import Desk
from desk.sender import GiveUp, TryAgain, Uncertain
from desk.settings import Settings
from intake.phone.carrier import http as carrier_http
from intake.phone.carrier.client import Carrier, NumberUrls
from intake.phone.events import CallState
from tests.demo.carrier_desk import ACCOUNT, CALLER, TOKEN, a_carrier, a_desk
from tests.intake.phone.exchange import TUESDAY, Exchange, a_call, a_number
from tests.intake.phone.servers import served
from tests.servers.ports import free_port

RECORD = '<Record action="/done" trim="do-not-trim" timeout="10"/>'
SID = "CA" + "1" * 32
DESK = "+31100000000"
START = datetime(2020, 4, 14, 8, 0, tzinfo=UTC)
STAFF = "+31600000555"


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


@pytest.fixture
def settings(sqlite_desk: Desk, exchange: Exchange) -> Iterator[Settings]:
    with exchange.running() as url:
        yield sqlite_desk.settings.model_copy(update={"twilio_api_url": url, "phone_number": DESK})


@pytest.fixture
def carrier(settings: Settings) -> Carrier:
    return Carrier(settings)


@pytest.fixture
def network() -> Network:
    """The stand-in, with two calls in it: the first left a message."""
    network = a_carrier(a_desk(RECORD).says("/done", "<Say>Dank u.</Say>"))
    for words in ("Belt u mij terug?", ""):
        call = network.dial(CALLER)
        call.wait_until_silent()
        if words:
            call.say(words)
            call.wait_until_silent()
            call.press("#")
        call.hang_up()
        call.advance(60)
    network.settle()
    return network


@pytest.fixture
def at_network(sqlite_desk: Desk, network: Network) -> Iterator[Carrier]:
    with served(network.rest_app()) as url:
        account = {"twilio_account_sid": ACCOUNT, "twilio_auth_tokens": (SecretStr(TOKEN),)}
        yield Carrier(sqlite_desk.settings.model_copy(update={"twilio_api_url": url, "phone_number": DESK} | account))


def _place(carrier: Carrier) -> str:
    return carrier.place_call(STAFF, DESK, "https://desk.example.nl/x", "https://desk.example.nl/y", 25, 3600)


def test_calls_are_listed_since_a_moment_with_their_times(at_network: Carrier, network: Network) -> None:
    second, first = at_network.calls_since(START)
    assert [first.sid, second.sid] == list(network.calls)
    assert (first.from_, first.to, first.state, first.started_at) == (CALLER, DESK, CallState.COMPLETED, START)
    assert first.ended_at is not None
    assert first.came_in
    assert [call.sid for call in at_network.calls_since(START + timedelta(seconds=30))] == [second.sid]


def test_a_recording_is_listed_deleted_and_gone(at_network: Carrier, network: Network) -> None:
    (recording,) = at_network.recordings_since(START - timedelta(minutes=1))
    assert (recording.sid, recording.status) == (next(iter(network.recordings)), "completed")
    assert recording.call_sid == next(iter(network.calls))
    assert not at_network.recording_is_gone(recording.sid)
    at_network.delete_recording(recording.sid)
    assert at_network.recording_is_gone(recording.sid)
    at_network.delete_recording(recording.sid)
    assert list(at_network.recordings_since(START - timedelta(minutes=1))) == []


def test_the_numbers_addresses_are_read_and_written(at_network: Carrier, network: Network) -> None:
    before = at_network.number()
    assert before.urls == NumberUrls("https://desk.example.nl/in", "https://desk.example.nl/status", None)
    after = at_network.write_number_urls(before.sid, NumberUrls("https://desk.example.nl/new#rc=2", None, None))
    assert after.urls == NumberUrls("https://desk.example.nl/new#rc=2", before.urls.status, None)
    assert network.number.voice_url == "https://desk.example.nl/new#rc=2"


def test_all_pages_are_read_and_only_calls_that_came_in_on_the_number(carrier: Carrier, exchange: Exchange) -> None:
    pages = [
        [a_call(SID), a_call("CA2", direction="outbound-api"), a_call("CA3", parent_call_sid=SID)],
        [a_call("CA4", to="+31100000099"), a_call("CA5", to="sip:meldpunt@example.sip.twilio.com")],
    ]
    next_page = f"/2010-04-01/Accounts/{'AC' + '0' * 32}/Calls.json?Page=1"
    exchange.answers = [(200, {"calls": pages[0], "next_page_uri": next_page}), (200, {"calls": pages[1]})]
    assert [call.sid for call in carrier.calls_since(START)] == [SID, "CA5"]
    assert exchange.asked[0].query["StartTime>"] == "2020-04-14T08:00:00Z"


def test_one_call_is_given_only_when_it_came_in_here(carrier: Carrier, exchange: Exchange) -> None:
    exchange.answers = [(200, a_call(SID)), (200, a_call(SID, to="+31100000099"))]
    found = carrier.call(SID)
    assert found is not None
    assert found.sid == SID
    assert carrier.call(SID) is None
    assert carrier.call(SID) is None


def test_each_token_is_tried_until_one_is_taken(settings: Settings, exchange: Exchange) -> None:
    tokens = (SecretStr("of-yesterday"), SecretStr("token-of-a-test"))
    carrier = Carrier(settings.model_copy(update={"twilio_auth_tokens": tokens}))
    exchange.answers = [(201, a_call(SID))]
    assert _place(carrier) == SID
    assert [asked.token for asked in exchange.asked] == ["of-yesterday", "token-of-a-test"]
    exchange.tokens = set()
    with pytest.raises(TryAgain, match="401"):
        carrier.number()


def test_a_call_is_placed_with_all_that_is_asked(carrier: Carrier, exchange: Exchange) -> None:
    exchange.answers = [(201, a_call(SID, direction="outbound-api"))]
    assert _place(carrier) == SID
    (asked,) = exchange.asked
    assert asked.form == {
        "To": STAFF,
        "From": DESK,
        "Url": "https://desk.example.nl/x",
        "StatusCallback": "https://desk.example.nl/y",
        "StatusCallbackEvent": "initiated",
        "Timeout": "25",
        "TimeLimit": "3600",
    }


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((503, {"code": 20500, "message": "x", "status": 503}), Uncertain),
        ((200, "<html>een tussenstation</html>"), Uncertain),
        ((302, "elders"), Uncertain),
        ((400, {"code": 21211, "message": "Invalid 'To' +31600000555", "status": 400}), GiveUp),
        ((429, {"code": 20429, "message": "Too Many Requests", "status": 429}), TryAgain),
    ],
)
def test_a_call_that_may_have_been_placed_is_told_apart_from_one_that_was_not(
    carrier: Carrier, exchange: Exchange, answer: tuple[int, object], fault: type[Exception]
) -> None:
    exchange.answers = [answer]
    with pytest.raises(fault) as caught:
        _place(carrier)
    assert len(exchange.asked) == 1
    assert STAFF not in str(caught.value)


def test_a_call_that_was_never_sent_may_be_placed_again(settings: Settings) -> None:
    away = settings.model_copy(update={"twilio_api_url": f"http://127.0.0.1:{free_port()}"})
    with pytest.raises(TryAgain):
        _place(Carrier(away))


@pytest.fixture
def silent_url() -> Iterator[str]:
    """Somebody who takes every request and hangs up on it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connection.recv(65_536)
                connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def test_a_connection_lost_after_sending_leaves_it_uncertain(settings: Settings, silent_url: str) -> None:
    carrier = Carrier(settings.model_copy(update={"twilio_api_url": silent_url}))
    with pytest.raises(Uncertain):
        _place(carrier)
    with pytest.raises(TryAgain):
        carrier.number()


def test_nobody_is_waited_for_without_end(carrier: Carrier) -> None:
    client = carrier_http.CarrierHttp("http://127.0.0.1:9", ACCOUNT, (TOKEN,))
    assert client.timeout == carrier_http.TIMEOUT == 8


def test_only_the_carrier_is_asked_whatever_the_library_wants() -> None:
    client = carrier_http.CarrierHttp("http://127.0.0.1:9", ACCOUNT, (TOKEN,))
    with pytest.raises(GiveUp):
        client.request("GET", "https://api.twilio.com.example.nl/2010-04-01")


def test_calls_placed_to_a_number_are_found_also_before_they_start(carrier: Carrier, exchange: Exchange) -> None:
    waiting = a_call("CA2", direction="outbound-api", start_time=None, status="queued", end_time=None)
    before = a_call("CA3", direction="outbound-api", date_created="Tue, 14 Apr 2020 07:00:00 +0000", start_time=None)
    exchange.answers = [(200, {"calls": [a_call(SID), waiting, before]})]
    (found,) = carrier.find_calls(STAFF, START)
    assert (found.sid, found.state, found.ended_at) == ("CA2", CallState.QUEUED, None)
    assert exchange.asked[0].query["To"] == STAFF


def test_somebody_who_waits_is_sent_on_unless_they_left(carrier: Carrier, exchange: Exchange) -> None:
    exchange.answers = [(200, {"call_sid": SID, "date_enqueued": TUESDAY, "position": 1, "wait_time": 3})]
    assert carrier.redirect_member("QU" + "1" * 32, SID, "https://desk.example.nl/turn/3")
    asked = exchange.asked[0]
    assert (asked.path, asked.form["Method"]) == (f"Queues/QU{'1' * 32}/Members/{SID}.json", "POST")
    assert not carrier.redirect_member("QU" + "1" * 32, SID, "https://desk.example.nl/turn/3")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((500, {}), TryAgain),
        ((429, {"code": 20429, "message": "x", "status": 429}), TryAgain),
        ((200, "<html>een tussenstation</html>"), TryAgain),
        ((200, a_call(SID, date_created="ooit", start_time=None)), TryAgain),
        ((403, {"code": 20403, "message": "x", "status": 403}), GiveUp),
        ((400, {"type": "about:blank", "title": "x", "status": 400, "code": 20001}), GiveUp),
    ],
)
def test_what_the_carrier_says_is_to_be_tried_again_or_given_up(
    carrier: Carrier, exchange: Exchange, answer: tuple[int, object], fault: type[Exception]
) -> None:
    exchange.answers = [answer]
    with pytest.raises(fault):
        carrier.call(SID)


def test_a_number_is_found_whole_or_not_at_all(carrier: Carrier, exchange: Exchange) -> None:
    longer = a_number(phone_number=DESK + "1")
    exchange.answers = [(200, {"incoming_phone_numbers": [longer, a_number(trunk_sid="TK1")]})]
    assert carrier.number().elsewhere == "TK1"
    exchange.answers = [(200, {"incoming_phone_numbers": [longer]})]
    with pytest.raises(GiveUp, match="has no number"):
        carrier.number()


def test_nothing_that_is_asked_stands_in_the_log(
    carrier: Carrier, exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    exchange.answers = [(201, a_call(SID))]
    _place(carrier)
    assert STAFF not in caplog.text
