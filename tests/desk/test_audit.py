"""The audit log: a chain that shows every change and gap, written with what it tells of."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import metadata, seeds
from desk.audit import Act, AuditLine, audit, verify
from desk.desk import Desk
from desk.migrate import migrate
from tests.builders import a_ticket
from tests.desk.conftest import Command
from tests.fakes import FixedClock

SEEN = Act("user:00000000-0000-4000-8000-000000000001", "read", "ticket:48217735", origin="web")


def _write(desk: Desk, count: int = 1) -> None:
    for _ in range(count):
        with desk.database.writing() as session:
            audit(session, SEEN)


def _broken_at(desk: Desk) -> int | None:
    with desk.database.reading() as session:
        return verify(session).broken_at


def _tamper(desk: Desk, *statements: str) -> None:
    """Change the log as somebody would who owns the database and takes the triggers away first."""
    with desk.database.writing() as session:
        drop = (
            ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"]
            if desk.database.on_sqlite
            else ["DROP TRIGGER audit_no_change ON audit"]
        )
        for command in (*drop, *statements):
            session.execute(text(command))


def test_an_untouched_chain_is_whole(desk: Desk) -> None:
    a_ticket(desk)
    _write(desk, 5)
    with desk.database.reading() as session:
        report = verify(session)
        lines = session.scalar(select(func.count()).select_from(AuditLine))
    assert (report.broken_at, report.lines) == (None, lines)


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'desk'",
        "action = 'wrote'",
        "object = 'ticket:00000000'",
        "result = 'no'",
        "origin = 'x'",
        "mac = zeros",
    ],
)
def test_a_changed_line_is_found(desk: Desk, change: str) -> None:
    _write(desk, 5)
    zeros = "zeroblob(32)" if desk.database.on_sqlite else "decode(repeat('00', 32), 'hex')"
    _tamper(desk, f"UPDATE audit SET {change.replace('zeros', zeros)} WHERE n = 4")
    assert _broken_at(desk) == 4


def test_a_changed_time_is_found(desk: Desk, clock: FixedClock) -> None:
    _write(desk, 3)
    clock.advance(timedelta(hours=1))
    _write(desk)
    _tamper(desk, "UPDATE audit SET at = (SELECT max(at) FROM audit) WHERE n = 3")
    assert _broken_at(desk) == 3


def test_a_line_that_was_taken_out_is_found(desk: Desk) -> None:
    _write(desk, 5)
    _tamper(desk, "DELETE FROM audit WHERE n = 3")
    assert _broken_at(desk) == 4


def test_a_cut_end_is_found(desk: Desk) -> None:
    _write(desk, 5)
    _tamper(desk, "DELETE FROM audit WHERE n >= 5")
    assert _broken_at(desk) == 5


REWRITE_HEAD = "UPDATE audit_head SET n = {n}, mac = (SELECT mac FROM audit WHERE n = {n})"


def test_a_cut_end_is_found_when_the_head_was_rewritten_too(desk: Desk) -> None:
    _write(desk, 5)
    _tamper(desk, "DELETE FROM audit WHERE n >= 5", REWRITE_HEAD.format(n=4))
    assert _broken_at(desk) == 5


def test_the_next_line_does_not_make_a_cut_log_whole_again(desk: Desk, clock: FixedClock) -> None:
    _write(desk, 5)
    _tamper(desk, "DELETE FROM audit WHERE n >= 5", REWRITE_HEAD.format(n=4))
    clock.advance(timedelta(hours=1))
    _write(desk, 3)
    assert _broken_at(desk) is not None


def test_a_log_without_its_head_is_broken_and_migrating_makes_no_other(desk: Desk) -> None:
    _write(desk)
    _tamper(desk, "DELETE FROM audit", "DELETE FROM audit_head")
    assert _broken_at(desk) == 1
    migrate(desk.database, metadata(), seeds())
    assert _broken_at(desk) == 1


def test_a_line_put_in_at_the_end_is_found(desk: Desk) -> None:
    _write(desk, 3)
    with desk.database.reading() as session:
        n = (session.scalar(select(func.max(AuditLine.n))) or 0) + 1
    _tamper(
        desk,
        "INSERT INTO audit (n, at, actor, action, object, result, origin, mac) "
        f"SELECT {n}, at, actor, action, object, result, origin, mac FROM audit WHERE n = 3",
    )
    assert _broken_at(desk) == n


def test_an_emptied_log_is_found(desk: Desk) -> None:
    _write(desk)
    _tamper(desk, "DELETE FROM audit")
    assert _broken_at(desk) == 1


def test_a_change_that_is_rolled_back_leaves_no_line(desk: Desk) -> None:
    _write(desk)
    with pytest.raises(IntegrityError), desk.database.writing() as session:
        _read_and_break(session)
    assert _broken_at(desk) is None
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).where(AuditLine.action == "read")) == 1


def _read_and_break(session: Session) -> None:
    audit(session, SEEN)
    session.execute(text("INSERT INTO counter (name) VALUES (NULL)"))


def test_lines_of_one_transaction_stand_in_the_order_in_which_they_were_told(desk: Desk) -> None:
    with desk.database.writing() as session:
        for action in ("search", "read", "claim"):
            audit(session, Act("desk", action, "ticket:48217735"))
    with desk.database.reading() as session:
        last = session.scalars(select(AuditLine.action).order_by(AuditLine.n.desc()).limit(3))
        assert list(last) == ["claim", "read", "search"]


def test_many_writers_make_one_chain(desk: Desk) -> None:
    writers = [threading.Thread(target=_write, args=(desk, 10)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert _broken_at(desk) is None
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).where(AuditLine.action == "read")) == 40


def test_the_command_says_that_the_log_is_whole(desk: Desk, command: Command) -> None:
    _write(desk, 3)
    said = command("audit", "verify")
    assert said.exit_code == 0
    assert "whole; head " in said.output


def test_the_command_names_the_first_broken_line(desk: Desk, command: Command) -> None:
    _write(desk, 6)
    _tamper(desk, "UPDATE audit SET result = 'no' WHERE n IN (4, 6)")
    said = command("audit", "verify")
    assert said.exit_code == 1
    assert "broken at line 4" in said.output
