"""Callers who ring while the database is kept by somebody else: answered while the carrier still waits."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from sqlalchemy import create_engine, text

from intake.phone.away.recorder import ANSWERED_WITHIN
from intake.phone.away.replay import Replay
from intake.phone.texts.prompts import fault_text
from tests.intake.phone.line import Line, new_sid
from tests.intake.phone.test_faults import say
from triage.values import Outcome

IN_TIME = ANSWERED_WITHIN + 1.5  # seconds; this machine may be busy itself
BUSY_SPELL = 2.5  # seconds; longer than SQLite waits by itself


@contextmanager
def kept_by_another(line: Line) -> Iterator[Callable[[], None]]:
    """The database, while another process writes; what is given lets go of it."""
    if line.desk.database.on_sqlite:
        path = line.desk.database.url.removeprefix("sqlite:///")
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        yield other.rollback
        other.close()
        return
    engine = create_engine(line.desk.database.url)
    with engine.connect() as connection:
        connection.execute(text("LOCK TABLE contact IN ACCESS EXCLUSIVE MODE"))
        yield connection.rollback
    engine.dispose()


def timed(work: Callable[[], int]) -> tuple[int, bool]:
    """What came back, and whether it came in time."""
    start = time.monotonic()
    return work(), time.monotonic() - start < IN_TIME


def test_whoever_rings_meanwhile_is_told_in_time_and_recorded_afterwards(line: Line) -> None:
    call = line.dial()
    call.ask_for_a_call()
    action = str(call.action)
    other = new_sid()
    webhooks: list[Callable[[], int]] = [
        lambda: line.tell(other, "/phone/incoming", CallStatus="ringing").status_code,
        lambda: line.tell(call.sid, action, Digits="0600000142").status_code,
        lambda: line.tell(call.sid, CallStatus="completed").status_code,
    ]
    with kept_by_another(line), ThreadPoolExecutor(6) as threads:
        assert list(threads.map(timed, webhooks * 2)) == [(200, True)] * 6
    assert line.contact().outcome is Outcome.IN_PROGRESS
    Replay(line.desk)()
    mine, theirs = sorted(line.contacts(), key=lambda contact: contact.provider_ref == other)
    assert (mine.outcome, mine.told, mine.to_tick_off) == (Outcome.FAILED, "T1 T2 T4 T6 T11", True)
    assert (theirs.outcome, theirs.told) == (Outcome.IN_PROGRESS, "T11")


def test_what_is_said_then_is_where_help_is(sqlite_line: Line) -> None:
    with kept_by_another(sqlite_line):
        assert say(sqlite_line.tell(new_sid(), "/phone/incoming").data) == [fault_text()]


def test_a_new_caller_outwaits_a_busy_spell(sqlite_line: Line) -> None:
    sqlite_line.dial()
    with kept_by_another(sqlite_line) as let_go:
        timer = threading.Timer(BUSY_SPELL, let_go)
        timer.start()
        call = sqlite_line.dial()
        timer.join()
    assert call.verbs == ["Gather"]
    assert len(sqlite_line.contacts()) == 2
