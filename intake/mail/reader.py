"""The mail process's end of the parsing child: starts it, asks it, and replaces it after a fault."""

import os
import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from intake.mail.frames import framed, next_frame
from intake.mail.parsed import ParsedMail, unpacked

SECONDS = 30.0
HOUSE = Path(__file__).resolve().parents[2]


class Defeated(Exception):
    """The child died of a mail, or gave no answer in time; it is replaced, and the mail may be tried again."""


class Reader:
    """One warm child. `begin` hands it a mail and `finish` takes the result, so that both sides can work at once."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._deadline = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def read(self, raw: bytes) -> ParsedMail:
        """Parse one mail. Raises `Defeated`."""
        self.begin(raw)
        return self.finish()

    def begin(self, raw: bytes) -> None:
        """Hand over a mail; nothing may be under way. A child that is gone shows at `finish`."""
        child = self._running()
        self._deadline = time.monotonic() + self._seconds
        try:
            for piece in (framed(raw), raw):
                _sent(child, piece)
        except OSError:
            child.kill()

    def finish(self) -> ParsedMail:
        """The mail that `begin` handed over, parsed. Raises `Defeated`."""
        try:
            first = next_frame(self._take)
            return unpacked(first, iter(lambda: next_frame(self._take), None))
        except (EOFError, OSError, TimeoutError, ValueError, KeyError) as error:
            self.close()
            raise Defeated(type(error).__name__) from error

    def close(self) -> None:
        """End the child, however busy."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is not None:
            self.close()
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "intake.mail.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a traceback would quote the mail
                cwd=HOUSE,
                env={},  # hostile mail meets no password there
                start_new_session=True,  # Ctrl-C ends the parent, which then ends this in order
            )
        return self._child

    def _take(self, count: int) -> bytes:
        out = self._child.stdout if self._child else None
        if out is None:
            raise EOFError
        poll = select.poll()
        poll.register(out, select.POLLIN)
        content = bytearray()
        while len(content) < count:
            if not poll.poll(max(0.0, self._deadline - time.monotonic()) * 1000):
                raise TimeoutError
            piece = os.read(out.fileno(), min(count - len(content), 1024 * 1024))
            if not piece:
                raise EOFError
            content += piece
        return bytes(content)


def _sent(child: subprocess.Popen[bytes], content: bytes) -> None:
    if child.stdin is not None:
        child.stdin.write(content)
        child.stdin.flush()
