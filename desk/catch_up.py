"""What has to be made up for beside the other work of a process, again and again, whatever fails."""

import logging
import threading
from collections.abc import Callable, Sequence

log = logging.getLogger("meldpunt.catch_up")

EVERY = 2.0  # seconds


def catch_up_beside(
    works: Sequence[Callable[[], None]], stop: threading.Event, every: float = EVERY
) -> threading.Thread:
    """Do all of them every so many seconds in a thread of their own until `stop`; it may be killed at any moment."""
    thread = threading.Thread(target=_again_and_again, args=(works, stop, every), name="catch-up", daemon=True)
    thread.start()
    return thread


def _again_and_again(works: Sequence[Callable[[], None]], stop: threading.Event, every: float) -> None:
    failed = set[int]()
    while not stop.is_set():
        for number, work in enumerate(works):
            try:
                work()
                failed.discard(number)
            except Exception:
                # An outage is told when it begins, not every two seconds.
                log.log(logging.DEBUG if number in failed else logging.ERROR, "could not catch up", exc_info=True)
                failed.add(number)
        stop.wait(every)
