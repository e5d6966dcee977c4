"""Webhooks that the database could not take: a folder of sealed files on this machine, each safe before it is answered.

One file for each, put there whole under its name: a power cut at any byte leaves a file that is whole, or one that has
no name yet. Names are moments, so that their order is that of arrival.
"""

import base64
import fcntl
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desk.desk import Desk
from desk.keyring import KeyFault
from desk.vault import SealBroken, Vault, seal, unseal
from desk.whole_file import PART, lasting_folder, new_file
from intake.phone.away.spooled import Spooled, read_spooled, written

FOLDER = "phone-spool"
"""In the data directory."""
ASIDE = "set-aside"
"""In the spool: what cannot be read, or failed again and again, until a person decides."""

EVENT = ".event"
MOST = 10_000  # files; some two thousand calls
MOST_BYTES = 64 << 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
WRITTEN_WITHIN = timedelta(minutes=1)


class SpoolFull(OSError):
    """More waits than this machine should hold."""


class Unreadable(Exception):
    """A file that was changed, moved under another name, or sealed with keys that are not on the ring."""


class Spool:
    """One folder. Any number of processes may put into it; one at a time takes out (`alone`)."""

    def __init__(self, folder: Path, vault: Vault, *, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._folder, self._vault = folder, vault
        self._most, self._most_bytes = most, most_bytes
        self._pen = threading.Lock()
        self._count, self._bytes, self._last = most, most_bytes, 0  # as if full: the first one measures

    def put(self, spooled: Spooled) -> None:
        """Keep it: when this returns, a power cut does not take it away. Raises `OSError` when it cannot be kept."""
        plain = written(spooled)
        lasting_folder(self._folder)
        while not self._put(self._new_name(spooled.real, len(plain)), plain):
            """Another process had the same moment."""

    @property
    def holds_any(self) -> bool:
        """Whether there is something to take out, or to name; quick to ask."""
        return any(name.endswith((EVENT, PART)) for name in _names(self._folder))

    def waiting(self) -> list[str]:
        """The names of what waits, the oldest first."""
        return names_waiting(self._folder)

    def read(self, name: str) -> Spooled:
        """What waits under a name. Raises `Unreadable`, and `OSError` when the disk does not give it."""
        return self._opened(self._folder / name, name)

    def remove(self, name: str) -> None:
        """It is in the database. If a power cut brings it back, it is brought there again, which changes nothing."""
        (self._folder / name).unlink(missing_ok=True)

    def set_aside(self, name: str) -> None:
        """Take it out of the way of the others, for a person."""
        lasting_folder(self._folder / ASIDE)
        with suppress(FileNotFoundError):  # somebody did already
            (self._folder / name).rename(self._folder / ASIDE / name)

    def aside(self) -> list[str]:
        """The names of what was set aside."""
        return names_aside(self._folder)

    def name_parts(self, now: datetime) -> list[str]:
        """Name the files that were being written when the power was cut; returns what was torn, and is set aside.

        Whoever sent one got no answer, but it came, and came through the gate. `now`: real time.
        """
        parts = [name for name in _names(self._folder) if name.endswith(PART) and self._left(name, now)]
        return [part for part in parts if not self._named(part)]

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else takes out, until the block ends."""
        lasting_folder(self._folder)
        handle = os.open(self._folder / "lock", os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            yield _locked(handle)
        finally:
            os.close(handle)

    def _put(self, name: str, plain: bytes) -> bool:
        try:
            with new_file(self._folder / name) as file:
                file.write(self._sealed(name, plain))
        except FileExistsError:
            return False
        return True

    def _new_name(self, real: datetime, size: int) -> str:
        """A moment, later than every other that this process used: a clock may stand still or be set back."""
        with self._pen:
            if self._full(size):
                self._measure()  # others take out
            if self._full(size):
                raise SpoolFull("too much waits for the database")
            self._count, self._bytes = self._count + 1, self._bytes + size
            self._last = max(self._last + 1, (real - EPOCH) // MICROSECOND)
            return f"{self._last:016d}{EVENT}"

    def _full(self, size: int) -> bool:
        return self._count >= self._most or self._bytes + size > self._most_bytes

    def _measure(self) -> None:
        with os.scandir(self._folder) as found:
            sizes = [size for entry in found if (size := _size(entry)) is not None]
        self._count, self._bytes = len(sizes), sum(sizes)

    def _sealed(self, name: str, plain: bytes) -> bytes:
        secret = secrets.token_bytes(32)
        ring_key, wrapped = self._vault.wrap(secret, f"phone_spool.key:{name}")
        sealed = seal(secret, plain, f"phone_spool.event:{name}")
        return json.dumps({"ring_key": ring_key, "wrapped": _text(wrapped), "sealed": _text(sealed)}).encode("ascii")

    def _opened(self, path: Path, name: str) -> Spooled:
        content = path.read_bytes()
        try:
            table = json.loads(content)
            wrapped, sealed = _bytes(table["wrapped"]), _bytes(table["sealed"])
            secret = self._vault.unwrap(str(table["ring_key"]), wrapped, f"phone_spool.key:{name}")
            return read_spooled(unseal(secret, sealed, f"phone_spool.event:{name}"))
        except (ValueError, KeyError, TypeError, SealBroken, KeyFault) as error:
            raise Unreadable from error

    def _left(self, part: str, now: datetime) -> bool:
        """Whether nobody can be writing it any more."""
        size_and_times = (self._folder / part).stat()
        return datetime.fromtimestamp(size_and_times.st_mtime, UTC) < now - WRITTEN_WITHIN

    def _named(self, part: str) -> bool:
        name = part.partition(EVENT)[0] + EVENT
        try:
            self._opened(self._folder / part, name)
        except Unreadable:
            self.set_aside(part)
            return False
        (self._folder / part).rename(self._folder / name)
        return True


def names_waiting(folder: Path) -> list[str]:
    """The names of what waits in a spool, the oldest first."""
    return sorted(name for name in _names(folder) if name.endswith(EVENT))


def names_aside(folder: Path) -> list[str]:
    """The names of what was set aside in a spool."""
    return sorted(_names(folder / ASIDE))


def arrived(name: str) -> datetime:
    """When it came, real time, to be told to a person: at one moment only one name is given."""
    return EPOCH + int(name.removesuffix(EVENT)) * MICROSECOND


def spool_of(desk: Desk) -> Spool:
    """The spool of this machine."""
    return Spool(desk.settings.data_dir / FOLDER, desk.vault)


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return []


def _size(entry: os.DirEntry[str]) -> int | None:
    """None for what is no webhook, or was taken out this moment."""
    try:
        return entry.stat().st_size if entry.name.endswith(EVENT) else None
    except FileNotFoundError:
        return None


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    return base64.b64decode(value, validate=True)
