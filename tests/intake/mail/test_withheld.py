"""Mails that a server lists and does not give: they hold up no other, and are told of in the end."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from desk.desk import Desk
from desk.sender import TryAgain
from intake.mail.asking import MOST_TRIES
from intake.mail.inbox import UNDATED, Stated
from intake.mail.ingest import Fetcher
from intake.mail.mailbox import Connection, stated_of
from intake.mail.run import run_mail
from intake.mail.withheld import APART
from tests.fakes import FixedClock
from tests.intake.mail.conftest import Postbox, emptying
from tests.intake.mail.inbox import MemoryInbox, alive, no_step, raws, stored, tickets
from tests.intake.mail.mails import a_mail

LONGEST = 2 * MOST_TRIES + 1
FAULTS = ["broken", "refused", "withheld"]


def scans(desk: Desk, inbox: MemoryInbox, times: int, apart: timedelta = APART) -> None:
    """Each by a process of its own, as `mail --once` does it, a quarter of an hour after the one before."""
    clock = desk.clock
    assert isinstance(clock, FixedClock)
    for _ in range(times):
        clock.advance(apart)
        try:
            Fetcher(desk, no_step).scan(inbox, alive)
        except TryAgain:
            continue


@pytest.mark.parametrize("fault", FAULTS)
def test_one_scan_stores_all_others(sqlite_desk: Desk, fault: str) -> None:
    inbox = MemoryInbox({n: a_mail(n) for n in range(1, 41)})
    getattr(inbox, fault).add(3)
    assert Fetcher(sqlite_desk, no_step).scan(inbox, alive) == 39
    assert inbox.mails.keys() == {3}
    assert sorted(stored(sqlite_desk)) == sorted(a_mail(n) for n in range(1, 41) if n != 3)


@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_told_of_in_the_end_also_when_nothing_else_comes(desk: Desk, fault: str) -> None:
    inbox = MemoryInbox({1: a_mail(1)})
    getattr(inbox, fault).add(1)
    scans(desk, inbox, LONGEST - 1)
    assert stored(desk) == []
    scans(desk, inbox, 1)
    assert not inbox.mails
    with desk.database.reading() as session:
        [lost] = raws(session)
        assert (lost.uid, lost.whole, lost.blob.size) == (1, False, 0)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_that_gives_nothing_for_an_hour_is_no_mails_fault(desk: Desk, fault: str) -> None:
    mails = {n: a_mail(n) for n in range(1, 4)}
    inbox = MemoryInbox(dict(mails))
    getattr(inbox, fault).update(mails)
    scans(desk, inbox, 60, apart=timedelta(minutes=1))
    assert inbox.mails == mails
    getattr(inbox, fault).clear()
    scans(desk, inbox, 1)
    assert sorted(stored(desk)) == sorted(mails.values())


def test_two_mails_of_one_second_and_one_size_that_come_empty_are_two(sqlite_desk: Desk) -> None:
    @dataclass
    class Hollow(MemoryInbox):
        def bodies(self, uids: list[int]) -> dict[int, bytes]:
            return dict.fromkeys(uids, b"")

    inbox = Hollow({1: a_mail(1), 2: a_mail(2)})
    scans(sqlite_desk, inbox, LONGEST)
    with sqlite_desk.database.reading() as session:
        assert len({raw.content_key for raw in raws(session)}) == 2
        assert not any(raw.whole and not raw.blob.size for raw in raws(session))


def test_a_stored_mail_of_which_the_server_tells_nothing_for_once_stays_one(sqlite_desk: Desk) -> None:
    @dataclass
    class Silent(MemoryInbox):
        silent: bool = False

        def stated(self) -> list[Stated]:
            told = super().stated()
            return [replace(told[0], internaldate=UNDATED, size=0), *told[1:]] if self.silent else told

    inbox = Silent({n: a_mail(n, text="y" * 1_500_000) for n in (1, 2)}, unmovable={1, 2})
    for silent in (False, True, False):
        inbox.silent = silent
        scans(sqlite_desk, inbox, 1)
    assert stored(sqlite_desk) == list(inbox.mails.values())


def test_a_long_mail_of_untold_size_is_fetched_whole(sqlite_desk: Desk) -> None:
    long = a_mail(1, text="y" * 2_100_000)
    scans(sqlite_desk, Undated({1: long}), 1)
    assert stored(sqlite_desk) == [long]


def test_several_that_break_the_connection_hold_up_the_others_for_a_few_scans_only(sqlite_desk: Desk) -> None:
    inbox = MemoryInbox({n: a_mail(n) for n in range(1, 61)}, broken=set(range(1, 13)))
    scans(sqlite_desk, inbox, 4)
    assert inbox.mails.keys() == inbox.broken
    scans(sqlite_desk, inbox, 3 * LONGEST)
    assert not inbox.mails


def test_one_that_comes_after_all_is_forgiven(desk: Desk) -> None:
    inbox = MemoryInbox({1: a_mail(1)}, refused={1})
    scans(desk, inbox, MOST_TRIES - 1)
    inbox.refused.clear()
    scans(desk, inbox, 1)
    inbox.mails[2], inbox.refused = a_mail(2), {2}
    scans(desk, inbox, LONGEST - 1)
    assert stored(desk) == [a_mail(1)]


def test_what_somebody_took_away_is_no_mail_that_was_not_given(sqlite_desk: Desk) -> None:
    inbox = MemoryInbox({1: a_mail(1)}, withheld={1})
    for _ in range(LONGEST):
        scans(sqlite_desk, inbox, 1)
        inbox.mails.clear()
        scans(sqlite_desk, inbox, 1)
        inbox.mails[1] = a_mail(1)
    assert stored(sqlite_desk) == []


def test_two_mails_that_nobody_could_fetch_are_two(sqlite_desk: Desk) -> None:
    inbox = MemoryInbox({1: a_mail(1), 2: a_mail(2)}, refused={1, 2})
    scans(sqlite_desk, inbox, LONGEST)
    with sqlite_desk.database.reading() as session:
        assert len({raw.content_key for raw in raws(session)}) == 2


@dataclass
class Falling(MemoryInbox):
    """Lists its mails, breaks off when asked for one, and does not open again."""

    def reopen(self) -> None:
        raise TryAgain("imap: ConnectionRefusedError")


@pytest.mark.parametrize("most_bytes", [50_000_000, 100_000])
@pytest.mark.parametrize("kind", [MemoryInbox, Falling])
def test_an_outage_of_any_length_is_no_mails_fault_and_all_are_fetched_whole_afterwards(
    sqlite_desk: Desk, kind: type[MemoryInbox], most_bytes: int
) -> None:
    settings = sqlite_desk.settings.model_copy(update={"mail_max_bytes": most_bytes})
    desk = replace(sqlite_desk, settings=settings)
    mails = {1: a_mail(1), 2: a_mail(2, text="x" * 200_000)}
    inbox = kind(dict(mails), broken={1, 2}, away=kind is MemoryInbox)
    scans(desk, inbox, 10 * MOST_TRIES)
    assert inbox.mails == mails
    inbox.broken.clear()
    inbox.away = False
    scans(desk, inbox, 1)
    assert sorted(stored(desk)) == sorted(mails.values())


@dataclass
class Undated(MemoryInbox):
    """Cannot tell when the first mail came, nor how long it is."""

    def stated(self) -> list[Stated]:
        return [Stated(m.uid, UNDATED, 0) if m.uid == 1 else m for m in super().stated()]


def test_a_mail_without_date_and_size_is_fetched_as_if_it_came_now(desk: Desk, clock: FixedClock) -> None:
    inbox = Undated({n: a_mail(n) for n in range(1, 4)})
    assert Fetcher(desk, no_step).scan(inbox, alive) == 3
    with desk.database.reading() as session:
        [first] = [raw for raw in raws(session) if raw.uid == 1]
        assert (first.whole, first.arrived_at, first.internaldate) == (True, clock.now(), UNDATED)
    assert a_mail(1) in stored(desk)


@contextmanager
def unreadable(postbox: Postbox, nth: int) -> Iterator[None]:
    """Keep the server from reading one of its own files, also its size, which Dovecot writes into the name."""
    home = postbox.server.folder / "mail" / postbox.user
    file = sorted([*(home / "new").iterdir(), *(home / "cur").iterdir()])[nth]
    (home / "elsewhere").mkdir()
    broken = home / "cur" / (file.name.partition(",S=")[0] + ":2,")
    file.rename(home / "elsewhere" / "kept")
    broken.symlink_to(home / "elsewhere")  # a folder: even root cannot read it as a file
    postbox.server.forget_uids(postbox.user)
    yield


def test_a_mail_that_dovecot_cannot_read_holds_up_no_other_and_is_told_of(
    sqlite_desk: Desk, postbox: Postbox, clock: FixedClock
) -> None:
    postbox.deliver(*(a_mail(n) for n in range(1, 8)))
    with unreadable(postbox, 2), Connection(postbox.settings) as connection:
        fetcher = Fetcher(sqlite_desk, no_step)
        assert fetcher.scan(connection, alive) == 6
        for _ in range(LONGEST):
            clock.advance(APART)
            fetcher.scan(connection, alive)
    assert min(map(len, stored(sqlite_desk))) == 0
    assert len(stored(sqlite_desk)) == 7


def test_once_files_all_but_the_mail_that_is_not_given_and_ends_well(sqlite_desk: Desk, postbox: Postbox) -> None:
    postbox.deliver(*(a_mail(n) for n in range(1, 8)))
    with unreadable(postbox, 2):
        run_mail(emptying(sqlite_desk, postbox), threading.Event(), once=True)
    with sqlite_desk.database.reading() as session:
        assert len(tickets(session)) == 6


@pytest.mark.parametrize(
    ("date", "dated"),
    [
        (datetime(2020, 4, 14, tzinfo=UTC), True),
        (datetime(2020, 4, 14), False),  # noqa: DTZ001  what is tested
        (datetime(1, 1, 1, tzinfo=UTC), False),
        (datetime(9999, 12, 31, tzinfo=UTC), False),
        (None, False),
    ],
)
def test_a_date_that_no_server_can_mean_counts_as_none(date: datetime | None, dated: bool) -> None:  # noqa: FBT001
    assert (stated_of(1, {b"INTERNALDATE": date, b"RFC822.SIZE": 7}).internaldate != UNDATED) is dated
    assert stated_of(1, {b"INTERNALDATE": date, b"RFC822.SIZE": None}).size == 0
