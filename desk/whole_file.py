"""Files that are never half there: written beside their place under a name of their own, then put there at once."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PART = ".part"
"""How the names of files end that are being written, or were when the power was cut."""


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that stands at `path` when the block ends, safe from a power cut, and not at all when it raises.

    Only its owner may read it. Raises `FileExistsError`, before the block or after it, when there is one already.
    """
    if os.path.lexists(path):
        raise _taken(path)
    with _scratch(path) as (scratch, out):
        yield out
        _flush(out)
        _put(scratch, path)


@contextmanager
def replaced_file(path: Path) -> Iterator[BinaryIO]:
    """The same in place of a file that is there, of which owner, group and mode are kept; links are followed."""
    real = path.resolve()
    before = real.stat()
    with _scratch(real) as (scratch, out):
        made = os.fstat(out.fileno())
        if (made.st_uid, made.st_gid) != (before.st_uid, before.st_gid):
            os.fchown(out.fileno(), before.st_uid, before.st_gid)
        os.fchmod(out.fileno(), before.st_mode & 0o7777)
        yield out
        _flush(out)
        scratch.replace(real)
        _keep_names(real.parent)


@contextmanager
def put_file(path: Path) -> Iterator[BinaryIO]:
    """A file that stands at `path` when the block ends, in place of one that may be there; only its owner may read it.

    When the block raises, or the power is cut, what was there is there still.
    """
    with _scratch(path) as (scratch, out):
        yield out
        _flush(out)
        scratch.replace(path)
        _keep_names(path.parent)


def lasting_folder(path: Path) -> None:
    """Make a folder, and those above it, that are there after a power cut; only its owner may look into it."""
    if path.is_dir():
        return
    lasting_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    _keep_names(path.parent)


@contextmanager
def _scratch(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A name that nobody else writes to: made with O_EXCL and O_NOFOLLOW, mode 0600."""
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=PART, dir=path.parent)
    scratch = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            os.fchmod(out.fileno(), 0o600)  # a umask may have taken even that away
            yield scratch, out
    finally:
        scratch.unlink(missing_ok=True)


def _put(scratch: Path, path: Path) -> None:
    """Give the file its name unless another took it meanwhile, which only a hard link does in one step."""
    try:
        path.hardlink_to(scratch)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError as error:  # a memory stick or a share that knows no hard links
        if os.path.lexists(path):
            raise _taken(path) from error
        scratch.rename(path)
    _keep_names(path.parent)


def _taken(path: Path) -> FileExistsError:
    return FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def _flush(out: BinaryIO) -> None:
    out.flush()
    os.fsync(out.fileno())


def _keep_names(folder: Path) -> None:
    """Have a folder's names survive a power cut too: fsync(2) of a file says nothing about its name."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
