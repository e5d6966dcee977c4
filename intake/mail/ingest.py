"""From the mailbox to the raw store: fetched, committed, and only then moved out of the inbox."""

from collections import Counter
from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.blobs import store
from desk.clock import Clock
from desk.data_keys import new_data_key
from desk.desk import Desk
from intake.mail.asking import Asking, Fetched
from intake.mail.content_key import key_parts
from intake.mail.inbox import UNDATED, Inbox, Stated
from intake.mail.models import RawMail, RawState
from intake.mail.put_away import put_away
from intake.mail.withheld import count_try, forget_others, tries_of

MOST_KEYS = 500

Step = Callable[[str], None]
"""Told before and after everything that a crash may fall between; tests end the process there."""


class Fetcher:
    """Empties mailboxes, scan by scan; all that it remembers stands in the database."""

    def __init__(self, desk: Desk, step: Step) -> None:
        self._desk = desk
        self._step = step

    def scan(self, inbox: Inbox, alive: Callable[[], object]) -> int:
        """Fetch, store and move everything in the folder; returns how many mails are new.

        What is in the raw store already is not fetched again but still moved. Raises `TryAgain` when the mailbox
        is away; whatever was not moved is found by the next scan. `alive` is called between groups.
        """
        validity = inbox.select()
        stated = inbox.stated()
        known = self._known(inbox, validity, stated)
        uids = {mail.uid for mail in known}
        # Of which the server tells nothing just now may be stored already: another scan will tell.
        fresh = [mail for mail in stated if mail not in known and not (mail.untold and mail.uid in uids)]
        count = 0
        for mails in self._asking(inbox, validity, fresh).answers(fresh):
            alive()
            if mails:
                self._take(inbox, validity, mails)
            count += len(mails)
        put_away(self._desk.database, inbox, validity, [mail for mail in stated if mail in known])
        return count

    def _asking(self, inbox: Inbox, validity: int, fresh: Sequence[Stated]) -> Asking:
        database, here = self._desk.database, (inbox.identity, validity)
        with database.reading() as session:
            tries = tries_of(session, inbox.identity)
        if tries.keys() - {(validity, mail) for mail in fresh}:
            database.run(lambda session: forget_others(session, *here, fresh))

        def withheld(mail: Stated) -> bool:
            return database.run(lambda session: count_try(session, *here, mail))

        counted = Counter({mail: tries[validity, mail] for mail in fresh})
        return Asking(inbox, counted, withheld, most_bytes=self._desk.settings.mail_max_bytes)

    def _take(self, inbox: Inbox, validity: int, mails: Sequence[Fetched]) -> None:
        self._step("fetched")
        self._desk.database.run(lambda session: self._store(session, inbox.identity, validity, mails))
        self._step("after raw commit")
        self._step("before move")
        put_away(self._desk.database, inbox, validity, [mail.stated for mail in mails])
        self._step("after move")

    def _known(self, inbox: Inbox, validity: int, stated: Sequence[Stated]) -> set[Stated]:
        with self._desk.database.reading() as session:
            return _stored(session, inbox.identity, validity, stated)

    def _store(self, session: Session, mailbox: str, validity: int, mails: Sequence[Fetched]) -> None:
        known = _stored(session, mailbox, validity, [mail.stated for mail in mails])
        for mail in mails:
            if mail.stated not in known:  # another machine may have been as quick
                session.add(_raw_mail(session, mailbox, validity, mail))
        session.flush()
        self._step("before raw commit")


def _raw_mail(session: Session, mailbox: str, validity: int, mail: Fetched) -> RawMail:
    clock: Clock = session.info["clock"]
    key = new_data_key(session, "mail")
    stated = mail.stated
    parts = key_parts(mail.content, whole=mail.whole) if mail.content else [_place(mailbox, validity, mail)]
    now = clock.now()
    return RawMail(
        mailbox=mailbox,
        uidvalidity=validity,
        uid=stated.uid,
        internaldate=stated.internaldate,
        size=stated.size,
        whole=mail.whole,
        content_key=session.info["vault"].content_key(parts),
        data_key=key,
        blob=store(session, key, mail.content),
        arrived_at=now if stated.internaldate == UNDATED else min(now, stated.internaldate + (now - clock.real())),
        state=RawState.FETCHED,
    )


def _place(mailbox: str, validity: int, mail: Fetched) -> bytes:
    """What tells a mail without content from others: its place.

    It may be any of several of the same second, and is rather told of twice, under other UIDs, than not at all.
    """
    return f"{mailbox} {validity} {mail.stated}".encode()


def _stored(session: Session, mailbox: str, validity: int, stated: Sequence[Stated]) -> set[Stated]:
    """What is in the raw store under the UIDs of these mails; a UID may have been of another mail before."""
    known: set[Stated] = set()
    for at in range(0, len(stated), MOST_KEYS):
        uids = [mail.uid for mail in stated[at : at + MOST_KEYS]]
        rows = session.execute(
            select(RawMail.uid, RawMail.internaldate, RawMail.size).where(
                RawMail.mailbox == mailbox, RawMail.uidvalidity == validity, RawMail.uid.in_(uids)
            )
        )
        known |= {Stated(*row) for row in rows}
    return known
