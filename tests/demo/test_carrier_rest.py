import pytest

from demo.carrier import Call, Carrier, Faults
from tests.demo.carrier_desk import ACCOUNT, CALLER, Rest, SmallDesk, a_carrier, a_desk

RECORD = '<Record action="/done" trim="do-not-trim" timeout="10"/>'


@pytest.fixture
def desk() -> SmallDesk:
    return a_desk(RECORD).says("/done", "<Say>Dank u.</Say>").says("/elsewhere", "<Say>Elders.</Say>")


@pytest.fixture
def carrier(desk: SmallDesk) -> Carrier:
    return a_carrier(desk)


@pytest.fixture
def rest(carrier: Carrier) -> Rest:
    return Rest(carrier)


def _a_message(carrier: Carrier) -> Call:
    call = carrier.dial(CALLER)
    call.wait_until_silent()
    call.say("Belt u mij terug?")
    call.wait_until_silent()
    call.press("#")
    return call


def test_wrong_credentials_are_refused_in_the_carriers_words(rest: Rest) -> None:
    answer = rest("/Calls.json", token="verkeerd")
    assert (answer.status_code, answer.json["code"], answer.json["status"]) == (401, 20003, 401)  # type: ignore[index]
    assert rest("/Recordings/RE1.wav", token="verkeerd").status_code == 401


def test_no_credentials_are_refused(carrier: Carrier) -> None:
    answer = carrier.rest_app().test_client().get(f"/2010-04-01/Accounts/{ACCOUNT}.json")
    assert (answer.status_code, answer.json["message"]) == (401, "Authenticate")  # type: ignore[index]


@pytest.mark.parametrize(
    "path", ["/Calls/CA1.json", "/Recordings/RE1.json", "/Recordings/RE1.wav", "/Conferences.json"]
)
def test_what_is_not_there_is_404_in_the_carriers_words(rest: Rest, path: str) -> None:
    answer = rest(path)
    assert (answer.status_code, answer.json["code"]) == (404, 20404)  # type: ignore[index]
    assert "docs/errors/20404" in answer.json["more_info"]  # type: ignore[index]


def test_the_account_can_be_asked_for(rest: Rest) -> None:
    assert rest(".json").json["sid"] == ACCOUNT  # type: ignore[index]


def test_a_call_tells_how_it_went(carrier: Carrier, rest: Rest) -> None:
    call = carrier.dial(CALLER)
    running = rest(f"/Calls/{call.sid}.json").get_json()
    assert (running["status"], running["end_time"], running["duration"]) == ("in-progress", None, None)
    call.advance(3)
    call.hang_up()
    over = rest(f"/Calls/{call.sid}.json").get_json()
    assert (over["status"], over["duration"], over["from"], over["direction"]) == ("completed", "3", CALLER, "inbound")
    assert over["start_time"] == "Tue, 14 Apr 2020 08:00:00 +0000"


def test_calls_are_listed_newest_first_in_pages_and_by_time(carrier: Carrier, rest: Rest) -> None:
    calls = []
    for _ in range(5):
        calls.append(carrier.dial(CALLER))
        calls[-1].hang_up()
        calls[-1].advance(60)
    first = rest("/Calls.json?PageSize=2").get_json()
    assert [row["sid"] for row in first["calls"]] == [calls[4].sid, calls[3].sid]
    second = rest(first["next_page_uri"].removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}")).get_json()
    assert [row["sid"] for row in second["calls"]] == [calls[2].sid, calls[1].sid]
    since = rest("/Calls.json?StartTime%3E=2020-04-14T08:02:30Z").get_json()
    assert len(since["calls"]) == 2
    assert rest("/Calls.json?StartTime%3C=2020-04-13").get_json()["calls"] == []
    assert rest("/Calls.json?StartTime=2020-04-14&Status=completed").get_json()["next_page_uri"] is None
    assert rest("/Calls.json?StartTime=gisteren").status_code == 400


