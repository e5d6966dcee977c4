"""Halving: everything that can be done is done, in few commands, and a mailbox that is away is not asked for ever."""

from itertools import count

import pytest

from desk.sender import TryAgain
from intake.mail.faults import Refused
from intake.mail.halving import MOST_ALONE, MOST_BREAKS, batches, undone


class Server:
    """Refuses some UIDs, or breaks off."""

    def __init__(self, *bad: int, fault: Exception) -> None:
        self.bad, self.fault = set(bad), fault
        self.done: list[int] = []
        self.commands, self.opened = 0, 0

    def act(self, uids: list[int]) -> None:
        self.commands += 1
        if self.bad & set(uids):
            raise self.fault
        self.done += uids

    def reopen(self) -> None:
        self.opened += 1


@pytest.mark.parametrize("fault", [Refused(), TryAgain("imap: abort")])
def test_all_but_the_bad_ones_are_done_in_order_and_few_commands(fault: Exception) -> None:
    server = Server(3, 499, fault=fault)
    assert undone(server.act, batches(range(1, 1001)), server.reopen) == [3, 499]
    assert server.done == [uid for uid in range(1, 1001) if uid not in {3, 499}]
    assert server.commands < 50
    assert (server.opened > 0) is isinstance(fault, TryAgain)


def test_where_nothing_can_be_done_few_are_asked_about_alone() -> None:
    server = Server(*range(1, 5001), fault=Refused())
    assert sorted(undone(server.act, batches(range(1, 5001)), server.reopen)) == list(range(1, 5001))
    assert server.commands < 4 * MOST_ALONE


def test_a_server_that_breaks_off_every_time_is_away() -> None:
    server = Server(*range(1, 5001), fault=TryAgain("imap: abort"))
    with pytest.raises(TryAgain):
        undone(server.act, batches(range(1, 5001), 1), server.reopen)
    assert server.opened == MOST_BREAKS


def test_a_mailbox_that_does_not_open_again_is_away() -> None:
    tries = count()

    def reopen() -> None:
        next(tries)
        raise TryAgain("imap: ConnectionRefusedError")

    with pytest.raises(TryAgain, match="Refused"):
        undone(Server(1, fault=TryAgain("imap: abort")).act, batches(range(1, 10)), reopen)
    assert next(tries) == 1
