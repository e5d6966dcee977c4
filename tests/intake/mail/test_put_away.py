"""Out of the inbox: whatever does not move stops no other, and is not copied again and again."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pydantic import SecretStr

from desk.desk import Desk
from desk.mailbox_settings import Mailbox
from desk.sender import TryAgain
from intake.mail.ingest import Fetcher
from intake.mail.mailbox import Connection
from tests.intake.mail.conftest import Postbox
from tests.intake.mail.inbox import MemoryInbox, alive, no_step, stored
from tests.intake.mail.mails import a_mail


def scan(desk: Desk, inbox: MemoryInbox, times: int = 1) -> None:
    """Each by a process of its own."""
    for _ in range(times):
        Fetcher(desk, no_step).scan(inbox, alive)


@pytest.fixture
def old_server(postbox: Postbox, request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A connection to a server that can only do what is told."""
    with Connection(postbox.settings) as connection:
        connection._client._cached_capabilities = (b"IMAP4REV1", *request.param)  # noqa: SLF001  Dovecot can do more
        yield connection


@pytest.mark.parametrize("old_server", [[b"UIDPLUS"]], indirect=True)
def test_a_server_without_move_is_served_by_copies(sqlite_desk: Desk, postbox: Postbox, old_server: Connection) -> None:
    postbox.deliver(a_mail(1), a_mail(2))
    Fetcher(sqlite_desk, no_step).scan(old_server, alive)
    assert (postbox.count(), postbox.count("Processed")) == (0, 2)


@pytest.mark.parametrize("old_server", [[]], indirect=True)
def test_a_server_that_can_neither_move_nor_remove_is_told_of_once(
    sqlite_desk: Desk, postbox: Postbox, old_server: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    postbox.deliver(a_mail(1), a_mail(2))
    for _ in range(3):
        Fetcher(sqlite_desk, no_step).scan(old_server, alive)
    assert (postbox.count(), len(stored(sqlite_desk))) == (2, 2)
    assert [record.levelno for record in caplog.records if "UIDPLUS" in record.message] == [logging.WARNING]


def test_one_that_does_not_move_keeps_no_other_in_the_inbox(sqlite_desk: Desk) -> None:
    inbox = MemoryInbox({n: a_mail(n) for n in range(1, 131)}, unmovable={7, 90})
    scan(sqlite_desk, inbox)
    assert inbox.mails.keys() == {7, 90}
    assert len(stored(sqlite_desk)) == 130


@dataclass
class Breaking(MemoryInbox):
    """Breaks the connection instead of answering NO."""

    def _leaves(self, uids: list[int], staying: set[int]) -> None:
        if staying & set(uids):
            raise TryAgain("imap: abort")
        super()._leaves(uids, staying)


def test_one_that_breaks_the_connection_when_moved_stops_nothing(sqlite_desk: Desk) -> None:
    inbox = Breaking({n: a_mail(n) for n in range(1, 41)}, unmovable={7})
    scan(sqlite_desk, inbox, 3)
    assert inbox.mails.keys() == {7}


def test_a_mailbox_that_is_full_is_not_asked_about_every_mail(sqlite_desk: Desk) -> None:
    inbox = MemoryInbox({n: a_mail(n) for n in range(1, 601)}, unmovable=set(range(1, 601)))
    scan(sqlite_desk, inbox)
    before = inbox.commands
    scan(sqlite_desk, inbox)
    assert inbox.commands - before < 60


def test_a_server_that_moves_nothing_still_gives_new_mail_and_each_is_stored_once(desk: Desk) -> None:
    inbox = MemoryInbox({1: a_mail(1)}, unmovable={1})
    fetcher = Fetcher(desk, no_step)
    for n in range(2, 5):
        assert fetcher.scan(inbox, alive) == 1
        inbox.mails[n] = a_mail(n)
        inbox.unmovable.add(n)
    assert fetcher.scan(inbox, alive) == 1
    assert fetcher.scan(inbox, alive) == 0
    assert stored(desk) == [a_mail(n) for n in range(1, 5)]
    assert inbox.fetched == dict.fromkeys(range(1, 5), 1)
    inbox.unmovable.clear()
    fetcher.scan(inbox, alive)
    assert not inbox.mails


def test_a_server_that_removes_nothing_gets_one_copy_of_each(desk: Desk) -> None:
    inbox = MemoryInbox({1: a_mail(1), 2: a_mail(2), 3: a_mail(3)}, copies=True, irremovable={1}, unmovable={3})
    scan(desk, inbox, 4)
    assert sorted(inbox.copied) == [1, 2]
    assert inbox.mails.keys() == {1, 3}
    inbox.irremovable.clear()
    inbox.unmovable.clear()
    scan(desk, inbox)
    assert not inbox.mails
    assert sorted(inbox.copied) == [1, 2, 3]


def test_other_mail_under_a_uid_of_before_is_copied_too(sqlite_desk: Desk) -> None:
    inbox = MemoryInbox({1: a_mail(1)}, copies=True)
    scan(sqlite_desk, inbox)
    inbox.mails = {1: a_mail(2, text="Een ander bericht, na het terugzetten van een reservekopie.")}
    scan(sqlite_desk, inbox)
    assert inbox.copied == [1, 1]


def test_without_a_folder_for_processed_mail_mail_is_fetched_and_stays(
    sqlite_desk: Desk, postbox: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    postbox.deliver(a_mail(1), a_mail(2))
    (postbox.server.folder / "mail" / postbox.user / ".A.B").write_text("in the way")
    with Connection(Mailbox(url=SecretStr(postbox.server.url(postbox.user)), processed="A.B")) as connection:
        assert Fetcher(sqlite_desk, no_step).scan(connection, alive) == 2
    assert (postbox.count(), len(stored(sqlite_desk))) == (2, 2)
    assert "the folder for processed mail cannot be made: mail stays" in caplog.messages
