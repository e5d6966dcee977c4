"""From the mailbox to the raw store: fetched, committed, and only then moved out of the inbox."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.blobs import store
from desk.clock import Clock
from desk.data_keys import new_data_key
from desk.desk import Desk
from desk.sender import TryAgain
from intake.mail.content_key import key_parts
from intake.mail.faults import Refused
from intake.mail.mailbox import Inbox, Stated
from intake.mail.models import RawMail, RawState

log = logging.getLogger("meldpunt.mail")

MOST_AT_ONCE, MOST_BYTES_AT_ONCE = 50, 20_000_000
START = 1024 * 1024  # what is fetched of a mail that is too big
MOST_TRIES = 5
MOST_KEYS = 500

Step = Callable[[str], None]
"""Told before and after everything that a crash may fall between; tests end the process there."""


@dataclass(frozen=True)
class Fetched:
    """A mail's bytes, or its start, or nothing when the server could not give any."""

    stated: Stated
    content: bytes
    whole: bool


class Fetcher:
    """Empties one mailbox, scan by scan; remembers which mails made trouble."""

    def __init__(self, desk: Desk, step: Step) -> None:
        self._desk = desk
        self._step = step
        self._trouble: Counter[Stated] = Counter()

    def scan(self, inbox: Inbox, alive: Callable[[], object]) -> int:
        """Fetch, store and move everything in the folder; returns how many mails are new.

        What is in the raw store already is not fetched again but still moved. Raises `TryAgain` when the connection
        fails; whatever was not moved is found by the next scan. `alive` is called between groups.
        """
        validity = inbox.select()
        stated = inbox.stated()
        known = self._known(inbox, validity, stated)
        _move(inbox, [mail.uid for mail in stated if mail in known])
        fresh = (mail for mail in stated if mail not in known)
        count = 0
        for group in self._groups(sorted(fresh, key=lambda m: (m in self._trouble, self._trouble[m], m.uid))):
            alive()
            count += self._take(inbox, validity, group, others_came=count > 0)
        return count

    def _take(self, inbox: Inbox, validity: int, group: Sequence[Stated], *, others_came: bool) -> int:
        mails = self._fetched(inbox, group, others_came=others_came)
        if mails:
            self._step("fetched")
            self._desk.database.run(lambda session: self._store(session, inbox.identity, validity, mails))
            self._step("after raw commit")
            self._step("before move")
            _move(inbox, [mail.stated.uid for mail in mails])
            self._step("after move")
        return len(mails)

    def _known(self, inbox: Inbox, validity: int, stated: Sequence[Stated]) -> set[Stated]:
        with self._desk.database.reading() as session:
            return _stored(session, inbox.identity, validity, stated)

    def _groups(self, fresh: Sequence[Stated]) -> Iterator[list[Stated]]:
        """By bytes and by count; alone whatever is too big or made trouble before, so that it holds up no other."""
        group: list[Stated] = []
        size = 0
        for mail in fresh:
            alone = mail in self._trouble or mail.size > self._desk.settings.mail_max_bytes
            if group and (alone or len(group) == MOST_AT_ONCE or size + mail.size > MOST_BYTES_AT_ONCE):
                yield group
                group, size = [], 0
            if alone:
                yield [mail]
            else:
                group.append(mail)
                size += mail.size
        if group:
            yield group

    def _fetched(self, inbox: Inbox, group: Sequence[Stated], *, others_came: bool) -> list[Fetched]:
        try:
            mails = self._asked(inbox, group)
        except Refused:
            log.warning("the mailbox does not give some mails", extra={"count": len(group)})
            self._suspect(group, guilty=True)
            return []
        except TryAgain:
            self._suspect(group, guilty=others_came)  # otherwise the mailbox is away, which is no mail's fault
            raise
        for mail in group:
            del self._trouble[mail]
        return mails

    def _asked(self, inbox: Inbox, group: Sequence[Stated]) -> list[Fetched]:
        """Whole mails; the start of one that is too big or was not given so often; in the end nothing of it."""
        first = group[0]
        if self._trouble[first] >= 2 * MOST_TRIES:
            return [Fetched(first, b"", whole=False)]
        if self._trouble[first] >= MOST_TRIES or first.size > self._desk.settings.mail_max_bytes:
            start = inbox.start(first.uid, START)
            return [] if start is None else [Fetched(first, start, whole=len(start) >= first.size)]
        bodies = inbox.bodies([mail.uid for mail in group])
        return [Fetched(mail, bodies[mail.uid], whole=True) for mail in group if mail.uid in bodies]

    def _suspect(self, group: Sequence[Stated], *, guilty: bool) -> None:
        """Ask for these alone and last from now on; a try counts against a mail that was alone when it failed."""
        for mail in group:
            self._trouble[mail] += int(guilty and len(group) == 1)

    def _store(self, session: Session, mailbox: str, validity: int, mails: Sequence[Fetched]) -> None:
        known = _stored(session, mailbox, validity, [mail.stated for mail in mails])
        for mail in mails:
            if mail.stated not in known:  # another machine may have been as quick
                session.add(_raw_mail(session, mailbox, validity, mail))
        session.flush()
        self._step("before raw commit")


def _move(inbox: Inbox, uids: Sequence[int]) -> None:
    """Move what is stored. What the server will not move (quota, rights) is told apart by its key, and may stay."""
    try:
        inbox.move(uids)
    except Refused:
        log.warning("the mailbox does not move some mails", extra={"count": len(uids)})


def _raw_mail(session: Session, mailbox: str, validity: int, mail: Fetched) -> RawMail:
    clock: Clock = session.info["clock"]
    key = new_data_key(session, "mail")
    stated = mail.stated
    parts = key_parts(mail.content, whole=mail.whole)
    if not mail.content:  # nothing to tell it by but its place
        parts = [f"{mailbox} {validity} {stated}".encode()]
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
        arrived_at=min(now, stated.internaldate + (now - clock.real())),
        state=RawState.FETCHED,
    )


def _stored(session: Session, mailbox: str, validity: int, stated: Sequence[Stated]) -> set[Stated]:
    known: set[Stated] = set()
    for at in range(0, len(stated), MOST_KEYS):
        uids = [mail.uid for mail in stated[at : at + MOST_KEYS]]
        rows = session.execute(
            select(RawMail.uid, RawMail.internaldate, RawMail.size).where(
                RawMail.mailbox == mailbox, RawMail.uidvalidity == validity, RawMail.uid.in_(uids)
            )
        )
        known |= {Stated(*row) for row in rows}
    return known & set(stated)
