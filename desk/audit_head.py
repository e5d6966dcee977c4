"""The head of the audit chain, told to the outside every day, so that a log that was put back or cut short shows.

It is written to the process log and to a file in the data directory: keep either somewhere that the desk cannot reach.
"""

import json
import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.audit import AuditHead, AuditLine
from desk.desk import Desk
from desk.jobs import ClaimedJob
from desk.schedule import Recurring
from desk.worker import Handler

JOB = "tell_audit_head"
FILE = "audit-heads.jsonl"
RECURRING = (Recurring(JOB, timedelta(days=1)),)

log = logging.getLogger("meldpunt.audit")


class HeadGone(Exception):
    """The log lacks a line that was its end once, or has another in its place."""


def compare(session: Session, folder: Path) -> int | None:
    """How many heads were told in a data directory, each of them still a line of the log; None without a file.

    Raises `HeadGone`. Says something only about a log that `verify` found whole.
    """
    if not (folder / FILE).exists():
        return None
    count = 0
    for at, n, head in _told(folder / FILE):
        mac = session.scalar(select(AuditLine.mac).where(AuditLine.n == n))
        if mac is None:
            raise HeadGone(
                f"the audit log lacks line {n}, its end at {at}: it was cut, or an older backup was put back"
            )
        if mac.hex() != head:
            raise HeadGone(f"line {n} of the audit log is not the one that was its end at {at}")
        count += 1
    return count


def _told(file: Path) -> Iterator[tuple[str, int, str]]:
    for place, line in enumerate(file.read_text("ascii", errors="replace").splitlines(), 1):
        try:
            told = json.loads(line)
            yield str(told["at"]), int(told["n"]), str(told["head"])
        except (ValueError, KeyError, TypeError) as error:
            raise HeadGone(f"line {place} of {FILE} cannot be read") from error


def handlers(desk: Desk) -> dict[str, Handler]:
    """The job that tells the head."""

    def tell(_job: ClaimedJob) -> None:
        with desk.database.reading() as session:
            n, mac = session.execute(select(AuditHead.n, AuditHead.mac).where(AuditHead.id == 1)).one()
        line = {"at": desk.clock.real().isoformat(timespec="seconds"), "n": n, "head": mac.hex()}
        log.info("the head of the audit chain", extra={"count": n, "head": mac.hex()})
        desk.settings.data_dir.mkdir(parents=True, exist_ok=True)
        with (desk.settings.data_dir / FILE).open("a", encoding="ascii") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    return {JOB: tell}
