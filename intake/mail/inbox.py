"""What fetching needs of a mailbox, whatever stands behind it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Of a mail whose date the server cannot tell; fixed, because it is part of what tells a mail from others."""


@dataclass(frozen=True)
class Stated:
    """What the server says about a mail before it is fetched. Together this tells it from every other one."""

    uid: int
    internaldate: datetime
    """`UNDATED` when the server cannot tell it."""
    size: int
    """0 when the server cannot tell it."""

    @property
    def untold(self) -> bool:
        """Whether the server tells nothing of it but that it is there."""
        return self.internaldate == UNDATED and not self.size


class Inbox(Protocol):
    """A folder to empty. Every method raises `TryAgain` when the connection fails; `reopen` is then all it can do."""

    name: str
    """As people call it."""
    identity: str
    """Where UIDs mean something: `user@host:port/folder`."""

    def select(self) -> int:
        """Open the folder anew and give its UIDVALIDITY; UIDs hold for as long as it stays open."""

    def reopen(self) -> None:
        """Connect anew and open the folder. Raises `TryAgain` when it is away, or its UIDs mean something else."""

    def stated(self) -> list[Stated]:
        """Every mail in the folder. All, not the unseen ones: somebody else may have opened a mail."""

    def bodies(self, uids: list[int]) -> dict[int, bytes]:
        """The bytes of mails, none marked as seen; those that vanished meanwhile are missing. Raises `Refused`."""

    def start(self, uid: int, most: int) -> bytes | None:
        """The first bytes of a mail; None when it vanished. Raises `Refused`."""

    @property
    def copies(self) -> bool:
        """Whether this server needs `copy` and then `remove` instead of `move`."""

    def move(self, uids: list[int]) -> None:
        """Move mails to the folder for what is done. Raises `Refused`, on some servers when one vanished meanwhile."""

    def copy(self, uids: list[int]) -> None:
        """Copy mails to the folder for what is done: all of them, or it raises `Refused`."""

    def remove(self, uids: list[int]) -> None:
        """Take mails out of the folder for good. Raises `Refused`."""
