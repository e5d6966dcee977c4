"""What the webhooks did not bring in is found in the carrier's own list, and recorded once; real HTTP."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from pydantic import SecretStr

from demo.carrier import Carrier as Network
from desk import counters
from desk.jobs import Job, JobStatus, enqueue
from desk.last_times import last_time
from desk.sender import TryAgain
from intake.phone.carrier.client import Carrier
from intake.phone.carrier.comparison import MISSED_CALLS, MISSED_RECORDINGS, Found
from intake.phone.carrier.reconcile import AWAY, DAY, DIFFERED, DONE, GRACE, reconcile
from intake.phone.settling import SILENCE
from tests.demo.carrier_desk import ACCOUNT, CALLER, TOKEN, a_carrier, a_desk
from tests.desk.conftest import command_of
from tests.fakes import FixedClock
from tests.intake.phone.carrier.test_recordings import kept, work
from tests.intake.phone.exchange import Exchange, a_call
from tests.intake.phone.line import NUMBER, Line, new_sid, with_settings
from tests.intake.phone.servers import served
from tests.intake.phone.test_races import at_once
from triage.missed import count_open
from triage.values import Outcome

RECORD = '<Record action="/done" trim="do-not-trim" timeout="10"/>'
START = datetime(2020, 4, 14, 8, 0, tzinfo=UTC)
SHORTLY = timedelta(minutes=10)


@pytest.fixture
def network(clock: FixedClock) -> Network:
    """A carrier whose calls were answered elsewhere: a message of a school, and somebody withheld who hung up."""
    network = a_carrier(a_desk(RECORD).says("/done", "<Say>Dank u.</Say>"))
    call = network.dial(CALLER)
    call.wait_until_silent()
    call.say("Belt u mij terug?")
    call.wait_until_silent()
    call.press("#")
    call.wait_until_over()
    network.dial("anonymous").hang_up()
    network.settle()
    clock.advance(SHORTLY)
    return network


@pytest.fixture
def missed(line: Line, network: Network) -> Iterator[Line]:
    """A line of that carrier, whose desk heard nothing of those calls."""
    with served(network.rest_app()) as url:
        account = {"twilio_account_sid": ACCOUNT, "twilio_auth_tokens": (SecretStr(TOKEN),)}
        yield with_settings(line, twilio_api_url=url, **account)


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


@pytest.fixture
def told(line: Line, exchange: Exchange) -> Iterator[Line]:
    """A line whose carrier says what the test has it say."""
    with exchange.running() as url:
        yield with_settings(line, twilio_api_url=url)


def compare(line: Line) -> Found:
    return reconcile(line.desk, Carrier(line.desk.settings), DAY)


def says(exchange: Exchange, *calls: dict[str, object], recordings: tuple[dict[str, object], ...] = ()) -> None:
    exchange.answers = [(200, {"calls": list(calls)}), (200, {"recordings": list(recordings)})]


def a_recording(call_sid: str, **differences: object) -> dict[str, object]:
    made = {"date_created": "Tue, 14 Apr 2020 08:00:20 +0000", "status": "completed", "duration": "7"}
    return {"sid": new_sid("RE"), "call_sid": call_sid} | made | differences


def remembered(line: Line) -> tuple[bool, ...]:
    """Whether it ended well, whether the carrier is away, and whether something was missing."""
    with line.desk.database.reading() as session:
        return tuple(last_time(session, name) is not None for name in (DONE, AWAY, DIFFERED))


def missed_ever(line: Line) -> tuple[int, int]:
    with line.desk.database.reading() as session:
        return counters.count(session, MISSED_CALLS), counters.count(session, MISSED_RECORDINGS)


def test_calls_of_which_nothing_came_in_become_contacts_and_a_message_a_ticket(missed: Line, network: Network) -> None:
    assert compare(missed) == Found(seen=2, calls=2, recordings=1)
    message, gone = missed.contacts()
    assert [message.provider_ref, gone.provider_ref] == list(network.calls)
    assert (message.outcome, gone.outcome) == (Outcome.VOICEMAIL, Outcome.FAILED)
    ended = network.calls[message.provider_ref].ended_at
    assert ended is not None
    assert (message.started_at, message.ended_at) == (START, ended.replace(microsecond=0))
    assert (message.to_tick_off, gone.to_tick_off, gone.from_hash) == (False, True, None)
    assert message.from_hash is not None
    assert len(missed.tickets()) == 1
    assert missed_ever(missed) == (2, 1)
    work(missed)
    assert len(kept(missed)) == 1


def test_looking_again_changes_nothing(missed: Line) -> None:
    compare(missed)
    work(missed)
    before = len(missed.contacts()), len(missed.tickets()), missed_ever(missed)
    assert compare(missed) == Found(seen=2)
    work(missed)
    assert (len(missed.contacts()), len(missed.tickets()), missed_ever(missed)) == before
    assert len(kept(missed)) == 1


def test_webhooks_that_come_after_all_are_the_same_calls(missed: Line, network: Network) -> None:
    compare(missed)
    for call in network.calls.values():
        for path, status in (("/phone/incoming", "ringing"), ("/phone/status", "completed")):
            missed.tell(call.sid, path, From=call.from_, CallStatus=status, AccountSid=ACCOUNT)
    for recording in network.recordings.values():
        facts = {"RecordingSid": recording.sid, "RecordingStatus": "completed", "RecordingDuration": "7"}
        missed.tell(recording.call_sid, "/phone/recording", **facts)
    work(missed)
    assert len(missed.contacts()) == 2
    assert len(missed.tickets()) == 1
    assert len(kept(missed)) == 1
    assert missed.contacts()[0].started_at == START


def test_webhooks_that_come_at_the_same_moment_are_the_same_calls(missed: Line, network: Network) -> None:
    works: list[Callable[[], object]] = [partial(compare, missed)] * 3
    works += [partial(missed.tell, sid, CallStatus="completed") for sid in network.calls]
    at_once(lambda: len([works.pop()()]), len(works))
    assert len(missed.contacts()) == 2
    assert len(missed.tickets()) == 1
    assert missed_ever(missed)[1] == 1


def test_a_call_that_runs_or_ended_just_now_is_left_to_its_webhooks(
    told: Line, exchange: Exchange, clock: FixedClock
) -> None:
    running = a_call(new_sid(), status="in-progress", end_time=None)
    ended = a_call(new_sid())  # forty seconds after eight
    clock.set(START + GRACE)
    says(exchange, running, ended, recordings=(a_recording(str(ended["sid"])),))
    assert compare(told) == Found(seen=2)
    assert told.contacts() == []
    assert remembered(told) == (True, False, False)


def test_a_call_whose_end_was_lost_ends_when_the_carrier_says(
    told: Line, exchange: Exchange, clock: FixedClock
) -> None:
    call = told.dial()
    clock.advance(SHORTLY)
    says(exchange, a_call(call.sid))
    assert compare(told) == Found(seen=1, ended=1)
    contact = told.contact()
    assert (contact.outcome, contact.to_tick_off) == (Outcome.ABANDONED, True)
    assert contact.ended_at == START + timedelta(seconds=40)
    assert missed_ever(told) == (0, 0)
    says(exchange, a_call(call.sid))
    assert compare(told) == Found(seen=1)


def test_a_call_that_was_settled_by_its_silence_hears_its_end_as_well(
    told: Line, exchange: Exchange, clock: FixedClock
) -> None:
    call = told.dial()
    clock.advance(SILENCE + SHORTLY)
    told.desk.database.run(lambda session: enqueue(session, "settle_calls", {}))
    work(told)
    says(exchange, a_call(call.sid))
    assert compare(told) == Found(seen=1, ended=1)
    says(exchange, a_call(call.sid))
    assert compare(told) == Found(seen=1)
    assert told.contact().to_tick_off


def test_a_message_of_a_call_that_began_before_is_taken_with_its_call(
    told: Line, exchange: Exchange, clock: FixedClock
) -> None:
    clock.advance(SHORTLY)
    sid = new_sid()
    says(exchange, recordings=(a_recording(sid),))
    exchange.answers.append((200, a_call(sid)))
    assert compare(told) == Found(recordings=1)
    contact = told.contact()
    assert (contact.provider_ref, contact.started_at, contact.outcome) == (sid, START, Outcome.VOICEMAIL)
    assert contact.from_hash is not None


@pytest.mark.parametrize(
    "differences",
    [
        {"direction": "outbound-api"},
        {"status": "in-progress", "end_time": None},
        {"parent_call_sid": "CA" + "0" * 32, "direction": "outbound-dial"},
    ],
)
def test_a_recording_of_something_else_is_no_message(
    told: Line, exchange: Exchange, clock: FixedClock, differences: dict[str, object]
) -> None:
    clock.advance(SHORTLY)
    sid = new_sid()
    says(exchange, recordings=(a_recording(sid),))
    exchange.answers.append((200, a_call(sid, **differences)))
    assert compare(told) == Found()
    assert told.contacts() == []


@pytest.mark.parametrize("differences", [{"status": "processing"}, {"duration": "0"}, {"status": "absent"}])
def test_a_recording_without_a_message_is_none(
    told: Line, exchange: Exchange, clock: FixedClock, differences: dict[str, object]
) -> None:
    call = told.dial()
    clock.advance(SHORTLY)
    says(exchange, recordings=(a_recording(call.sid, **differences),))
    assert compare(told) == Found()
    assert told.tickets() == []


def test_a_recording_that_the_carrier_could_not_make_is_told_once(
    told: Line, exchange: Exchange, clock: FixedClock
) -> None:
    call = told.dial()
    clock.advance(SHORTLY)
    recording = a_recording(call.sid, status="failed", duration="-1")
    for found in (Found(recordings=1), Found()):
        says(exchange, recordings=(recording,))
        assert compare(told) == found
    assert len(told.tickets()) == 1


def test_what_was_destroyed_is_not_brought_back(told: Line, exchange: Exchange, clock: FixedClock) -> None:
    call = told.dial()
    clock.advance(SHORTLY)
    with told.desk.database.writing() as session:
        session.merge(told.contact()).data_key.destroy(told.desk.clock.real())
    says(exchange, a_call(call.sid), recordings=(a_recording(call.sid),))
    assert compare(told) == Found(seen=1, ended=1)
    assert told.tickets() == []


def test_a_carrier_that_is_away_is_remembered_since_when(told: Line, exchange: Exchange, clock: FixedClock) -> None:
    for _ in range(2):
        exchange.answers = [(503, {})]
        with pytest.raises(TryAgain):
            compare(told)
        clock.advance(SHORTLY)
    with told.desk.database.reading() as session:
        assert last_time(session, AWAY) == START
    says(exchange)
    compare(told)
    assert remembered(told) == (True, False, False)


def test_what_was_found_before_the_carrier_went_away_stays(told: Line, exchange: Exchange, clock: FixedClock) -> None:
    clock.advance(SHORTLY)
    exchange.answers = [(200, {"calls": [a_call(new_sid())]}), (500, {})]
    with pytest.raises(TryAgain):
        compare(told)
    assert len(told.contacts()) == 1
    assert missed_ever(told) == (1, 0)


def test_on_a_schedule_it_waits_for_the_next_quarter_and_by_the_day_until_the_carrier_tells(
    told: Line, exchange: Exchange
) -> None:
    exchange.answers = [(503, {}), (503, {})]
    for kind in ("reconcile_calls", "reconcile_days"):
        told.desk.database.run(partial(enqueue, kind=kind, payload={}))
    work(told)
    with told.desk.database.reading() as session:
        jobs = {job.kind: job.status for job in session.query(Job)}
    assert jobs == {"reconcile_calls": JobStatus.DONE, "reconcile_days": JobStatus.READY}


def test_after_an_outage_it_looks_back_to_when_it_last_succeeded(
    told: Line, exchange: Exchange, clock: FixedClock
) -> None:
    says(exchange)
    compare(told)
    clock.advance(timedelta(days=4))
    says(exchange)
    told.desk.database.run(lambda session: enqueue(session, "reconcile_calls", {}))
    work(told)
    assert exchange.asked[2].query["StartTime>"] == "2020-04-14T07:00:00Z"


def test_a_desk_without_a_telephone_asks_nobody(told: Line, exchange: Exchange) -> None:
    line = with_settings(told, twilio_account_sid="", twilio_auth_tokens=())
    for kind in ("reconcile_calls", "reconcile_days"):
        line.desk.database.run(partial(enqueue, kind=kind, payload={}))
    work(line)
    assert exchange.asked == []


def test_the_command_tells_what_it_did(missed: Line) -> None:
    # The command goes by the true time, long after these calls.
    said = command_of(missed.desk.settings)("phone", "reconcile", "--since", "90m")
    assert said.output == (
        "0 calls at the carrier; recorded now: 0 calls and 0 recordings that were missing; "
        "ended: 0 calls whose end was not told.\n"
    )
    with missed.desk.database.reading() as session:
        assert count_open(session) == 0


@pytest.mark.parametrize("span", ["24", "0h", "24 hours", "-1d", "99999d", "٣d"])
def test_a_length_of_time_that_is_none_is_refused(sqlite_line: Line, span: str) -> None:
    said = command_of(sqlite_line.desk.settings)("phone", "reconcile", "--since", span)
    assert said.exit_code == 2
    assert "as in 90m, 24h or 3d" in said.output


def test_the_command_says_when_the_carrier_is_away(sqlite_line: Line) -> None:
    said = command_of(sqlite_line.desk.settings)("phone", "reconcile")
    assert said.exit_code == 1
    assert said.output.startswith("Error: the carrier is away: ConnectionError;")
    assert NUMBER not in said.output
