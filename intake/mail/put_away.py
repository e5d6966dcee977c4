"""Out of the inbox, into the folder for what is done: what is in the raw store already."""

import logging
from collections.abc import Sequence

from sqlalchemy import select, update

from desk.database import Database
from intake.mail.halving import batches, undone
from intake.mail.inbox import Inbox, Stated
from intake.mail.models import RawMail

log = logging.getLogger("meldpunt.mail")


def put_away(database: Database, inbox: Inbox, validity: int, mails: Sequence[Stated]) -> None:
    """Move stored mails; whatever does not move is found again by the next scan, and stops no other.

    Where a move is a copy and a removal, it is remembered what was copied: a server that refuses the removal would
    get one more copy at every scan.
    """
    stuck = _uncopied(database, inbox, validity, mails) if inbox.copies else set()
    act = inbox.remove if inbox.copies else inbox.move
    left = undone(act, batches(mail.uid for mail in mails if mail.uid not in stuck), inbox.reopen)
    if left or stuck:
        said = {"mailbox": inbox.name, "count": len(left) + len(stuck)}
        log.warning("the mailbox does not move some mails", extra=said)


def _uncopied(database: Database, inbox: Inbox, validity: int, mails: Sequence[Stated]) -> set[int]:
    """Copy what was not copied before; returns what could not be."""
    numbers: dict[int, int] = {}
    for some in batches(mails):
        numbers |= _to_copy(database, inbox.identity, validity, some)
    stuck = set(undone(inbox.copy, batches(numbers), inbox.reopen))
    for copied in batches(n for uid, n in numbers.items() if uid not in stuck):
        _mark(database, copied)
    return stuck


def _mark(database: Database, copied: Sequence[int]) -> None:
    marked = update(RawMail).where(RawMail.n.in_(copied)).values(copied=True)
    database.run(lambda session: session.execute(marked))


def _to_copy(database: Database, mailbox: str, validity: int, mails: Sequence[Stated]) -> dict[int, int]:
    here = (RawMail.mailbox == mailbox, RawMail.uidvalidity == validity, RawMail.copied.is_(False))
    uids = [mail.uid for mail in mails]
    with database.reading() as session:
        rows = session.execute(
            select(RawMail.n, RawMail.uid, RawMail.internaldate, RawMail.size).where(*here, RawMail.uid.in_(uids))
        )
        return {row.uid: row.n for row in rows if Stated(row.uid, row.internaldate, row.size) in mails}
