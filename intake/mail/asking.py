"""Asking a mailbox for mails: in groups, and one by one where that fails, so that none holds up another."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from desk.sender import TryAgain
from intake.mail.faults import Refused
from intake.mail.inbox import Inbox, Stated

log = logging.getLogger("meldpunt.mail")

MOST_AT_ONCE, MOST_BYTES_AT_ONCE = 50, 4_000_000  # stored in one transaction, of which none may last 100 ms
START = 1024 * 1024  # what is fetched of a mail that is too big
MOST_TRIES = 5
MOST_BREAKS = 5


@dataclass(frozen=True)
class Fetched:
    """A mail's bytes, or its start, or nothing when the server could not give any."""

    stated: Stated
    content: bytes
    whole: bool


class Asking:
    """The questions of one scan.

    A mail that fails alone, while the mailbox opens, is withheld by the server: that counts as a try, once in a quarter
    of an hour, because a server may refuse everything for a while. After five tries the desk asks for its start, after
    ten it goes on without it. A mailbox that does not open again is away, which is no mail's fault.
    """

    def __init__(
        self, inbox: Inbox, tries: Counter[Stated], withheld: Callable[[Stated], bool], *, most_bytes: int
    ) -> None:
        """`tries` that failed before; `withheld` is told of each one more and says whether it counts."""
        self._inbox = inbox
        self._tries = tries
        self._withheld = withheld
        self._most_bytes = most_bytes
        self._breaks = 0

    def answers(self, fresh: Iterable[Stated]) -> Iterator[list[Fetched]]:
        """What came, group by group, in the end whatever made trouble before. Raises `TryAgain`."""
        for group in self._groups(sorted(fresh, key=lambda mail: (self._tries[mail], mail.uid))):
            yield from self._answers(group)

    def _groups(self, fresh: Sequence[Stated]) -> Iterator[list[Stated]]:
        group: list[Stated] = []
        size = 0
        for mail in fresh:
            alone = self._in_parts(mail) or self._tries[mail] > 0
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

    def _answers(self, group: Sequence[Stated]) -> Iterator[list[Fetched]]:
        mails = self._given(group)
        yield mails
        came = {mail.stated for mail in mails}
        for mail in group:
            if mail in came:
                continue
            if len(group) > 1:
                yield from self._answers([mail])
            elif self._withheld(mail):
                log.warning("the mailbox does not give a mail", extra={"mailbox": self._inbox.name, "uid": mail.uid})

    def _given(self, group: Sequence[Stated]) -> list[Fetched]:
        try:
            return self._asked(group)
        except Refused:
            return []
        except TryAgain:
            self._breaks += 1
            if self._breaks > MOST_BREAKS:
                raise
            self._inbox.reopen()
            return []

    def _asked(self, group: Sequence[Stated]) -> list[Fetched]:
        first = group[0]
        if self._tries[first] >= 2 * MOST_TRIES:
            return [Fetched(first, b"", whole=False)]
        if self._tries[first] >= MOST_TRIES or self._in_parts(first):
            return self._in_part(first)
        bodies = self._inbox.bodies([mail.uid for mail in group])
        return [Fetched(mail, bodies[mail.uid], whole=True) for mail in group if bodies.get(mail.uid)]

    def _in_part(self, mail: Stated) -> list[Fetched]:
        """Its start; all of it when the server did not tell a size and it is not too big."""
        most = START if mail.size else self._most_bytes + 1
        start = self._inbox.start(mail.uid, most)
        if start is None or (mail.size and not start):
            return []
        whole = len(start) >= mail.size if mail.size else len(start) < most
        return [Fetched(mail, start if whole else start[:START], whole=whole)]

    def _in_parts(self, mail: Stated) -> bool:
        """Whether it is asked for by its start: it is too big, or may be, because the server did not tell its size."""
        return not 0 < mail.size <= self._most_bytes
