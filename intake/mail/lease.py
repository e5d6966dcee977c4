"""One fetcher at a time for each mailbox, whatever machine it runs on. Mere courtesy: unique keys hold the promise."""

import os
import secrets
import socket
import time
from datetime import timedelta

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.database import Database
from intake.mail.models import MailboxLease

LENGTH = timedelta(seconds=30)


def worker_name() -> str:
    """A name that no other process has."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(3)}"


class Lease:
    """The right to empty one mailbox; kept by asking for it again and again."""

    def __init__(self, database: Database, mailbox: str, length: timedelta = LENGTH) -> None:
        self._database = database
        self._mailbox = mailbox
        self._length = length
        self._holder = worker_name()
        self._renew_at = 0.0

    def held(self) -> bool:
        """Take the lease, or keep it; false while another process has it. Cheap to call often."""
        if time.monotonic() < self._renew_at:
            return True
        held = self._database.run(self._take)
        self._renew_at = time.monotonic() + self._length.total_seconds() / 3 if held else 0.0
        return held

    def release(self) -> None:
        """Let the next one have it at once."""
        if self._renew_at:
            self._renew_at = 0.0
            self._database.run(self._give)

    def _take(self, session: Session) -> bool:
        clock: Clock = session.info["clock"]
        now = clock.real()
        mine = or_(MailboxLease.holder == self._holder, MailboxLease.until < now)
        values = {"holder": self._holder, "until": now + self._length}
        taken = session.execute(update(MailboxLease).where(MailboxLease.mailbox == self._mailbox, mine).values(values))
        if getattr(taken, "rowcount", 0):
            return True
        if session.scalar(select(MailboxLease.holder).where(MailboxLease.mailbox == self._mailbox)):
            return False
        session.execute(insert(MailboxLease).values(mailbox=self._mailbox, **values))
        return True

    def _give(self, session: Session) -> None:
        clock: Clock = session.info["clock"]
        session.execute(
            update(MailboxLease)
            .where(MailboxLease.mailbox == self._mailbox, MailboxLease.holder == self._holder)
            .values(until=clock.real() - timedelta(seconds=1))
        )
