import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from demo.carrier import Carrier, HttpTransport
from demo.carrier.transport import Request, TooSlow, Unreachable
from desk.clock import SystemClock
from tests.demo.carrier_desk import ACCOUNT, CALLER, TOKEN, SmallDesk, a_desk
from tests.demo.carrier_rest import client_at, served

MENU = '<Gather numDigits="1" action="/menu"><Say>Kies nul om in te spreken.</Say></Gather>'
RECORD = '<Record action="/done" trim="do-not-trim" recordingStatusCallback="/recording"/>'


@pytest.fixture
def desk() -> SmallDesk:
    return a_desk(MENU).says("/menu", RECORD).says("/done", "<Say>Dank u.</Say>")


@pytest.fixture
def carrier(desk: SmallDesk) -> Iterator[Carrier]:
    with served(desk) as url:
        carrier = Carrier(ACCOUNT, TOKEN, voice_url=f"{url}/in", status_url=f"{url}/status", clock=SystemClock())
        with closing(carrier):
            yield carrier


def _a_message(carrier: Carrier) -> None:
    call = carrier.dial(CALLER, pace=50)
    call.wait_until_silent()
    call.press("0")
    call.wait_until_silent()
    call.say("Belt u mij terug?")
    call.wait_until_silent()
    call.press("#")
    call.wait_until_over()


def test_a_call_in_real_time_over_real_http_is_the_same_call(desk: SmallDesk, carrier: Carrier) -> None:
    _a_message(carrier)
    carrier.settle(10)
    assert [seen.path for seen in desk.seen][:3] == ["/in", "/menu", "/done"]
    assert sorted(seen.path for seen in desk.seen[3:]) == ["/recording", "/status"]
    assert not carrier.alerts


def test_many_phone_at_once_and_each_is_told_about_once(desk: SmallDesk, carrier: Carrier) -> None:
    threads = [threading.Thread(target=_a_message, args=(carrier,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    carrier.settle(20)
    assert len({form["CallSid"] for form in desk.at("/status")}) == len(desk.at("/status")) == 8
    assert len(desk.at("/recording")) == 8


def test_nobody_listening_and_an_answer_that_never_comes_are_told_apart() -> None:
    request = Request("GET", "http://127.0.0.1:9/in", {})
    with pytest.raises(Unreachable):
        HttpTransport().send(request, 1, 1)
    with served(_never) as url, pytest.raises(TooSlow):
        HttpTransport().send(Request("GET", f"{url}/in", {}), 1, 0.1)


def test_the_real_client_library_can_read_what_the_carrier_answers(carrier: Carrier) -> None:
    _a_message(carrier)
    carrier.settle(10)
    with served(carrier.rest_app()) as url:
        client = client_at(url)
        (call,) = client.calls.list()
        (recording,) = client.recordings.list(call_sid=call.sid)
        (number,) = client.incoming_phone_numbers.list(phone_number=carrier.number.number)
        assert (call.status, call.start_time.tzinfo is not None) == ("completed", True)
        assert (recording.call_sid, recording.channels) == (call.sid, 1)
        assert number.update(voice_fallback_url="https://vangnet.example.nl/").voice_url == carrier.number.voice_url
        assert client.api.accounts(ACCOUNT).fetch().status == "active"
        assert recording.delete()
        assert client.recordings.list() == []
        carrier.dial(CALLER)
        assert len(list(client.calls.stream(page_size=1))) == 2
        assert client.calls.list(start_time_after=call.start_time, status="completed")[0].sid == call.sid


def test_the_real_client_library_calls_somebody_and_sends_a_waiting_caller_on(
    desk: SmallDesk, carrier: Carrier
) -> None:
    carrier.pace = 50
    desk.answers["/in"] = []
    desk.says("/in", '<Enqueue action="/after" waitUrl="/wait">meldpunt</Enqueue>').says("/after", "<Hangup/>")
    desk.says("/wait", "<Pause length='10'/>").says("/leg", "").says("/whisper", "<Say>Een beller.</Say>")
    desk.says("/join", '<Dial><Number url="/whisper">+31600000202</Number></Dial>')
    base = carrier.number.voice_url.removesuffix("/in")
    carrier.telephone("+31600000201").will(answer_after=2, talk=30)
    carrier.telephone("+31600000202").will(answer_after=2, talk=30)
    with served(carrier.rest_app()) as url:
        client = client_at(url)
        caller = carrier.dial(CALLER, pace=50)
        carrier.agenda.until(lambda: len(desk.at("/wait")) > 1, 10)
        (queue,) = client.queues.list()
        (member,) = client.queues(queue.sid).members.list()
        assert (member.call_sid, queue.current_size, member.wait_time > 0) == (caller.sid, 1, True)
        client.queues(queue.sid).members(caller.sid).update(url=f"{base}/join")
        made = client.calls.create(
            to="+31600000201",
            from_=carrier.number.number,
            twiml="<Response><Dial>+31600000202</Dial></Response>",
            status_callback=f"{base}/leg",
            status_callback_event=["initiated", "ringing", "answered", "completed"],
            timeout=25,
            time_limit=3600,
        )
        caller.wait_until_over(limit=1000)
        carrier.settle(20)
        assert {leg.direction for leg in client.calls.list(parent_call_sid=caller.sid)} == {"outbound-dial"}
        assert client.calls(made.sid).fetch().status == "completed"
    assert sorted(form["SequenceNumber"] for form in desk.at("/leg")) == ["0", "1", "2", "3"]
    assert not carrier.alerts


def _never(environ: object, start_response: object) -> list[bytes]:
    threading.Event().wait(0.5)
    return []
