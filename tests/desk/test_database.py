"""Transactions: none half done, lost races run again, and a commit that survives a power cut."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from desk import counters
from desk.counters import Counter
from desk.database import BUSY_MS, TRIES, Database, before_commit
from desk.desk import Desk
from desk.documents import Document, current, write
from desk.engine import _use_wal
from desk.patience import Patience
from tests.builders import a_ticket
from triage.models import Ticket

TOGETHER = 4


def _count(desk: Desk, name: str = "tickets") -> int:
    with desk.database.reading() as session:
        return counters.count(session, name)


def test_sqlite_confirms_only_what_survives_a_power_cut(sqlite_desk: Desk) -> None:
    with sqlite_desk.database.writing() as session:
        found = [session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert found == ["wal", 2, 1]


def test_what_is_changed_while_reading_is_thrown_away(desk: Desk) -> None:
    with desk.database.reading() as session:
        counters.add(session, "seen")
    assert _count(desk, "seen") == 0


def test_who_reads_while_reading_takes_no_second_connection(desk: Desk) -> None:
    with desk.database.reading() as outer:
        outer.execute(text("SELECT 1"))
        with desk.database.reading() as inner, desk.database.writing() as own:
            assert inner is outer
            assert own is not outer
    with desk.database.reading() as later:
        assert later is not outer


def test_another_thread_reads_in_a_session_of_its_own(desk: Desk) -> None:
    found: list[Session] = []

    def read() -> None:
        with desk.database.reading() as session:
            found.append(session)

    with desk.database.reading() as here:
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
        assert found[0] is not here


def test_reading_goes_on_after_an_error_while_reading(desk: Desk) -> None:
    with pytest.raises(LookupError), desk.database.reading() as broken:
        raise LookupError
    with desk.database.reading() as session:
        assert session is not broken


def test_an_error_undoes_the_whole_transaction(desk: Desk) -> None:
    with pytest.raises(IntegrityError), desk.database.writing() as session:
        _add_and_break(session)
    assert _count(desk, "seen") == 0


def _add_and_break(session: Session) -> None:
    counters.add(session, "seen")
    session.execute(text("INSERT INTO counter (name) VALUES (NULL)"))


def test_many_who_read_and_then_write_all_get_through(desk: Desk) -> None:
    def add() -> None:
        for _ in range(10):
            desk.database.run(_add_one_by_hand)

    desk.database.run(lambda session: counters.add(session, "seen", 0))
    threads = [threading.Thread(target=add) for _ in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _count(desk, "seen") == 10 * TOGETHER


def _add_one_by_hand(session: Session) -> None:
    counter = session.scalars(select(Counter).where(Counter.name == "seen").with_for_update()).one()
    counter.n += 1


def test_a_lost_race_is_run_again_from_the_start(desk: Desk) -> None:
    tries: list[int] = []

    def make(session: Session) -> int:
        tries.append(1)
        if len(tries) == 1:
            with desk.database.reading() if desk.database.on_sqlite else desk.database.writing() as other:
                other.execute(insert(Counter).values(name="race", n=1)) if not desk.database.on_sqlite else None
            session.execute(insert(Counter).values(name="race", n=2))
            session.execute(insert(Counter).values(name="race", n=3))
        return counters.count(session, "race")

    assert desk.database.run(make) == (0 if desk.database.on_sqlite else 1)
    assert len(tries) == 2


def test_a_race_that_is_never_won_ends(desk: Desk) -> None:
    tries: list[int] = []

    def always(session: Session) -> None:
        tries.append(1)
        session.execute(text("INSERT INTO counter (name) VALUES (NULL)"))

    with pytest.raises(IntegrityError):
        desk.database.run(always)
    assert len(tries) == TRIES


def test_other_errors_are_not_tried_again(desk: Desk) -> None:
    tries: list[int] = []

    def broken(session: Session) -> None:
        tries.append(1)
        session.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(Exception, match="nowhere"):
        desk.database.run(broken)
    assert len(tries) == 1


def test_nothing_is_begun_when_nobody_waits_for_it_any_more(desk: Desk) -> None:
    with pytest.raises(TimeoutError):
        desk.database.run(lambda session: counters.add(session, "seen"), Patience(0))
    assert _count(desk, "seen") == 0


def test_who_waits_shortly_leaves_the_next_one_its_whole_wait(sqlite_desk: Desk) -> None:
    waits: list[object] = []
    for patience in (Patience(0.5), Patience()):
        with sqlite_desk.database.writing(patience) as session:
            waits.append(session.scalar(text("PRAGMA busy_timeout")))
    assert waits == [pytest.approx(500, abs=100), BUSY_MS]


def test_the_last_words_before_a_commit_are_said_once_and_only_when_it_comes(desk: Desk) -> None:
    said: list[str] = []
    with desk.database.writing() as session:
        for _ in range(3):
            before_commit(session, "words", lambda _session: said.append("now"))
        assert said == []
    assert said == ["now"]


def test_two_who_change_a_ticket_do_not_overwrite_each_other(desk: Desk) -> None:
    number = a_ticket(desk)
    changed: list[int] = []

    def change(session: Session) -> None:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        if not changed:
            session.execute(text("UPDATE ticket SET version = version + 1"))
        changed.append(ticket.version)
        ticket.opened_while_closed = True

    desk.database.run(change)
    assert len(changed) == 2


def test_moments_come_back_in_utc_from_any_zone(desk: Desk) -> None:
    summer = timezone(timedelta(hours=2))
    at = datetime(2020, 4, 14, 10, 0, 0, 123456, tzinfo=summer)
    with desk.database.writing() as session:
        session.add(Document(name="x", version=1, body="", written_at=at, written_by="test"))
    with desk.database.reading() as session:
        found = session.scalars(select(Document.written_at).where(Document.name == "x")).one()
    assert found == at
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(desk: Desk) -> None:
    naive = datetime(2020, 4, 14, 10, 0)  # noqa: DTZ001  that is the fault
    with pytest.raises(StatementError, match="time zone"), desk.database.writing() as session:
        session.execute(select(Document).where(Document.written_at > naive))


def test_the_statements_of_a_transaction_share_its_patience(postgres_database: str, sqlite_desk: Desk) -> None:
    database = Database(postgres_database, sqlite_desk.vault, sqlite_desk.clock)

    def slowly(session: Session) -> None:
        for _ in range(4):
            session.execute(text("SELECT pg_sleep(0.6)"))

    with pytest.raises(OperationalError, match="statement timeout"):
        database.run(slowly, Patience(1))
    database.run(lambda session: session.execute(text("SELECT pg_sleep(1.2)")))  # who comes next is not hurried
    database.close()


def test_a_value_that_is_no_choice_does_not_reach_the_database(desk: Desk) -> None:
    number = a_ticket(desk)
    with pytest.raises(StatementError, match="lost"), desk.database.writing() as session:
        session.execute(select(Ticket).where(Ticket.number == number, Ticket.status == "lost"))


def test_a_database_that_is_away_is_an_error_not_an_empty_one(sqlite_desk: Desk) -> None:
    sqlite_desk.database.close()
    url = sqlite_desk.database.url.removeprefix("sqlite:///")
    with pytest.raises(OperationalError):
        type(sqlite_desk.database)(f"sqlite:///{url}/no/such", sqlite_desk.vault, sqlite_desk.clock).engine.connect()


def test_documents_keep_their_versions(desk: Desk) -> None:
    with desk.database.writing() as session:
        version, body = current(session, "texts")
        assert write(session, "texts", "nieuw", "user:iris") == version + 1
    with desk.database.reading() as session:
        assert current(session, "texts") == (2, "nieuw")
        old = session.scalars(select(Document.body).where(Document.name == "texts", Document.version == 1)).one()
        assert old == body
        with pytest.raises(LookupError, match="meldpunt migrate"):
            current(session, "nothing")


def test_counts_are_kept_with_what_they_count(desk: Desk) -> None:
    before = _count(desk)
    a_ticket(desk)
    assert _count(desk) == before + 1


class Refusing:
    """A connection that refuses every statement, and counts them."""

    def __init__(self, name: str) -> None:
        self.asked, self._name = 0, name

    def execute(self, _statement: str) -> None:
        self.asked += 1
        error = sqlite3.OperationalError("refused")
        error.sqlite_errorname = self._name
        raise error


def test_a_database_file_that_is_away_is_not_waited_for_while_a_caller_is_on_the_line() -> None:
    away = Refusing("SQLITE_CANTOPEN")
    with pytest.raises(sqlite3.OperationalError):
        _use_wal(away)
    assert away.asked == 1
