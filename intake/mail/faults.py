"""What an IMAP server's faults mean for the next step: a fresh connection, another question, or patience."""

import contextlib
import imaplib
from collections.abc import Iterator

from desk.sender import TryAgain


class Refused(Exception):
    """The server answered NO or BAD; the connection still works."""


class LoginRefused(TryAgain):
    """The server does not let the desk in: asked again slowly, because servers lock out whoever insists."""


@contextlib.contextmanager
def faults() -> Iterator[None]:
    """Turn IMAPClient's and the socket's exceptions into `TryAgain` (throw the connection away) or `Refused`."""
    try:
        yield
    except (imaplib.IMAP4.abort, OSError) as error:
        raise TryAgain(f"imap: {type(error).__name__}") from error
    except imaplib.IMAP4.error as error:  # IMAPClient's own errors are of this class too
        raise Refused(type(error).__name__) from error


def told(error: BaseException) -> dict[str, str]:
    """What a line of the log may tell of a fault: its kind, and the kind of what it came from."""
    root = error
    while root.__cause__:
        root = root.__cause__
    return {"fault": type(error).__name__, "reason": type(root).__name__}
