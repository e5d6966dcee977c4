"""Recordings over the carrier's REST face, asked for with a real client as well as by hand."""

import io
import wave
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from demo.carrier import Carrier
from demo.carrier.faults import Media
from tests.demo.carrier_desk import ACCOUNT, CALLER, TOKEN, TUESDAY, SmallDesk, a_carrier, a_desk
from tests.demo.carrier_rest import client_at, served

RECORD = '<Record action="/done" trim="do-not-trim" timeout="10"/>'


@pytest.fixture
def desk() -> SmallDesk:
    return a_desk(RECORD).says("/done", "<Say>Dank u.</Say>")


@pytest.fixture
def carrier(desk: SmallDesk) -> Carrier:
    return a_carrier(desk)


@pytest.fixture
def url(carrier: Carrier) -> Iterator[str]:
    with served(carrier.rest_app()) as url:
        yield url


@pytest.fixture
def client(url: str) -> Client:
    return client_at(url)


def _a_message(carrier: Carrier) -> str:
    """The sid of a new recording, completed."""
    call = carrier.dial(CALLER)
    call.wait_until_silent()
    call.say("Met Hanna Papier van De Verzonnen Vos. Belt u mij terug?")
    call.wait_until_silent()
    call.press("#")
    carrier.settle()
    return list(carrier.recordings)[-1]


def _media(url: str, sid: str, suffix: str = ".wav", token: str = TOKEN, **asked: str) -> requests.Response:
    address = f"{url}/2010-04-01/Accounts/{ACCOUNT}/Recordings/{sid}{suffix}"
    return requests.get(address, auth=(ACCOUNT, token), timeout=8, params=asked)


def test_a_real_client_pages_through_all_recordings_newest_first(carrier: Carrier, client: Client) -> None:
    sids = [_a_message(carrier) for _ in range(7)]
    assert [row.sid for row in client.recordings.list(page_size=2)] == sids[::-1]
    assert [row.sid for row in client.recordings.stream(page_size=3, limit=5)] == sids[:1:-1]
    assert [row.sid for row in client.recordings.list(page_size=7)] == sids[::-1]
    page = client.recordings.page(page_size=4)
    assert [row.sid for row in page] == sids[:2:-1]
    assert [row.sid for row in page.next_page()] == sids[2::-1]


def test_recordings_are_found_by_call_and_by_when_they_were_made(carrier: Carrier, client: Client) -> None:
    first = _a_message(carrier)
    carrier.agenda.let_pass(timedelta(days=1).total_seconds())
    second = _a_message(carrier)
    found = client.recordings.list
    assert [row.sid for row in found(call_sid=carrier.recordings[first].call_sid)] == [first]
    assert [row.sid for row in client.calls(carrier.recordings[second].call_sid).recordings.list()] == [second]
    assert [row.sid for row in found(date_created_after=TUESDAY + timedelta(hours=12))] == [second]
    assert [row.sid for row in found(date_created_before=TUESDAY + timedelta(hours=12))] == [first]
    assert [row.sid for row in found(date_created=date(2020, 4, 15))] == [second]
    assert found(date_created_after=TUESDAY, date_created_before=TUESDAY) == []


def test_a_deleted_recording_is_known_of_but_its_sound_is_gone(carrier: Carrier, client: Client, url: str) -> None:
    kept, gone = _a_message(carrier), _a_message(carrier)
    assert client.recordings(gone).delete()
    assert [row.sid for row in client.recordings.list()] == [kept]
    assert [row.status for row in client.recordings.list(include_soft_deleted=True)] == ["deleted", "completed"]
    assert client.recordings(gone).fetch(include_soft_deleted=True).status == "deleted"
    assert {_media(url, gone, suffix).status_code for suffix in ("", ".wav", ".mp3")} == {404}
    for again in (client.recordings(gone).fetch, client.recordings(gone).delete):
        with pytest.raises(TwilioRestException) as raised:
            again()
        assert (raised.value.status, raised.value.code) == (404, 20404)


