"""The mail process: one thread for each mailbox that fetches, and the main one that makes tickets."""

import logging
import random
import threading
from collections.abc import Sequence

from desk.desk import Desk
from desk.mailbox_settings import Mailbox
from desk.sender import TryAgain
from intake.mail.emptied import Emptied
from intake.mail.faults import LoginRefused, Refused, told
from intake.mail.ingest import Fetcher, Step
from intake.mail.lease import LENGTH, Lease
from intake.mail.login import identity
from intake.mail.mailbox import Connection
from intake.mail.process import Processor
from intake.mail.reader import Reader

log = logging.getLogger("meldpunt.mail")

SHORTEST_WAIT, LONGEST_WAIT, LOGIN_WAIT = 1.0, 300.0, 60.0
LOOK_SECONDS = 2.0  # for what another machine fetched


def _no_step(_name: str) -> None:
    pass


def run_mail(desk: Desk, stop: threading.Event, *, once: bool = False, step: Step = _no_step) -> None:
    """Empty every mailbox and make tickets until `stop` is set; with `once`, until nothing is left to do.

    `step` is told before and after everything that a crash may fall between. Raises `TryAgain` with `once` when a
    mailbox cannot be reached; what had been fetched before is filed first. Raises `RuntimeError` when a mailbox is
    no longer emptied, so that whoever started the process starts it anew.
    """
    arrived = threading.Event()
    with Reader() as reader:
        processor = Processor(desk, reader, stop, step=step)
        if once:
            _once(desk, processor, step)
            return
        fetchers = [
            threading.Thread(target=_fetch, args=(desk, box, stop, arrived, step), name="fetch", daemon=True)
            for box in desk.settings.mailboxes
        ]
        for thread in fetchers:
            thread.start()
        _process(processor, stop, arrived, fetchers)
        for thread in fetchers:
            thread.join(timeout=5)


def _once(desk: Desk, processor: Processor, step: Step) -> None:
    fault: TryAgain | None = None
    for box in desk.settings.mailboxes:
        held = Lease(desk.database, identity(box))
        try:
            if held.held():
                with Connection(box) as connection:
                    Fetcher(desk, step).scan(connection, held.held)
                Emptied(desk.database, box).note()
            else:
                log.warning("another process empties this mailbox", extra={"mailbox": box.name})
        except TryAgain as error:
            fault = error
        except Refused as error:
            fault = TryAgain("the mailbox refuses")
            fault.__cause__ = error
        finally:
            held.release()
    processor.run_once()
    if fault:
        raise fault


def _process(
    processor: Processor, stop: threading.Event, arrived: threading.Event, fetchers: Sequence[threading.Thread]
) -> None:
    while not stop.is_set():
        if not all(thread.is_alive() for thread in fetchers) and not stop.is_set():
            stop.set()  # the others let go of their mailboxes
            raise RuntimeError("a thread that fetches mail has ended")
        arrived.clear()
        try:
            if processor.run_once():
                continue
        except Exception:
            log.exception("the raw store could not be reached")
            stop.wait(5)
        arrived.wait(LOOK_SECONDS)


def _fetch(desk: Desk, box: Mailbox, stop: threading.Event, arrived: threading.Event, step: Step) -> None:
    lease: Lease | None = None
    fetcher, emptied = Fetcher(desk, step), Emptied(desk.database, box)
    wait = SHORTEST_WAIT
    while not stop.is_set():
        try:
            lease = lease or Lease(desk.database, identity(box))
            if not lease.held():
                stop.wait(LENGTH.total_seconds() / 2)
                continue
            with Connection(box) as connection:
                while not stop.is_set() and lease.held():
                    if fetcher.scan(connection, lease.held):
                        arrived.set()
                    emptied.note()
                    wait = SHORTEST_WAIT
                    connection.wait(desk.settings.mail_poll_seconds, stop, lease.held)
        except (TryAgain, Refused) as error:
            log.warning("the mailbox is away", extra=told(error) | {"mailbox": box.name})
            wait = _slept(stop, LOGIN_WAIT if isinstance(error, LoginRefused) else wait)
        except Exception:
            log.exception("the mailbox could not be emptied", extra={"mailbox": box.name})
            wait = _slept(stop, wait)
    try:
        if lease:
            lease.release()
    except Exception:
        log.exception(
            "the mailbox could not be let go; it is free when the lease runs out", extra={"mailbox": box.name}
        )


def _slept(stop: threading.Event, seconds: float) -> float:
    """Sleep about so long; returns how long the next time."""
    stop.wait(seconds * random.uniform(0.75, 1.25))  # noqa: S311  spreading load, not a secret
    return min(LONGEST_WAIT, 2 * seconds)
