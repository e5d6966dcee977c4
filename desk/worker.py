"""The worker's loop: claims jobs, runs their handlers, keeps leases alive, and lets no fault stop it."""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.orm import Session

from desk.database import Database
from desk.jobs import LEASE, MOST_FAILURES, MOST_LOSSES, ClaimedJob, bury, claim, extend, finish, postpone
from desk.sender import GiveUp, TryAgain

log = logging.getLogger("meldpunt.worker")

Handler = Callable[[ClaimedJob], None]
"""Does one job. Must bear being run twice. `TryAgain` is waited out, `GiveUp` is final, all else tried for a while."""

IDLE_SECONDS = 0.5


class Worker:
    """Runs jobs until told to stop. Several may run on several machines; leases and fencing keep them apart."""

    def __init__(self, database: Database, handlers: Mapping[str, Handler], *, schedule: Callable[[], None]) -> None:
        self._database = database
        self._handlers = handlers
        self._schedule = schedule
        self.name = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(3)}"

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; a database that is away is waited for."""
        while not stop.is_set():
            try:
                self._schedule()
                if not self.run_once():
                    stop.wait(IDLE_SECONDS)
            except Exception:
                log.exception("the worker could not reach its jobs")
                stop.wait(5)

    def run_once(self) -> int:
        """Claim a few due jobs and do them; returns how many."""
        with self._database.writing() as session:
            jobs = claim(session, self.name, most=1)
        for job in jobs:
            self._do(job)
        return len(jobs)

    def drain(self) -> int:
        """Do every job that is due now; returns how many."""
        done = 0
        while count := self.run_once():
            done += count
        return done

    def _do(self, job: ClaimedJob) -> None:
        handler = self._handlers.get(job.kind)
        fault: str | None = None
        final = False
        if handler is None:
            fault, final = f"no handler for {job.kind}", True
        elif job.losses >= MOST_LOSSES:
            fault, final = f"{job.losses} workers were gone before it was done", True
        else:
            try:
                with self._kept_alive(job):
                    handler(job)
            except GiveUp as error:
                fault, final = str(error) or "refused", True
            except TryAgain as error:
                fault = str(error) or "away"
            except Exception as error:
                log.exception("a job failed", extra={"job": str(job.id), "kind": job.kind})
                fault, final = type(error).__name__, job.attempt >= MOST_FAILURES
        self._settle(job, fault, final=final)

    def _settle(self, job: ClaimedJob, fault: str | None, *, final: bool) -> None:
        def settle(session: Session) -> bool:
            if fault is None:
                return finish(session, job)
            return bury(session, job, fault) if final else postpone(session, job, fault)

        if not self._database.run(settle):
            log.warning("a job's lease was lost while it ran", extra={"job": str(job.id), "kind": job.kind})

    @contextmanager
    def _kept_alive(self, job: ClaimedJob) -> Iterator[None]:
        done = threading.Event()

        def beat() -> None:
            while not done.wait(LEASE.total_seconds() / 3):
                try:
                    with self._database.writing() as session:
                        extend(session, job)
                except Exception:  # a busy database now is no reason to let the lease go
                    log.exception("a lease could not be extended", extra={"job": str(job.id), "kind": job.kind})

        heart = threading.Thread(target=beat, name=f"lease-{job.id}", daemon=True)
        heart.start()
        try:
            yield
        finally:
            done.set()
            heart.join()