def test_a_running_call_can_be_ended_and_a_finished_one_cannot(carrier: Carrier, rest: Rest, desk: SmallDesk) -> None:
    call = carrier.dial(CALLER)
    assert rest(f"/Calls/{call.sid}.json", "POST", Status="completed").get_json()["status"] == "completed"
    assert len(desk.at("/status")) == 1
    again = rest(f"/Calls/{call.sid}.json", "POST", Status="completed")
    assert (again.status_code, again.get_json()["code"]) == (400, 21220)


def test_a_running_call_can_be_sent_elsewhere(carrier: Carrier, rest: Rest) -> None:
    call = carrier.dial(CALLER)
    rest(f"/Calls/{call.sid}.json", "POST", Url="https://desk.example.nl/elsewhere")
    call.wait_until_over()
    assert call.heard == ["Elders."]
    other = carrier.dial(CALLER)
    rest(f"/Calls/{other.sid}.json", "POST", Twiml="<Response><Say>Hier.</Say></Response>")
    other.wait_until_over()
    assert other.heard == ["Hier."]
    third = carrier.dial(CALLER)
    assert rest(f"/Calls/{third.sid}.json", "POST", Twiml="<Response><Fout/></Response>").get_json()["code"] == 12200


def test_a_recording_is_there_a_moment_after_the_action_and_gone_after_deleting(carrier: Carrier, rest: Rest) -> None:
    call = _a_message(carrier)
    (sid,) = carrier.recordings
    assert rest(f"/Recordings/{sid}.json").get_json()["status"] == "processing"
    assert rest(f"/Recordings/{sid}.wav").status_code == 404
    carrier.settle()
    sound = rest(f"/Recordings/{sid}.wav")
    assert (sound.status_code, sound.content_type, sound.data[:4]) == (200, "audio/x-wav", b"RIFF")
    (row,) = rest(f"/Calls/{call.sid}/Recordings.json").get_json()["recordings"]
    assert (row["sid"], row["call_sid"], row["status"]) == (sid, call.sid, "completed")
    assert rest(f"/Recordings/{sid}.json", "DELETE").status_code == 204
    assert rest(f"/Recordings/{sid}.wav").status_code == 404
    assert rest("/Recordings.json").get_json()["recordings"] == []
    kept = rest("/Recordings.json?IncludeSoftDeleted=true").get_json()["recordings"]
    assert [one["status"] for one in kept] == ["deleted"]


def test_the_sound_may_be_missing_for_a_moment(carrier: Carrier, rest: Rest) -> None:
    _a_message(carrier)
    carrier.settle()
    (sid,) = carrier.recordings
    carrier.faults.media_missing = 2
    assert [rest(f"/Recordings/{sid}.wav").status_code for _ in range(3)] == [404, 404, 200]


def test_the_carrier_may_be_busy_or_broken(desk: SmallDesk) -> None:
    rest = Rest(a_carrier(desk, faults=Faults(rest=[429, 503])))
    busy, broken, fine = rest("/Calls.json"), rest("/Calls.json"), rest("/Calls.json")
    assert (busy.status_code, busy.get_json()["code"]) == (429, 20429)
    assert (broken.status_code, broken.get_json()["code"]) == (503, 20500)
    assert fine.status_code == 200


def test_the_numbers_addresses_can_be_read_and_changed(carrier: Carrier, rest: Rest, desk: SmallDesk) -> None:
    (row,) = rest("/IncomingPhoneNumbers.json?PhoneNumber=%2B31100000000").get_json()["incoming_phone_numbers"]
    assert row["voice_url"] == "https://desk.example.nl/in"
    assert rest("/IncomingPhoneNumbers.json?PhoneNumber=999").get_json()["incoming_phone_numbers"] == []
    new = rest(f"/IncomingPhoneNumbers/{row['sid']}.json", "POST", VoiceUrl="https://desk.example.nl/elsewhere")
    assert new.get_json()["voice_url"].endswith("/elsewhere")
    assert rest(f"/IncomingPhoneNumbers/{row['sid']}.json", "POST", VoiceMethod="PUT").status_code == 400
    assert rest("/IncomingPhoneNumbers/PN1.json").status_code == 404
    carrier.dial(CALLER)
    assert len(desk.at("/elsewhere")) == 1
