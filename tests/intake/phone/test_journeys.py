"""Whole calls through the carrier stand-in, which refuses whatever the real one would refuse."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from demo.carrier import Call, Carrier, Faults, WsgiTransport
from desk.blobs import content_of
from desk.worker import Worker
from intake import phone
from intake.phone.carrier.wav import seconds_of
from tests.fakes import FixedClock
from tests.intake.phone.line import TOKEN, Line, with_settings
from tests.intake.phone.servers import served
from triage.models import Attachment
from triage.values import Outcome

SUNDAY = datetime(2020, 4, 19, 10, 0, tzinfo=UTC)
KNOWN = "+31600000142"


def a_carrier(line: Line, faults: Faults | None = None) -> Carrier:
    settings = line.desk.settings
    clock = line.desk.clock
    assert isinstance(clock, FixedClock)
    return Carrier(
        settings.twilio_account_sid,
        TOKEN,
        voice_url=f"{settings.public_url}/phone/incoming#rt=6000&rc=2&rp=all",
        status_url=f"{settings.public_url}/phone/status#rc=5&rp=all",
        transport=WsgiTransport(line.app),
        clock=clock,
        faults=faults,
    )


@pytest.fixture
def carrier(sqlite_line: Line) -> Iterator[Carrier]:
    """A network that rings the desk; nothing of what the desk says may alarm it."""
    network = a_carrier(sqlite_line)
    yield network
    assert network.alerts == []


def dial(carrier: Carrier, from_: str = KNOWN) -> Call:
    call = carrier.dial(from_)
    call.wait_until_silent()
    return call


def do(call: Call, *keys: str) -> None:
    for pressed in keys:
        call.press(pressed)
        call.wait_until_silent()


def one_outcome(line: Line) -> tuple[Outcome, bool]:
    contact = line.contact()
    return contact.outcome, contact.to_tick_off


def test_a_caller_hears_within_eight_seconds_what_to_do_in_danger(carrier: Carrier) -> None:
    call = carrier.dial(KNOWN)
    call.advance(8)
    assert call.heard[0].endswith("bel één, één, twee.")
    call.hang_up()
    carrier.settle()


def test_a_call_becomes_a_call_back_ticket(carrier: Carrier, sqlite_line: Line) -> None:
    sqlite_line.busy()
    call = dial(carrier)
    do(call, "0", "9", "0600000777#", "1")
    call.wait_until_over()
    carrier.settle()
    assert call.heard[-1].startswith("Wij bellen u terug, uiterlijk vandaag om vijf uur.")
    assert one_outcome(sqlite_line) == (Outcome.CALLBACK, False)
    assert len(sqlite_line.tickets()) == len(sqlite_line.callbacks()) == 1


def test_a_message_is_spoken_fetched_and_kept(sqlite_line: Line) -> None:
    network = a_carrier(sqlite_line, Faults(media_missing=1))
    with served(network.rest_app()) as url:
        line = with_settings(sqlite_line, twilio_api_url=url)
        call = dial(network, "anonymous")
        do(call, "0")
        call.say("Met Hanna Papier van De Verzonnen Vos, zero zes, vier keer nul, nul één vier twee.")
        call.wait_until_silent()
        call.press("#")
        call.wait_until_over()
        network.settle()
        worker = Worker(line.desk.database, phone.handlers(line.desk), schedule=lambda: None)
        worker.drain()
        network.clock.advance(timedelta(seconds=10))  # type: ignore[attr-defined]
        worker.drain()
    assert one_outcome(line) == (Outcome.VOICEMAIL, False)
    with line.desk.database.reading() as session:
        (kept,) = session.scalars(select(Attachment))
        assert seconds_of(content_of(session, kept.blob)) > 3
    assert network.alerts == []


def test_silence_leads_to_voicemail_and_never_cuts_anybody_off(carrier: Carrier, sqlite_line: Line) -> None:
    call = dial(carrier)
    call.advance(6)
    assert call.heard[-1].startswith("Wij kunnen nu niet opnemen.")
    call.wait_until_over()
    carrier.settle()
    assert one_outcome(sqlite_line) == (Outcome.VOICEMAIL, False)  # ten seconds of something: a person must listen


def test_a_key_during_the_prompt_is_taken(carrier: Carrier) -> None:
    call = carrier.dial(KNOWN)
    call.advance(2)
    call.press("1")
    call.wait_until_silent()
    assert call.heard[-1] == "Toets uw nummer van acht cijfers in."
    call.hang_up()
    carrier.settle()


def test_a_hash_sign_before_any_digit_is_no_number(carrier: Carrier, clock: FixedClock) -> None:
    clock.set(SUNDAY)
    call = dial(carrier)
    do(call, "1", "#")
    assert call.heard[-1].startswith("Op welk nummer")
    call.hang_up()
    carrier.settle()


def test_a_hash_sign_in_the_menu_is_a_wrong_key(carrier: Carrier) -> None:
    call = dial(carrier)
    do(call, "#")
    assert call.heard[-1].startswith("Een medewerker spreken?")
    call.hang_up()
    carrier.settle()


def test_a_hash_sign_while_the_closed_text_is_spoken_does_not_end_the_call(carrier: Carrier, clock: FixedClock) -> None:
    clock.set(SUNDAY)
    call = carrier.dial(KNOWN)
    call.advance(3)
    do(call, "#")
    assert not call.finished
    assert [heard.startswith("Meldpunt kwetsbare kinderen.") for heard in call.heard] == [True, False, True]
    call.hang_up()
    carrier.settle()


def test_after_hours_who_only_listens_is_listed(carrier: Carrier, sqlite_line: Line, clock: FixedClock) -> None:
    clock.set(SUNDAY)
    call = dial(carrier)
    call.wait_until_over()
    carrier.settle()
    assert one_outcome(sqlite_line) == (Outcome.TOLD_CLOSED, True)
    assert sqlite_line.contact().told == "T8"


def test_after_hours_a_caller_asks_for_a_call_back(carrier: Carrier, sqlite_line: Line, clock: FixedClock) -> None:
    clock.set(SUNDAY)
    call = dial(carrier)
    do(call, "1", "0600000142#", "1")
    call.wait_until_over()
    carrier.settle()
    assert one_outcome(sqlite_line) == (Outcome.CALLBACK, False)


@pytest.mark.parametrize("seconds", [0, 1, 4, 9, 13, 15, 18, 25, 40, 55])
@pytest.mark.parametrize("open_now", [True, False])
def test_hanging_up_at_any_moment_leaves_one_contact_with_an_outcome(
    carrier: Carrier,
    sqlite_line: Line,
    clock: FixedClock,
    seconds: int,
    open_now: bool,  # noqa: FBT001
) -> None:
    if not open_now:
        clock.set(SUNDAY)
    call = carrier.dial(KNOWN)
    call.advance(seconds)
    call.hang_up()
    carrier.settle()
    contact = sqlite_line.contact()
    assert contact.outcome in {Outcome.ABANDONED, Outcome.TOLD_CLOSED, Outcome.VOICEMAIL}
    assert (contact.ticket_id is None) is contact.to_tick_off


@pytest.mark.parametrize("seed", range(6))
def test_random_callers_on_a_bad_network_end_as_one_contact_each(sqlite_line: Line, seed: int) -> None:
    chance = random.Random(seed)
    faults = Faults(duplicate=0.2, delay=30, drop=0.02, chance=random.Random(seed))
    network = a_carrier(sqlite_line, faults)
    calls = [_somebody(network, chance) for _ in range(10)]
    network.settle()
    _settle_what_was_lost(sqlite_line)
    contacts = {contact.provider_ref: contact for contact in sqlite_line.contacts()}
    assert set(contacts) == {call.sid for call in calls}
    assert len(sqlite_line.contacts()) == len(calls)
    for contact in contacts.values():
        assert contact.outcome is not Outcome.IN_PROGRESS
        assert (contact.ticket_id is None) is contact.to_tick_off
    assert network.alerts == []


def _somebody(network: Carrier, chance: random.Random) -> Call:
    call = network.dial(chance.choice([KNOWN, "anonymous", "+31600000777", "sip:balie@school.example"]))
    for _ in range(chance.randrange(7)):
        call.advance(chance.uniform(0, 20))
        match chance.randrange(4):
            case 0:
                call.press(chance.choice("0123456789#*"))
            case 1:
                call.press("0600000142#")
            case 2:
                call.say("Wilt u mij terugbellen?")
            case _:
                pass  # waits
    if chance.random() < 0.7:
        call.hang_up()
    else:
        call.wait_until_over()
    return call


def _settle_what_was_lost(line: Line) -> None:
    line.desk.clock.advance(timedelta(minutes=20))  # type: ignore[attr-defined]
    handle = phone.handlers(line.desk)["settle_calls"]
    handle(None)  # type: ignore[arg-type]
