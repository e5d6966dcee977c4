"""First turns that share a transaction: all safe, or each told to take the long way."""

from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError

from desk.documents import write
from desk.patience import Patience
from intake.phone.conversation import Begun, Conversation
from intake.phone.events import read_event
from intake.phone.opening import MOST_AT_ONCE, Openings, WrittenMeanwhile
from intake.phone.texts.prompts import SEED
from tests.intake.phone.line import Line, new_sid
from tests.waiting import until


def begun(line: Line, sid: str) -> Begun:
    """The first turn of a call, not inserted yet."""
    database = line.desk.database
    conversation = Conversation(frozenset())
    with database.reading() as session:
        conversation.library.in_force(session)
    made = conversation.begin(read_event(list(line.form(sid).items())), database.vault, database.clock)
    assert made is not None
    return made


def together(openings: Openings, calls: list[Begun]) -> list[BaseException | None]:
    """Insert calls that all came while a transaction was being written; what became of each."""
    with ThreadPoolExecutor(len(calls)) as threads:
        with openings._pen:  # noqa: SLF001  somebody else is writing
            futures: list[Future[None]] = [threads.submit(openings.insert, each.call, each.newest) for each in calls]
            until(lambda: len(openings._waiting) == len(calls))  # noqa: SLF001
        return [future.exception() for future in futures]


def test_calls_that_come_together_are_all_there(line: Line) -> None:
    sids = {new_sid() for _ in range(5)}
    assert together(Openings(line.desk.database), [begun(line, sid) for sid in sids]) == [None] * 5
    assert {contact.provider_ref for contact in line.contacts()} == sids
    assert {call.turn for call in line.calls()} == {1}


def test_a_call_that_was_known_sends_all_of_them_the_long_way_and_leaves_nothing(line: Line) -> None:
    known, fresh = new_sid(), new_sid()
    line.tell(known, "/phone/incoming")
    faults = together(Openings(line.desk.database), [begun(line, known), begun(line, fresh)])
    assert [type(fault) for fault in faults] == [IntegrityError] * 2
    assert line.contact().provider_ref == known


def test_a_text_that_was_changed_meanwhile_is_not_answered_by_its_old_version(line: Line) -> None:
    call = begun(line, new_sid())
    with line.desk.database.writing() as session:
        write(session, "prompts", SEED.read_text("utf-8"), "test")
    with pytest.raises(WrittenMeanwhile):
        Openings(line.desk.database).insert(call.call, call.newest)
    assert line.contacts() == []


def test_nobody_waits_after_a_fault(sqlite_line: Line) -> None:
    openings = Openings(sqlite_line.desk.database)
    call = begun(sqlite_line, new_sid())
    openings.insert(call.call, call.newest)
    with pytest.raises(IntegrityError):
        openings.insert(call.call, call.newest)
    other = begun(sqlite_line, new_sid())
    openings.insert(other.call, other.newest)
    assert len(sqlite_line.contacts()) == 2


def test_who_comes_when_a_transaction_is_full_is_not_answered_before_being_stored(sqlite_line: Line) -> None:
    openings = Openings(sqlite_line.desk.database)
    before = [begun(sqlite_line, new_sid()) for _ in range(MOST_AT_ONCE)]
    last = begun(sqlite_line, new_sid())
    with ThreadPoolExecutor(MOST_AT_ONCE) as threads:
        openings._pen.acquire()  # noqa: SLF001  somebody else is writing
        for each in before:
            threads.submit(openings.insert, each.call, each.newest)
        until(lambda: len(openings._waiting) == MOST_AT_ONCE)  # noqa: SLF001
        openings._pen.release()  # noqa: SLF001
        openings.insert(last.call, last.newest)
        stored = {contact.provider_ref for contact in sqlite_line.contacts()}
    assert last.call.contact.provider_ref in stored


def test_who_cannot_wait_any_longer_is_not_stored_afterwards(sqlite_line: Line) -> None:
    openings = Openings(sqlite_line.desk.database)
    gone, other = begun(sqlite_line, new_sid()), begun(sqlite_line, new_sid())
    with openings._pen, pytest.raises(TimeoutError):  # noqa: SLF001  somebody else is writing
        openings.insert(gone.call, gone.newest, Patience(0.05))
    openings.insert(other.call, other.newest)
    assert sqlite_line.contact().provider_ref == other.call.contact.provider_ref
