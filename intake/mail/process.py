"""From the raw store to tickets: parsed in the child, then filed; a mail is filed wholly or not at all."""

import enum
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from desk.blobs import contents_of
from desk.clock import Clock
from desk.desk import Desk
from desk.vault import SealBroken
from intake.mail.acknowledge import Ration
from intake.mail.filing import file_copy, file_mail, filed_among, office_of
from intake.mail.ingest import Step
from intake.mail.lease import LENGTH, worker_name
from intake.mail.models import RawMail, RawState
from intake.mail.parse import header_lines_of
from intake.mail.parsed import ParsedMail
from intake.mail.reader import Defeated, Reader

log = logging.getLogger("meldpunt.mail")

MOST_AT_ONCE, MOST_BYTES_AT_ONCE = 20, 20_000_000
SECONDS_OF_A_TRANSACTION = 0.04  # for thinking; with what it writes at the end it should last no longer than 100 ms
MOST_DEFEATS = 3


@dataclass(frozen=True)
class Claimed:
    """A raw mail in this worker's hands. `attempt` fences; `copy`: its content stands on a ticket already."""

    n: int
    attempt: int
    defeats: int
    copy: bool


class Fate(enum.Enum):
    """What becomes of a mail: filed, tried again, or filed for people to read the raw file."""

    FILE = enum.auto()
    AGAIN = enum.auto()
    QUARANTINE = enum.auto()


@dataclass(frozen=True)
class Read:
    """A claimed mail with what was made of it: None when nothing was, or when what is stored does not open."""

    claimed: Claimed
    fate: Fate
    mail: ParsedMail | None = None


