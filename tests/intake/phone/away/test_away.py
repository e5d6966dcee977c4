"""A database that is really taken away for five minutes of calls, on both engines, and given back: nothing lost."""

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from demo.carrier import Call, Carrier, WsgiTransport
from desk.database import Database
from desk.desk import Desk
from desk.jobs import ClaimedJob
from intake.phone.away.outage import IN_A_ROW, PAUSE
from intake.phone.away.replay import Replay
from intake.phone.away.spool import spool_of
from intake.phone.settling import SILENCE, settler
from intake.phone.texts.prompts import fault_text
from tests.fakes import FixedClock
from tests.intake.phone.line import Line, a_line, new_sid
from tests.intake.phone.test_faults import say
from tests.servers.wire import wired
from tests.waiting import until
from triage.values import Outcome

BUSY_MS = 20
AWAY_SECONDS = 300
BETWEEN_CALLS = 6.0  # seconds
CARRIER_WAITS = 4.5  # seconds for an answer
SUNDAY = datetime(2020, 4, 19, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Taken:
    """A desk whose database can be taken away and given back."""

    desk: Desk
    take: Callable[[], None]
    give_back: Callable[[], None]


@pytest.fixture
def taken(desk: Desk) -> Iterator[Taken]:
    """SQLite is kept by another connection; the wire to PostgreSQL is cut."""
    make = _kept_sqlite if desk.database.on_sqlite else _wired_postgres
    with make(desk) as ready:
        yield ready
        ready.desk.database.close()


@contextmanager
def _kept_sqlite(desk: Desk) -> Iterator[Taken]:
    url = desk.database.url
    hasty = replace(desk, database=Database(url, desk.vault, desk.clock, busy_ms=BUSY_MS))
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    yield Taken(hasty, lambda: _begin(other), other.rollback)
    other.close()


def _begin(other: sqlite3.Connection) -> None:
    other.execute("BEGIN EXCLUSIVE")


@contextmanager
def _wired_postgres(desk: Desk) -> Iterator[Taken]:
    with wired(desk.database.url) as wire:
        yield Taken(replace(desk, database=Database(wire.url, desk.vault, desk.clock)), wire.cut, wire.mend)


def a_carrier(line: Line) -> Carrier:
    settings, clock = line.desk.settings, line.desk.clock
    return Carrier(
        settings.twilio_account_sid,
        settings.twilio_auth_tokens[0].get_secret_value(),
        voice_url=f"{settings.public_url}/phone/incoming#rc=2&rp=all&rt=6000",
        status_url=f"{settings.public_url}/phone/status#rc=5&rp=all",
        transport=WsgiTransport(line.app),
        clock=clock,
    )


def keep_calling(carrier: Carrier, seconds: float, chance: random.Random) -> dict[str, datetime]:
    """A caller every few seconds, each doing something else; when each of them rang, by call."""
    rang, calls = dict[str, datetime](), list[Call]()
    for _ in range(int(seconds / BETWEEN_CALLS)):
        call = carrier.dial(f"+316000007{chance.randrange(100):02d}")
        rang[call.sid] = carrier.clock.now()
        calls.append(call)
        call.advance(BETWEEN_CALLS)
        for other in calls[-4:]:
            _do_something(other, chance)
    return rang


def _do_something(call: Call, chance: random.Random) -> None:
    if call.finished:
        return
    match chance.randrange(4):
        case 0:
            call.hang_up()
        case 1:
            call.press("0")
        case 2:
            call.press("0600000142#")
        case _:
            """Listens, or thinks."""


def settle_silent(desk: Desk, clock: FixedClock) -> None:
    clock.advance(SILENCE + timedelta(minutes=1))
    settler(desk)(ClaimedJob(uuid4(), "settle_calls", {}, "test", 1))


def test_every_call_of_five_minutes_without_a_database_is_one_contact(taken: Taken, clock: FixedClock) -> None:
    line, chance = a_line(taken.desk), random.Random(3)
    carrier = a_carrier(line)
    before = keep_calling(carrier, 60, chance)
    taken.take()
    meanwhile = keep_calling(carrier, AWAY_SECONDS, chance)
    taken.give_back()
    assert len(spool_of(taken.desk).waiting()) > len(meanwhile)
    Replay(taken.desk)()
    afterwards = keep_calling(carrier, 60, chance)
    carrier.settle()
    Replay(taken.desk)()
    settle_silent(taken.desk, clock)
    contacts = line.contacts()
    assert {contact.provider_ref: contact.started_at for contact in contacts} == before | meanwhile | afterwards
    assert len(contacts) == len(carrier.calls) == 70
    assert not [contact for contact in contacts if contact.outcome is Outcome.IN_PROGRESS or not contact.told]
    assert {contact.told for contact in contacts if contact.provider_ref in meanwhile} == {"T11"}
    assert carrier.alerts == []
    assert spool_of(taken.desk).aside() == []


def test_once_it_is_back_callers_are_greeted_again(taken: Taken) -> None:
    line = a_line(taken.desk)
    line.dial()
    taken.take()
    for _ in range(3):
        assert line.dial().said == [fault_text()]
    taken.give_back()
    until(lambda: line.dial().verbs == ["Gather"], seconds=PAUSE + 5, what="a greeting")


def test_a_closed_desk_says_when_it_opens_though_the_process_began_without_a_database(
    taken: Taken, clock: FixedClock
) -> None:
    a_line(taken.desk).dial()
    clock.set(SUNDAY)
    taken.take()
    assert "Wij zijn er weer morgen vanaf negen uur." in a_line(taken.desk).dial().told


def test_fifty_callers_at_once_are_all_answered_in_time(taken: Taken) -> None:
    line = a_line(taken.desk)
    sids = [new_sid() for _ in range(50)]

    def dial(sid: str) -> tuple[list[str | None], bool]:
        start = time.monotonic()
        answer = line.tell(sid, "/phone/incoming", CallStatus="ringing")
        return say(answer.data), time.monotonic() - start < CARRIER_WAITS

    taken.take()
    sids += [line.dial().sid for _ in range(IN_A_ROW)]  # who learn that it is away
    with ThreadPoolExecutor(50) as threads:
        assert list(threads.map(dial, sids[:50])) == [([fault_text()], True)] * 50
    taken.give_back()
    Replay(taken.desk)()
    assert Counter(contact.provider_ref for contact in line.contacts()) == Counter(sids)
