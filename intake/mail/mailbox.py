r"""One IMAP mailbox: all that the desk asks of a server, and nothing that some lack (keywords, CONDSTORE, \Seen)."""

import select
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self

from desk.sender import TryAgain
from desk.settings import Mailbox
from intake.mail.faults import Refused, faults
from intake.mail.login import identity, let_go, logged_in

MOST_UIDS = 500  # in one command: some servers refuse long lines
SLICE = 1.0  # seconds between two looks at `stop` while idle


@dataclass(frozen=True)
class Stated:
    """What the server says about a mail before it is fetched. Together this tells it from every other one."""

    uid: int
    internaldate: datetime
    size: int


class Inbox(Protocol):
    """What fetching needs of a mailbox. Every method raises `TryAgain` when the connection fails."""

    identity: str
    """Where UIDs mean something: `user@host:port/folder`."""

    def select(self) -> int:
        """Open the folder anew and give its UIDVALIDITY; UIDs hold for as long as it stays open."""

    def stated(self) -> list[Stated]:
        """Every mail in the folder. All, not the unseen ones: somebody else may have opened a mail."""

    def bodies(self, uids: list[int]) -> dict[int, bytes]:
        """The bytes of mails, none marked as seen; those that vanished meanwhile are missing. Raises `Refused`."""

    def start(self, uid: int, most: int) -> bytes | None:
        """The first bytes of a mail; None when it vanished. Raises `Refused`."""

    def move(self, uids: Iterable[int]) -> None:
        """Move mails to the folder for what is done. Raises `Refused`, on some servers when one vanished meanwhile."""


class Connection:
    """An `Inbox` over IMAP, logged in. After any `TryAgain` it is thrown away, never mended."""

    def __init__(self, box: Mailbox) -> None:
        """Connect, log in and make the folder for what is done when it is absent. Raises `TryAgain`."""
        self.identity = identity(box)
        self._folder = box.folder
        self._processed = box.processed
        self._client: Any = logged_in(box)
        try:
            self._ensure_processed()
        except (TryAgain, Refused):
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
            return int(self._client.select_folder(self._folder)[b"UIDVALIDITY"])

    def stated(self) -> list[Stated]:
        """See `Inbox`."""
        answers: dict[int, dict[bytes, Any]] = {}
        with faults():
            for some in _batches(self._client.search("ALL")):
                answers |= self._client.fetch(some, ["RFC822.SIZE", "INTERNALDATE"])
        return [
            Stated(uid, answer[b"INTERNALDATE"], answer[b"RFC822.SIZE"])
            for uid, answer in sorted(answers.items())
            if b"RFC822.SIZE" in answer and b"INTERNALDATE" in answer  # else it vanished meanwhile
        ]

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

    def move(self, uids: Iterable[int]) -> None:
        """See `Inbox`. A server with neither MOVE nor UIDPLUS keeps its mails: EXPUNGE would take others' along."""
        for some in _batches(list(uids)):
            with faults():
                if self._client.has_capability("MOVE"):
                    self._client.move(some, self._processed)
                elif self._client.has_capability("UIDPLUS"):
                    self._client.copy(some, self._processed)
                    self._client.add_flags(some, [b"\\Deleted"], silent=True)
                    self._client.uid_expunge(some)

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

    def _ensure_processed(self) -> None:
        try:
            with faults():
                if not self._client.folder_exists(self._processed):
                    self._client.create_folder(self._processed)
        except Refused as error:
            with faults():
                if not self._client.folder_exists(self._processed):  # another machine may have been as quick
                    raise TryAgain("the folder for processed mail cannot be made") from error

    def _hears(self, seconds: float) -> bool:
        socket = self._client.socket()
        if getattr(socket, "pending", int)():  # TLS has read it already, poll would not tell
            return True
        poll = select.poll()
        poll.register(socket, select.POLLIN)
        return bool(poll.poll(seconds * 1000))


def _batches(uids: list[int]) -> Iterator[list[int]]:
    return (uids[at : at + MOST_UIDS] for at in range(0, len(uids), MOST_UIDS))