class Processor:
    """Makes tickets of raw mails. Several may run, on several machines."""

    def __init__(
        self,
        desk: Desk,
        reader: Reader,
        stop: threading.Event,
        *,
        step: Step,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """`seconds`: a clock that tells how long a transaction lasts."""
        self._desk = desk
        self._seconds = seconds
        self._reader = reader
        self._stop = stop
        self._step = step
        self._office = office_of(desk.settings)
        self._keep_at = 0.0
        self._name = worker_name()

    def run_once(self) -> int:
        """Take raw mails and settle them until none is free; returns how many were taken.

        While one group is filed, the child parses the next: two processors at work instead of one.
        """
        count = 0
        with ThreadPoolExecutor(1, "parse") as parsing:
            waiting: Future[list[Read]] | None = None
            while (group := self._next()) or waiting:
                started = parsing.submit(self._read, group) if group else None
                if waiting:
                    self._settle(waiting.result())
                count += len(group)
                waiting = started
        return count

    def _next(self) -> list[Claimed]:
        return [] if self._stop.is_set() else self._desk.database.run(self._claim)

    def _claim(self, session: Session) -> list[Claimed]:
        """Fresh mails in numbers; one that was tried before alone, so that it takes no other down with it."""
        return self._take(session, RawMail.attempts == 0, MOST_AT_ONCE) or self._take(session, RawMail.attempts > 0, 1)

    def _take(self, session: Session, which: ColumnElement[bool], most: int) -> list[Claimed]:
        clock: Clock = session.info["clock"]
        now = clock.real()
        free = or_(RawMail.leased_until.is_(None), RawMail.leased_until < now)
        rows = session.execute(
            select(RawMail.n, RawMail.attempts, RawMail.defeats, RawMail.size, RawMail.content_key)
            .where(RawMail.state == RawState.FETCHED, which, free)
            .order_by(RawMail.n)
            .limit(most)
            .with_for_update(skip_locked=True)
        ).all()
        rows = [row for row, before in zip(rows, _sums(rows), strict=True) if before < MOST_BYTES_AT_ONCE]
        if not rows:
            return []
        session.execute(
            update(RawMail)
            .where(RawMail.n.in_([row.n for row in rows]))
            .values(worker=self._name, leased_until=now + LENGTH, attempts=RawMail.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        self._keep_at = time.monotonic() + LENGTH.total_seconds() / 3
        filed = filed_among(session, [row.content_key for row in rows])
        return [Claimed(row.n, row.attempts + 1, row.defeats, row.content_key in filed) for row in rows]

    def _read(self, group: Sequence[Claimed]) -> list[Read]:
        raws = self._raws([mail.n for mail in group if not mail.copy])
        read: list[Read] = []
        for mail in group:
            self._keep(group)
            read.append(Read(mail, Fate.AGAIN) if mail.copy else self._parsed(mail, raws.get(mail.n)))
        return read

    def _raws(self, wanted: Sequence[int]) -> dict[int, bytes]:
        """The bytes of mails; one that does not open is missing, and takes no other down with it."""
        try:
            with self._desk.database.reading() as session:
                rows = list(session.scalars(select(RawMail).where(RawMail.n.in_(wanted))))
                contents = contents_of(session, [raw.blob for raw in rows])
                return {raw.n: contents[raw.blob_id] for raw in rows}
        except SealBroken:
            if len(wanted) == 1:
                return {}
        return {n: content for alone in wanted for n, content in self._raws([alone]).items()}

    def _parsed(self, mail: Claimed, raw: bytes | None) -> Read:
        if raw is None:
            log.error("a raw mail does not open", extra={"raw_mail": mail.n})
            return Read(mail, Fate.QUARANTINE)
        if mail.defeats >= MOST_DEFEATS:
            return _given_up(mail, raw)
        again = mail.attempt > 1  # alone then: should this process die, it died of this mail
        if again:
            self._note_defeats(mail, mail.defeats + 1)
        self._step("before parse")
        try:
            parsed = self._reader.read(raw)
        except Defeated as defeat:
            log.warning("the parser was defeated by a mail", extra={"raw_mail": mail.n, "fault": str(defeat)})
            if not again:
                self._note_defeats(mail, mail.defeats + 1)
            return _given_up(mail, raw) if mail.defeats + 1 >= MOST_DEFEATS else Read(mail, Fate.AGAIN)
        if again:
            self._note_defeats(mail, mail.defeats)
        self._step("after parse")
        return Read(mail, Fate.FILE, parsed)

    def _note_defeats(self, mail: Claimed, defeats: int) -> None:
        """Committed at once, because what comes next may end this process."""
        mine = (RawMail.n == mail.n, RawMail.worker == self._name, RawMail.attempts == mail.attempt)
        noted = update(RawMail).where(*mine).values(defeats=defeats)
        self._desk.database.run(lambda session: session.execute(noted))

    def _settle(self, group: Sequence[Read]) -> None:
        """File a group in short transactions; when one fails, each mail in its own, so that one stops no other."""
        while group and (count := self._filed(group)):
            self._step("after process commit")
            group = group[count:]
        if len(group) > 1:
            for alone in group:
                self._settle([alone])

    def _filed(self, group: Sequence[Read]) -> int:
        """How many of the group were filed, from the first on; none when it failed."""
        try:
            return self._desk.database.run(lambda session: self._file(session, group))
        except Exception as error:  # they stay claimed, and are tried again when their lease has run out
            log.exception("mail could not be filed", extra={"count": len(group), "raw_mail": group[0].claimed.n})
            if len(group) == 1 and not isinstance(error, OperationalError):
                self._note_unfiled(group[0].claimed)
            return 0

    def _note_unfiled(self, mail: Claimed) -> None:
        """It defeated the filing, as others defeat the parser. A database that is away is no mail's fault."""
        try:
            self._note_defeats(mail, mail.defeats + 1)
        except Exception:
            log.exception("a mail that could not be filed could not be noted", extra={"raw_mail": mail.n})

    def _file(self, session: Session, group: Sequence[Read]) -> int:
        rows = session.scalars(
            select(RawMail).where(RawMail.n.in_([read.claimed.n for read in group])).with_for_update(of=RawMail)
        )
        raws = {raw.n: raw for raw in rows}
        filed = filed_among(session, [raw.content_key for raw in raws.values()])
        ration = Ration(session, (read.mail.sender_address for read in group if read.mail))
        until = self._seconds() + SECONDS_OF_A_TRANSACTION
        count = 0
        while count < len(group) and (count == 0 or self._seconds() < until):
            self._file_one(session, ration, group[count], raws[group[count].claimed.n], filed)
            count += 1
        session.flush()
        self._step("before process commit")
        return count

    def _file_one(self, session: Session, ration: Ration, read: Read, raw: RawMail, filed: dict[bytes, UUID]) -> None:
        if (raw.state, raw.attempts, raw.worker) != (RawState.FETCHED, read.claimed.attempt, self._name):
            return  # the lease ran out and somebody else has it
        if raw.content_key in filed:
            file_copy(raw, filed[raw.content_key])
            return
        if read.fate is Fate.AGAIN:
            raw.leased_until = None
            return
        if read.fate is Fate.QUARANTINE:
            log.error("a mail was put in quarantine", extra={"raw_mail": raw.n})
            raw.state = RawState.QUARANTINED
        filed[raw.content_key] = file_mail(session, self._office, ration, raw, read.mail).contact.id

    def _keep(self, group: Sequence[Claimed]) -> None:
        """Keep a group's leases while the child takes its time."""
        if time.monotonic() < self._keep_at:
            return
        self._keep_at = time.monotonic() + LENGTH.total_seconds() / 3
        mine = (RawMail.n.in_([mail.n for mail in group]), RawMail.worker == self._name)
        renewed = update(RawMail).where(*mine).values(leased_until=self._desk.clock.real() + LENGTH)
        self._desk.database.run(lambda session: session.execute(renewed))


def _given_up(mail: Claimed, raw: bytes) -> Read:
    """For people to read; in the end without its first lines, should filing be defeated by those."""
    if mail.defeats >= 2 * MOST_DEFEATS:
        return Read(mail, Fate.QUARANTINE, ParsedMail(readable=False))
    try:
        return Read(mail, Fate.QUARANTINE, header_lines_of(raw))
    except Exception:  # nothing about this mail would be a surprise
        log.exception("not even a mail's first lines can be read", extra={"raw_mail": mail.n})
        return Read(mail, Fate.QUARANTINE, ParsedMail(readable=False))


def _sums(rows: Sequence[Any]) -> Iterator[int]:
    """Bytes before each row: the first is always taken."""
    return accumulate((row.size for row in rows[:-1]), initial=0) if rows else iter(())
