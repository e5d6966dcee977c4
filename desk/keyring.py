"""The key file: the ring that wraps data keys, the index keys for look-ups, and the keys that never change."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SIZE = 32  # bytes of a key, for AES-256 and HMAC-SHA256
PERMANENT = ("audit", "dedup", "message_id", "session")
"""Keys that are made once: rotating them would break the chain, the duplicates check or mails under way."""


class KeyFault(Exception):
    """The key file is missing, unreadable, or not the one this database was sealed with."""


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
            tuple(Key(item["id"], _bytes(item["secret"])) for item in stored["wrapping"]),
            tuple(Key(item["id"], _bytes(item["secret"])) for item in stored["index"]),
            {name: _bytes(stored["permanent"][name]) for name in PERMANENT},
        )
    except FileNotFoundError as error:
        raise KeyFault(f"no key file at {path}; make one with: meldpunt keys new") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyFault(f"the key file {path} cannot be read") from error


def write_key_file(path: Path, ring: KeyRing, *, replace_existing: bool = False) -> None:
    """Write the ring, readable by its owner only, so that a crash leaves either the old file or the new one.

    Raises `FileExistsError` when a file is there already and `replace_existing` is false: a key file that is
    overwritten takes every sealed word with it.
    """
    if path.exists() and not replace_existing:
        raise FileExistsError(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(path.name + ".new")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(json.dumps(_stored(ring), indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def _stored(ring: KeyRing) -> dict[str, object]:
    return {
        "wrapping": [{"id": key.id, "secret": _text(key.secret)} for key in ring.wrapping],
        "index": [{"id": key.id, "secret": _text(key.secret)} for key in ring.index],
        "permanent": {name: _text(secret) for name, secret in ring.permanent.items()},
    }


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    decoded = base64.b64decode(value, validate=True)
    if len(decoded) != SIZE:
        raise ValueError("a key has 32 bytes")
    return decoded
