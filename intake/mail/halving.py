"""One command for many mails; for fewer and fewer when the server cannot do it, so that one stops no other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from desk.sender import TryAgain
from intake.mail.faults import Refused

T = TypeVar("T")
MOST_UIDS = 500  # in one command: some servers refuse long lines
MOST_ALONE = 20  # a mailbox whose quota is used up refuses every one
MOST_BREAKS = 60  # to find one mail among 500 takes ten fresh connections


def batches(mails: Iterable[T], most: int = MOST_UIDS) -> Iterator[list[T]]:
    """Mails or their UIDs in order, so many in each."""
    every = list(mails)
    return (every[at : at + most] for at in range(0, len(every), most))


def undone(act: Callable[[list[int]], object], groups: Iterable[list[int]], reopen: Callable[[], object]) -> list[int]:
    """Do something with groups of UIDs, halving each that fails; returns those with which it could not be done.

    After `MOST_ALONE` that fail even alone, groups are halved no more. `reopen` gets a fresh connection when one
    broke; raises its `TryAgain` when the mailbox is away, and that of `act` after `MOST_BREAKS`.
    """
    left: list[int] = []
    breaks = 0
    waiting = list(groups)[::-1]
    while waiting:
        some = waiting.pop()
        try:
            act(some)
        except Refused:
            pass
        except TryAgain:
            breaks += 1
            if breaks > MOST_BREAKS:
                raise
            reopen()
        else:
            continue
        if len(some) == 1 or len(left) >= MOST_ALONE:
            left += some
        else:
            waiting += _halves(some)
    return left


def _halves(some: Sequence[int]) -> list[list[int]]:
    middle = len(some) // 2
    return [list(some[middle:]), list(some[:middle])]
