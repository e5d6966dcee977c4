"""The mail process: waits without missing anything, stops in order, and two of them stay out of each other's way."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from desk.desk import Desk
from desk.log import FIELDS
from desk.mailbox_settings import Mailbox
from desk.sender import TryAgain
from intake.mail.faults import LoginRefused
from intake.mail.lease import Lease
from intake.mail.login import identity
from intake.mail.mailbox import Connection
from intake.mail.run import run_mail
from tests.fakes import FixedClock
from tests.intake.mail.conftest import Postbox, emptying
from tests.intake.mail.inbox import fetch, tickets
from tests.intake.mail.mails import a_mail
from tests.servers.ports import free_port
from tests.waiting import until


def count(desk: Desk) -> int:
    with desk.database.reading() as session:
        return len(tickets(session))


@contextmanager
def running(desk: Desk) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=run_mail, args=(desk, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def test_once_empties_the_mailbox_and_ends(desk: Desk, postbox: Postbox) -> None:
    postbox.deliver(*(a_mail(n) for n in range(25)))
    run_mail(emptying(desk, postbox), threading.Event(), once=True)
    assert (count(desk), postbox.count()) == (25, 0)


def test_a_mail_that_arrives_while_idle_is_a_ticket_at_once(desk: Desk, postbox: Postbox) -> None:
    with running(emptying(desk, postbox, mail_poll_seconds=300.0)):
        postbox.deliver(a_mail(1))
        until(lambda: count(desk) == 1, 20, "the first ticket")
        postbox.deliver(a_mail(2), a_mail(3))
        until(lambda: count(desk) == 3, 20, "the next tickets")


def test_a_server_that_cannot_idle_is_asked_again_and_again(sqlite_desk: Desk, postbox: Postbox) -> None:
    beats: list[int] = []
    with Connection(postbox.settings) as connection:
        connection._client._cached_capabilities = (b"IMAP4REV1",)  # noqa: SLF001  Dovecot can
        connection.select()
        started = time.monotonic()
        connection.wait(0.3, threading.Event(), lambda: beats.append(1))
        assert 0.3 <= time.monotonic() - started < 5
    assert beats


def test_waiting_ends_when_it_is_told_to(postbox: Postbox) -> None:
    stop = threading.Event()
    with Connection(postbox.settings) as connection:
        connection.select()
        started = time.monotonic()
        connection.wait(60, stop, stop.set)
        assert time.monotonic() - started < 10


def test_a_refused_login_is_told_and_what_was_fetched_before_is_still_filed(
    sqlite_desk: Desk, postbox: Postbox
) -> None:
    fetch(sqlite_desk, a_mail())
    wrong = postbox.server.url(postbox.user).replace("invented-password", "wrong")
    with pytest.raises(LoginRefused):
        run_mail(emptying(sqlite_desk, postbox, imap_url=SecretStr(wrong)), threading.Event(), once=True)
    assert count(sqlite_desk) == 1


def test_a_server_that_is_away_is_told(sqlite_desk: Desk, postbox: Postbox) -> None:
    away = SecretStr(f"imap://desk:x@127.0.0.1:{free_port()}/INBOX")
    with pytest.raises(TryAgain):
        run_mail(emptying(sqlite_desk, postbox, imap_url=away), threading.Event(), once=True)


def test_a_server_that_is_away_does_not_end_the_process(sqlite_desk: Desk, postbox: Postbox) -> None:
    away = SecretStr(f"imap://desk:x@127.0.0.1:{free_port()}/INBOX")
    with running(emptying(sqlite_desk, postbox, imap_url=away)):
        fetch(sqlite_desk, a_mail())
        until(lambda: count(sqlite_desk) == 1, 20, "a ticket")


@pytest.mark.parametrize("server", ["away", "turns away"])
def test_the_log_tells_which_mailbox_is_away_and_why(
    sqlite_desk: Desk, postbox: Postbox, caplog: pytest.LogCaptureFixture, server: str
) -> None:
    url = postbox.server.url(postbox.user).replace("invented-password", "wrong")
    box = Mailbox(name="zorg2", url=SecretStr(f"imap://desk:x@127.0.0.1:{free_port()}/" if server == "away" else url))
    with running(emptying(sqlite_desk, postbox, imap_url=None, mailbox=(box,))):
        until(lambda: "the mailbox is away" in caplog.messages, 20, "a line in the log")
    [line, *_] = [vars(record) for record in caplog.records if record.msg == "the mailbox is away"]
    said = {name: line[name] for name in ("mailbox", "fault", "reason")}
    why = ("TryAgain", "ConnectionRefusedError") if server == "away" else ("LoginRefused", "LoginError")
    assert said == {"mailbox": "zorg2", "fault": why[0], "reason": why[1]}
    assert all(FIELDS[name].fullmatch(value) for name, value in said.items())


def test_a_mailbox_that_cannot_even_be_named_does_not_end_the_process(sqlite_desk: Desk, postbox: Postbox) -> None:
    unnamed = Mailbox.model_construct(url=SecretStr("imap://desk:x@127.0.0.1:99999/INBOX"))
    with pytest.raises(ValueError, match="Port"):
        identity(unnamed)
    postbox.deliver(a_mail())
    with running(emptying(sqlite_desk, postbox, mailbox=(unnamed,))):
        until(lambda: count(sqlite_desk) == 1, 20, "a ticket from the other mailbox")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_when_a_fetching_thread_ends_the_process_ends_with_a_fault(sqlite_desk: Desk, postbox: Postbox) -> None:
    def ends(name: str) -> None:
        if name == "fetched":
            raise KeyboardInterrupt

    postbox.deliver(a_mail())
    with pytest.raises(RuntimeError, match="fetches mail has ended"):
        run_mail(emptying(sqlite_desk, postbox), threading.Event(), step=ends)
    assert postbox.count() == 1


def test_one_process_at_a_time_empties_a_mailbox(desk: Desk, clock: FixedClock) -> None:
    length = timedelta(seconds=30)
    first, second = Lease(desk.database, "desk@x:143/INBOX", length), Lease(desk.database, "desk@x:143/INBOX", length)
    assert first.held()
    assert not second.held()
    first.release()
    assert second.held()
    clock.advance(length + timedelta(seconds=1))
    third = Lease(desk.database, "desk@x:143/INBOX", length)
    assert third.held()


def test_a_second_process_leaves_the_mailbox_alone_but_files_what_is_there(sqlite_desk: Desk, postbox: Postbox) -> None:
    postbox.deliver(a_mail(1))
    fetch(sqlite_desk, a_mail(2))
    other = Lease(sqlite_desk.database, identity(postbox.settings))
    assert other.held()
    run_mail(emptying(sqlite_desk, postbox), threading.Event(), once=True)
    assert (count(sqlite_desk), postbox.count()) == (1, 1)


def test_two_mailboxes_are_emptied_and_a_mail_in_both_is_one_ticket(sqlite_desk: Desk, postbox: Postbox) -> None:
    other = replace(postbox, user=f"{postbox.user}b")
    postbox.deliver(a_mail(1), a_mail(2))
    other.deliver(a_mail(1), a_mail(3))
    both = emptying(sqlite_desk, postbox, mailbox=(other.settings,))
    run_mail(both, threading.Event(), once=True)
    assert (count(sqlite_desk), postbox.count(), other.count()) == (3, 0, 0)