def test_the_sound_comes_as_wav_unless_asked_otherwise_and_lasts_as_long(carrier: Carrier, url: str) -> None:
    sid = _a_message(carrier)
    wav, bare, mp3 = (_media(url, sid, suffix) for suffix in (".wav", "", ".mp3"))
    assert wav.content == bare.content
    assert [one.headers["Content-Type"] for one in (wav, bare, mp3)] == ["audio/x-wav", "audio/x-wav", "audio/mpeg"]
    seconds = int(carrier.recordings[sid].duration)
    with wave.open(io.BytesIO(wav.content)) as file:
        assert round(file.getnframes() / file.getframerate()) == seconds
    assert round(len(mp3.content) / 4000) == seconds
    assert mp3.content[:2] == b"\xff\xf3"


def test_nobody_hears_the_sound_without_the_token_nor_in_more_channels_than_it_has(carrier: Carrier, url: str) -> None:
    sid = _a_message(carrier)
    refused = _media(url, sid, token="verkeerd")
    assert (refused.status_code, refused.json()["code"]) == (401, 20003)
    assert requests.get(refused.url, timeout=8).status_code == 401
    assert _media(url, sid, RequestedChannels="2").status_code == 400
    assert _media(url, sid, RequestedChannels="1").status_code == 200


def test_the_sound_may_be_missing_refused_or_too_short_and_then_be_whole(carrier: Carrier, url: str) -> None:
    sid = _a_message(carrier)
    carrier.faults.media_missing, carrier.faults.media = 1, [Media.UNAUTHORIZED, Media.SHORT]
    missing, refused, short, whole = (_media(url, sid) for _ in range(4))
    assert [one.status_code for one in (missing, refused, short, whole)] == [404, 401, 200, 200]
    assert len(short.content) * 2 == len(whole.content)
    assert short.headers["Content-Length"] == str(len(short.content))


def test_the_sound_may_break_off_half_way(carrier: Carrier, url: str) -> None:
    sid = _a_message(carrier)
    carrier.faults.media = [Media.CUT]
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        _media(url, sid)
    assert _media(url, sid).status_code == 200


def test_deleting_may_fail_and_then_the_sound_is_still_there(carrier: Carrier, client: Client, url: str) -> None:
    sid = _a_message(carrier)
    carrier.faults.delete_fails = 1
    with pytest.raises(TwilioRestException) as raised:
        client.recordings(sid).delete()
    assert (raised.value.status, raised.value.code) == (500, 20500)
    assert _media(url, sid).status_code == 200
    assert client.recordings(sid).delete()


@pytest.mark.parametrize(("status", "code"), [(401, 20003), (404, 20404), (429, 20429), (500, 20500), (503, 20500)])
def test_errors_come_in_the_carriers_shape(carrier: Carrier, client: Client, status: int, code: int) -> None:
    sid = _a_message(carrier)
    carrier.faults.rest = [status, status]
    with pytest.raises(TwilioRestException) as raised:
        client.recordings(sid).fetch()
    assert (raised.value.status, raised.value.code) == (status, code)
    with pytest.raises(TwilioException):  # a list that fails is no TwilioRestException in this library
        client.recordings.list()
    assert client.recordings(sid).fetch().sid == sid


def test_a_share_of_requests_may_fail_the_same_ones_each_time(carrier: Carrier, url: str) -> None:
    carrier.faults.rest_broken = 0.5
    statuses = [_media(url, "RE0").status_code for _ in range(20)]
    assert set(statuses) == {404, 429, 503}
    other = a_carrier(a_desk(RECORD))
    other.faults.rest_broken = 0.5
    assert [other.faults.rest_status() or 404 for _ in range(20)] == statuses


def test_a_slow_answer_leaves_whoever_gave_up_in_doubt(carrier: Carrier, url: str) -> None:
    sid = _a_message(carrier)
    carrier.faults.rest_slow = [0.5]
    with pytest.raises(requests.exceptions.ReadTimeout):
        client_at(url, timeout=0.1).recordings(sid).delete()
    assert carrier.recordings[sid].deleted
