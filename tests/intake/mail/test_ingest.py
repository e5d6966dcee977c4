"""From the mailbox to the raw store: nothing lost, nothing twice, whatever the server does."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from desk.desk import Desk
from desk.sender import TryAgain
from intake.mail.faults import Refused
from intake.mail.inbox import Stated
from intake.mail.ingest import Fetcher
from intake.mail.mailbox import Connection
from tests.intake.mail.conftest import Postbox
from tests.intake.mail.inbox import MemoryInbox, alive, no_step, raws, stored
from tests.intake.mail.mails import a_mail


def scan(desk: Desk, postbox: Postbox) -> int:
    with Connection(postbox.settings) as connection:
        return Fetcher(desk, no_step).scan(connection, lambda: None)


def test_every_mail_is_stored_byte_for_byte_and_then_moved(desk: Desk, postbox: Postbox) -> None:
    mails = [a_mail(n) for n in range(120)]
    postbox.deliver(*mails)
    assert scan(desk, postbox) == 120
    assert stored(desk) == mails
    assert (postbox.count(), postbox.count("Processed")) == (0, 120)
    assert scan(desk, postbox) == 0


def test_a_mail_that_somebody_opened_before_is_taken_in_and_none_is_marked_as_read(
    sqlite_desk: Desk, postbox: Postbox
) -> None:
    postbox.deliver(a_mail(1), a_mail(2))
    with postbox.server.client(postbox.user) as client:
        client.select_folder("INBOX")
        client.add_flags([1], [b"\\Seen"])
    assert scan(sqlite_desk, postbox) == 2
    with postbox.server.client(postbox.user) as client:
        client.select_folder("Processed", readonly=True)
        flags = client.get_flags(client.search("ALL"))
    assert sorted(b"\\Seen" in found for found in flags.values()) == [False, True]


def test_what_is_stored_already_is_not_fetched_again_but_moved(desk: Desk) -> None:
    inbox = MemoryInbox({1: a_mail(1), 2: a_mail(2)})
    fetcher = Fetcher(desk, no_step)
    left = dict(inbox.mails)
    fetcher.scan(inbox, alive)
    inbox.mails = left
    assert fetcher.scan(inbox, alive) == 0
    assert (inbox.fetched[1], inbox.moved) == (1, [1, 2, 1, 2])
    assert len(stored(desk)) == 2


def test_two_mails_without_a_byte_of_the_same_second_are_two(sqlite_desk: Desk) -> None:
    inbox = MemoryInbox({1: b"", 2: b""})
    Fetcher(sqlite_desk, no_step).scan(inbox, alive)
    with sqlite_desk.database.reading() as session:
        assert len({raw.content_key for raw in raws(session)}) == 2


def test_few_bytes_are_stored_in_one_transaction_and_much_of_them_alone(sqlite_desk: Desk) -> None:
    inbox = MemoryInbox(dict.fromkeys(range(1, 6), b"y" * 1900000) | {6: b"y" * 9_000_000})
    commits: list[int] = []

    def step(name: str) -> None:
        if name == "after raw commit":
            commits.append(len(stored(sqlite_desk)))

    assert Fetcher(sqlite_desk, step).scan(inbox, alive) == 6
    assert commits == [2, 4, 5, 6]


def test_other_mail_under_a_uid_that_was_used_before_is_fetched(desk: Desk) -> None:
    inbox = MemoryInbox({1: a_mail(1)})
    fetcher = Fetcher(desk, no_step)
    fetcher.scan(inbox, alive)
    inbox.mails = {1: a_mail(2, text="Een ander bericht, na het terugzetten van een reservekopie.")}
    assert fetcher.scan(inbox, alive) == 1
    assert len(stored(desk)) == 2


def test_new_uids_make_new_deliveries_and_lose_nothing(sqlite_desk: Desk, postbox: Postbox) -> None:
    postbox.deliver(a_mail(1), a_mail(2), a_mail(3))
    with Immovable(postbox.settings) as connection:
        Fetcher(sqlite_desk, no_step).scan(connection, alive)
    postbox.server.forget_uids(postbox.user)
    assert scan(sqlite_desk, postbox) == 3
    with sqlite_desk.database.reading() as session:
        assert len({raw.content_key for raw in raws(session)}) == 3
        assert len({raw.uidvalidity for raw in raws(session)}) == 2


class Immovable(Connection):
    """As if the worker died each time before it moved anything."""

    def move(self, uids: list[int]) -> None:
        pass


def test_a_mail_that_vanishes_between_two_questions_is_passed_over(sqlite_desk: Desk) -> None:
    assert Fetcher(sqlite_desk, no_step).scan(Vanishing({1: a_mail(1), 2: a_mail(2)}), alive) == 1


class Vanishing(MemoryInbox):
    """Somebody moves the first mail away as soon as it was listed."""

    def stated(self) -> list[Stated]:
        listed = super().stated()
        del self.mails[1]
        return listed


def test_when_the_database_is_away_mail_stays_where_it_is(sqlite_desk: Desk, postbox: Postbox) -> None:
    postbox.deliver(a_mail(1))

    def no_database(name: str) -> None:
        if name == "before raw commit":
            raise OSError("invented: the disk is full")

    with Connection(postbox.settings) as connection, pytest.raises(OSError, match="disk is full"):
        Fetcher(sqlite_desk, no_database).scan(connection, alive)
    assert postbox.count() == 1
    assert stored(sqlite_desk) == []
    assert scan(sqlite_desk, postbox) == 1


def test_a_mail_that_is_too_big_gives_its_start_and_is_moved(sqlite_desk: Desk, postbox: Postbox) -> None:
    big = a_mail(1) + (b"y" * 76 + b"\r\n") * 30_000
    postbox.deliver(a_mail(2), big, a_mail(3))
    small = replace(sqlite_desk, settings=sqlite_desk.settings.model_copy(update={"mail_max_bytes": 2_000_000}))
    assert scan(small, postbox) == 3
    with small.database.reading() as session:
        sizes = {raw.size: (raw.whole, raw.blob.size) for raw in raws(session)}
    assert sizes[len(big)] == (False, 1024 * 1024)
    assert postbox.count() == 0


def test_two_fetchers_at_once_store_each_mail_once(desk: Desk, postbox: Postbox) -> None:
    postbox.deliver(*(a_mail(n) for n in range(60)))
    meet = threading.Barrier(2, timeout=20)
    faults: list[BaseException] = []

    def together(name: str) -> None:
        if name == "fetched":
            meet.wait()

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as fault:  # noqa: BLE001  a thread's fault would be lost
            faults.append(fault)
            meet.abort()

    def empty() -> None:
        with Connection(postbox.settings) as connection:
            Fetcher(desk, together).scan(connection, alive)

    threads = [threading.Thread(target=run, args=(empty,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    # Dovecot refuses to move what the other moved a moment ago; the next scan finds what is left.
    assert [fault for fault in faults if not isinstance(fault, threading.BrokenBarrierError | Refused)] == []
    scan(desk, postbox)
    assert sorted(stored(desk)) == sorted(a_mail(n) for n in range(60))
    assert postbox.count() == 0


def test_a_connection_that_is_cut_in_the_middle_of_a_mail_loses_nothing(sqlite_desk: Desk, postbox: Postbox) -> None:
    from pydantic import SecretStr

    from desk.mailbox_settings import Mailbox
    from tests.servers.cutter import cutting

    mails = [a_mail(n, text="x" * 60_000) for n in range(5)]
    postbox.deliver(*mails)
    with cutting(postbox.server.port, after=150_000) as port:
        url = postbox.server.url(postbox.user).replace(str(postbox.server.port), str(port))
        with Connection(Mailbox(url=SecretStr(url))) as connection, pytest.raises(TryAgain):
            Fetcher(sqlite_desk, no_step).scan(connection, alive)
    assert stored(sqlite_desk) == []
    assert scan(sqlite_desk, postbox) == 5
    assert sorted(stored(sqlite_desk)) == sorted(mails)
