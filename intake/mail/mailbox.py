r"""One IMAP mailbox: all that the desk asks of a server, and nothing that some lack (keywords, CONDSTORE, \Seen)."""

import contextlib
import logging
import select
import threading
import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from desk.mailbox_settings import Mailbox
from desk.sender import TryAgain
from intake.mail.faults import Refused, faults, told
from intake.mail.halving import batches, undone
from intake.mail.inbox import UNDATED, Stated
from intake.mail.login import identity, let_go, logged_in

SLICE = 1.0  # seconds between two looks at `stop` while idle
LATEST_YEAR = 2200

log = logging.getLogger("meldpunt.mail")


class Connection:
    """An `Inbox` over IMAP, logged in."""

    def __init__(self, box: Mailbox) -> None:
        """Connect, log in and make the folder for what is done when it is absent. Raises `TryAgain`."""
        self.name, self.identity = box.name, identity(box)
        self._box = box
        self._untold: set[int] = set()
        self._validity = 0
        self._told = False
        self._client: Any = logged_in(box)
        try:
            self._keeps = self._has_processed()
        except TryAgain:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        let_go(self._client)

    def select(self) -> int:
        """See `Inbox`."""
        with faults():
            self._validity = int(self._client.select_folder(self._box.folder)[b"UIDVALIDITY"])
        return self._validity

    def reopen(self) -> None:
        """See `Inbox`."""
        before = self._validity
        self.close()
        self._client = logged_in(self._box)
        if self.select() != before:
            raise TryAgain("the mails have other UIDs now")

    def stated(self) -> list[Stated]:
        """See `Inbox`. One broken mail can end the connection with this question already, as Dovecot does.

        Which one it is takes several fresh connections to find; from then on it is asked about last and alone.
        """
        found: dict[int, dict[bytes, Any]] = {}

        def ask(some: list[int]) -> None:
            with faults():
                answers = self._client.fetch(some, ["RFC822.SIZE", "INTERNALDATE"])
            for uid, answer in answers.items():
                found.setdefault(uid, {}).update(answer)  # a change of flags may come in between, without the rest

        with faults():
            uids: list[int] = sorted(self._client.search("ALL"))
        plain = (uid for uid in uids if uid not in self._untold)
        alone = (uid for uid in uids if uid in self._untold)
        self._untold = set(undone(ask, [*batches(plain), *batches(alone, 1)], self.reopen))
        if len(uids) > 1 and not found:
            raise TryAgain("the mailbox tells nothing of any mail")  # one that is alone may be a broken one
        return [stated_of(uid, found.get(uid, {})) for uid in uids]

    def bodies(self, uids: list[int]) -> dict[int, bytes]:
        """See `Inbox`."""
        with faults():
            answers = self._client.fetch(uids, ["BODY.PEEK[]"])
        return {uid: answer[b"BODY[]"] for uid, answer in answers.items() if answer.get(b"BODY[]") is not None}

    def start(self, uid: int, most: int) -> bytes | None:
        """See `Inbox`."""
        with faults():
            answer = self._client.fetch([uid], [f"BODY.PEEK[]<0.{most}>"]).get(uid, {})
        content: bytes | None = answer.get(b"BODY[]<0>")
        return content

    @property
    def copies(self) -> bool:
        """See `Inbox`."""
        return not self._can("MOVE") and self._can("UIDPLUS")

    def move(self, uids: list[int]) -> None:
        """See `Inbox`. A server with neither MOVE nor UIDPLUS keeps its mails: EXPUNGE would take others' along."""
        self._must_keep()
        if self._can("MOVE"):
            with faults():
                self._client.move(uids, self._box.processed)
        elif not self._told:
            self._told = True
            log.warning("the mail server has neither MOVE nor UIDPLUS: mail stays", extra={"mailbox": self.name})

    def copy(self, uids: list[int]) -> None:
        """See `Inbox`."""
        self._must_keep()
        with faults():
            self._client.copy(uids, self._box.processed)

    def remove(self, uids: list[int]) -> None:
        """See `Inbox`."""
        with faults():
            self._client.add_flags(uids, [b"\\Deleted"], silent=True)
            self._client.uid_expunge(uids)

    def wait(self, seconds: float, stop: threading.Event, beat: Callable[[], object]) -> None:
        """Wait for something new, so many seconds at most; `beat` is called about once a second.

        Whatever is heard is only a reason to scan: IMAPClient's `idle_check` loses lines and hides dead connections.
        """
        until = time.monotonic() + seconds
        idles = self._client.has_capability("IDLE")
        with faults():
            if idles:
                self._client.idle()
            while (left := until - time.monotonic()) > 0 and not stop.is_set():
                beat()
                if not idles:
                    stop.wait(min(SLICE, left))
                elif self._hears(min(SLICE, left)):
                    break
            if idles:
                self._client.idle_done()

    def _can(self, capability: str) -> bool:
        with faults():
            return bool(self._client.has_capability(capability))

    def _must_keep(self) -> None:
        if not self._keeps:
            raise Refused("there is no folder for processed mail")

    def _has_processed(self) -> bool:
        """Without it mail is fetched all the same, and stays where it is."""
        try:
            with faults():
                if not self._client.folder_exists(self._box.processed):
                    self._client.create_folder(self._box.processed)
        except Refused as error:
            return self._made_by_another(error)
        return True

    def _made_by_another(self, error: Refused) -> bool:
        with contextlib.suppress(Refused), faults():
            if self._client.folder_exists(self._box.processed):
                return True
        said = told(error) | {"mailbox": self.name}
        log.error("the folder for processed mail cannot be made: mail stays", extra=said)
        return False

    def _hears(self, seconds: float) -> bool:
        socket = self._client.socket()
        if getattr(socket, "pending", int)():  # TLS has read it already, poll would not tell
            return True
        poll = select.poll()
        poll.register(socket, select.POLLIN)
        return bool(poll.poll(seconds * 1000))


def stated_of(uid: int, answer: dict[bytes, Any]) -> Stated:
    """What a server's answer tells; a date that no mail can have counts as none, as does a size that is none."""
    date, size = answer.get(b"INTERNALDATE"), answer.get(b"RFC822.SIZE")
    if not (isinstance(date, datetime) and date.tzinfo and UNDATED.year < date.year < LATEST_YEAR):
        date = UNDATED
    return Stated(uid, date, size if isinstance(size, int) and 0 < size < 1 << 63 else 0)
