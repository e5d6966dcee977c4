"""How often the server withheld a mail that it lists; kept, because one run may be all that a process does."""

from collections import Counter
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.clock import Clock
from intake.mail.inbox import Stated
from intake.mail.models import WithheldMail

APART = timedelta(minutes=15)
"""Between two tries that count: what a server refuses for an hour is no mail's fault."""


def tries_of(session: Session, mailbox: str) -> Counter[tuple[int, Stated]]:
    """The tries that failed by UIDVALIDITY and mail, also for some that are not listed any more."""
    rows = session.scalars(select(WithheldMail).where(WithheldMail.mailbox == mailbox))
    return Counter({(row.uidvalidity, Stated(row.uid, row.internaldate, row.size)): row.tries for row in rows})


def count_try(session: Session, mailbox: str, validity: int, mail: Stated) -> bool:
    """One more try that failed; False when one was counted a moment ago, and this one is not."""
    clock: Clock = session.info["clock"]
    row = session.get(WithheldMail, (mailbox, validity, mail.uid, mail.internaldate, mail.size))
    if row is None:
        row = WithheldMail(
            mailbox=mailbox,
            uidvalidity=validity,
            uid=mail.uid,
            internaldate=mail.internaldate,
            size=mail.size,
            tries=0,
            counted_at=clock.real() - APART,
        )
        session.add(row)
    counts = clock.real() - row.counted_at >= APART
    if counts:
        row.tries, row.counted_at = row.tries + 1, clock.real()
    return counts


def forget_others(session: Session, mailbox: str, validity: int, fresh: Collection[Stated]) -> None:
    """Forget what came after all, what somebody took away, and what stood there under UIDs of before."""
    for row in session.scalars(select(WithheldMail).where(WithheldMail.mailbox == mailbox)):
        if row.uidvalidity != validity or Stated(row.uid, row.internaldate, row.size) not in fresh:
            session.delete(row)
