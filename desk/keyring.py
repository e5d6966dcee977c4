"""The key file: the ring that wraps data keys, the index keys for look-ups, and the keys that never change."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from desk.whole_file import new_file, replaced_file

SIZE = 32  # bytes of a key, for AES-256 and HMAC-SHA256
LONGEST_ID = 16  # letters; what the column `data_key.ring_key` holds
PERMANENT = ("audit", "dedup", "message_id", "session")
"""Keys that are made once: rotating them would break the chain, the duplicates check or mails under way."""


class KeyFault(Exception):
    """The key file is missing, unreadable, or not the one this database was sealed with."""


class KeyBusy(Exception):
    """Another process is changing the key file."""


@dataclass(frozen=True)
class Key:
    """One secret of 32 bytes and the short name it is known by in the database."""

    id: str
    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "Key":
        """Make a fresh random key."""
        return cls(secrets.token_hex(4), secrets.token_bytes(SIZE))


@dataclass(frozen=True)
class KeyRing:
    """Every key of a site, newest first; the first of `wrapping` and `index` is used for what is new."""

    wrapping: tuple[Key, ...]
    index: tuple[Key, ...]
    permanent: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def new(cls) -> "KeyRing":
        """Make the keys of a fresh site."""
        return cls((Key.new(),), (Key.new(),), {name: secrets.token_bytes(SIZE) for name in PERMANENT})

    def rotated(self) -> "KeyRing":
        """The same ring with a new wrapping and a new index key in front; old ones still open what they sealed."""
        return replace(self, wrapping=(Key.new(), *self.wrapping), index=(Key.new(), *self.index))

    def lacks(self, other: "KeyRing") -> bool:
        """Whether the other ring holds any key that this one does not."""
        kept = set(other.wrapping) <= set(self.wrapping) and set(other.index) <= set(self.index)
        return not kept or self.permanent != other.permanent

    def wrapper(self, key_id: str) -> Key:
        """The wrapping key of that name. Raises `KeyFault` when it is not on the ring."""
        for key in self.wrapping:
            if key.id == key_id:
                return key
        raise KeyFault(f"the key file lacks wrapping key {key_id}")

    def derived(self, name: str, purpose: str) -> bytes:
        """A sub-key of 32 bytes of a permanent key, by HKDF-SHA256 (RFC 5869)."""
        return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self.permanent[name])


def read_key_file(path: Path) -> KeyRing:
    """Read the ring. Raises `KeyFault` when the file is missing or damaged; never makes one."""
    try:
        stored = json.loads(path.read_text("ascii"))
        return KeyRing(
            _keys(stored["wrapping"]),
            _keys(stored["index"]),
            {name: _bytes(stored["permanent"][name]) for name in PERMANENT},
        )
    except FileNotFoundError as error:
        raise KeyFault(f"no key file at {path}; make one with: meldpunt keys new") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyFault(f"the key file {path} cannot be read") from error


def write_key_file(path: Path, ring: KeyRing) -> None:
    """Write the ring of a fresh site, readable by its owner only.

    Raises `FileExistsError` when a file is there already: one that is overwritten takes every sealed word with it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with new_file(path) as file:
        file.write(_written(ring))


def replace_key_file(path: Path, ring: KeyRing) -> None:
    """Put a ring in place of one that it holds every key of; a crash leaves either the old file or the new one.

    Raises `KeyFault` when a key would be lost. Call it under `alone_with`.
    """
    if ring.lacks(read_key_file(path)):
        raise KeyFault(f"the key file {path} holds a key that would be lost; nothing was changed")
    with replaced_file(path) as file:
        file.write(_written(ring))


@contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Hold the key file from before it is read until what follows from it is done. Raises `KeyBusy` at once.

    The lock lies beside the file, because the file itself is another one after it was replaced.
    """
    real = path.resolve()
    handle = os.open(real.with_name(real.name + ".lock"), os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise KeyBusy("another rotation is going on; wait until it has ended") from error


def _written(ring: KeyRing) -> bytes:
    return (json.dumps(_stored(ring), indent=1) + "\n").encode("ascii")


def _stored(ring: KeyRing) -> dict[str, object]:
    return {
        "wrapping": [{"id": key.id, "secret": _text(key.secret)} for key in ring.wrapping],
        "index": [{"id": key.id, "secret": _text(key.secret)} for key in ring.index],
        "permanent": {name: _text(secret) for name, secret in ring.permanent.items()},
    }


def _keys(stored: list[dict[str, str]]) -> tuple[Key, ...]:
    keys = tuple(Key(_id(item["id"]), _bytes(item["secret"])) for item in stored)
    if not keys or len({key.id for key in keys}) != len(keys):
        raise ValueError("a ring has keys, and no two of one name")
    return keys


def _id(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID:
        raise ValueError("the name of a key is a short text")
    return value


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    decoded = base64.b64decode(value, validate=True)
    if len(decoded) != SIZE:
        raise ValueError("a key has 32 bytes")
    return decoded
