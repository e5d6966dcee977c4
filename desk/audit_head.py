"""The head of the audit chain, told to the outside every day, so that a log that was put back or cut short shows.

It is written to the process log and to a file in the data directory: keep either somewhere that the desk cannot reach.
"""

import json
import logging
import os
from dataclasses import dataclass
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
MOST_LINES = 2**63 - 1  # what the column of their numbers holds
RECURRING = (Recurring(JOB, timedelta(days=1)),)

log = logging.getLogger("meldpunt.audit")


class HeadGone(Exception):
    """The log lacks a line that was its end once, or has another in its place."""


@dataclass(frozen=True)
class Told:
    """What stands in a file of heads: how many, and which lines tell nothing because they cannot be read."""

    heads: int
    unreadable: tuple[int, ...]


def compare(session: Session, folder: Path) -> Told | None:
    """What heads were told in a data directory, each of them still a line of the log; None without a file.

    Raises `HeadGone`, and `OSError` for a file that cannot be opened. Says something only about a log that `verify`
    found whole. A line that was broken off by a power cut says nothing about the log.
    """
    if not (folder / FILE).exists():
        return None
    heads, unreadable = 0, list[int]()
    for place, line in enumerate((folder / FILE).read_bytes().splitlines(), 1):
        head = _read(line)
        if head is None:
            unreadable.append(place)
        else:
            _see_that_it_is_there(session, head)
            heads += 1
    return Told(heads, tuple(unreadable))


@dataclass(frozen=True)
class _Head:
    at: str
    n: int
    mac: str


def _read(line: bytes) -> _Head | None:
    try:
        told = json.loads(line.decode("ascii"))
        head = _Head(str(told["at"]), int(told["n"]), str(told["head"]))
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    return head if abs(head.n) <= MOST_LINES else None


def _see_that_it_is_there(session: Session, head: _Head) -> None:
    mac = session.scalar(select(AuditLine.mac).where(AuditLine.n == head.n))
    if mac is None:
        raise HeadGone(
            f"the audit log lacks line {head.n}, its end at {head.at}: it was cut, or an older backup was put back"
        )
    if mac.hex() != head.mac:
        raise HeadGone(f"line {head.n} of the audit log is not the one that was its end at {head.at}")


def _add(file: Path, line: str) -> None:
    """Add a line of its own, also after one that was broken off."""
    with file.open("a+b") as heads:
        if heads.tell() > 0:
            heads.seek(-1, os.SEEK_END)
            line = line if heads.read(1) == b"\n" else "\n" + line
        heads.write(line.encode("ascii") + b"\n")
        heads.flush()
        os.fsync(heads.fileno())


def handlers(desk: Desk) -> dict[str, Handler]:
    """The job that tells the head."""

    def tell(_job: ClaimedJob) -> None:
        with desk.database.reading() as session:
            n, mac = session.execute(select(AuditHead.n, AuditHead.mac).where(AuditHead.id == 1)).one()
        line = {"at": desk.clock.real().isoformat(timespec="seconds"), "n": n, "head": mac.hex()}
        log.info("the head of the audit chain", extra={"count": n, "head": mac.hex()})
        desk.settings.data_dir.mkdir(parents=True, exist_ok=True)
        _add(desk.settings.data_dir / FILE, json.dumps(line))

    return {JOB: tell}
