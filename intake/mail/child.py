"""The process that parses, as `python -m intake.mail.child`: little memory, little time, no files, no secrets."""

import os
import resource
import sys
from typing import BinaryIO

from intake.mail.frames import framed, next_frame
from intake.mail.parse import parse
from intake.mail.parsed import ParsedMail, packed

MEMORY = 1024**3
CPU_SECONDS = 20  # for one mail; the slowest honest one of 50 MB needs two
MOST_OPEN_FILES = 32


def main() -> None:
    """Parse one mail after the other until standard input ends."""
    source = os.fdopen(os.dup(0), "rb")
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not stand between two frames
    _limit()
    while (raw := _next_mail(source)) is not None:
        _allow_cpu(CPU_SECONDS)
        for frame in packed(_parsed(raw)):
            target.write(framed(frame))
            target.write(frame)
        target.flush()


def _parsed(raw: bytes) -> ParsedMail:
    try:
        return parse(raw)
    except MemoryError:
        del raw
        sys.exit(3)  # a process that ran out of memory is not used again


def _next_mail(source: BinaryIO) -> bytes | None:
    def take(count: int) -> bytes:
        content = source.read(count)
        if len(content) < count:
            raise EOFError
        return content

    try:
        return next_frame(take)
    except EOFError:
        return None


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_OPEN_FILES, MOST_OPEN_FILES))


def _allow_cpu(seconds: int) -> None:
    """So many more seconds of this process's CPU time; the kernel ends it when they are used up."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))


if __name__ == "__main__":
    main()
