"""The head of the audit chain, told to the outside every day, so that a log that was cut short shows.

It is written to the process log and to a file in the data directory: keep either somewhere that the desk cannot reach.
"""

import json
import logging
import os
from datetime import timedelta

from sqlalchemy import select

from desk.audit import AuditHead
from desk.desk import Desk
from desk.jobs import ClaimedJob
from desk.schedule import Recurring
from desk.worker import Handler

JOB = "tell_audit_head"
FILE = "audit-heads.jsonl"
RECURRING = (Recurring(JOB, timedelta(days=1)),)

log = logging.getLogger("meldpunt.audit")


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
