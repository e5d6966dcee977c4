"""Sealing and opening: AES-256-GCM under data keys, data keys under the ring, look-ups by keyed hash."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from functools import lru_cache, partial
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from desk.keyring import KeyRing

NONCE = 12
MOST_TERMS = 100_000  # kept at hand: people use the same words again and again
FORM = b"\x01"  # first byte of every sealed value, so that a later form can be told apart


class SealBroken(Exception):
    """A sealed value was changed, moved to another cell, or sealed with another key."""


class Opener(Protocol):
    """What can open and seal the cells of a row: a data key."""

    @property
    def secret(self) -> bytes | None:
        """32 bytes, or None when the key was destroyed and the content with it."""


def seal(secret: bytes, plain: bytes, place: str) -> bytes:
    """Seal `plain` for one place (`table.column:row`); it opens nowhere else."""
    nonce = secrets.token_bytes(NONCE)
    return FORM + nonce + AESGCM(secret).encrypt(nonce, plain, place.encode())


def unseal(secret: bytes, sealed: bytes, place: str) -> bytes:
    """Open what `seal` closed. Raises `SealBroken` when key, place or bytes differ."""
    if sealed[:1] != FORM or len(sealed) <= NONCE:
        raise SealBroken(place)
    try:
        return AESGCM(secret).decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], place.encode())
    except InvalidTag as error:
        raise SealBroken(place) from error


class Vault:
    """The ring at work: wraps data keys and makes the keyed hashes by which sealed values are found again."""

    def __init__(self, ring: KeyRing) -> None:
        self.ring = ring
        self._term = lru_cache(MOST_TERMS)(partial(_term, ring.index[0].secret))

    def wrap(self, secret: bytes, place: str) -> tuple[str, bytes]:
        """Wrap a data key with the newest wrapping key; returns (key id, wrapped bytes)."""
        key = self.ring.wrapping[0]
        return key.id, seal(key.secret, secret, place)

    def unwrap(self, key_id: str, wrapped: bytes, place: str) -> bytes:
        """Open a wrapped data key. Raises `KeyFault` for an unknown key and `SealBroken` for a wrong one."""
        return unseal(self.ring.wrapper(key_id).secret, wrapped, place)

    def lookup(self, kind: str, value: str) -> bytes:
        """The hash under which a value (already normalised) is stored: key mark, then 16 bytes of HMAC-SHA256."""
        return self.lookups(kind, value)[0]

    def lookups(self, kind: str, value: str) -> list[bytes]:
        """The hashes to search for: one for every index key on the ring, so that rotation loses no row."""
        text = f"{kind}\0{value}".encode()
        return [_keyed(key.secret, text) for key in self.ring.index]

    def terms(self, words: Iterable[str]) -> list[bytes]:
        """The hashes of analysed search terms, eight bytes each, as stored with what is new."""
        return [self._term(word) for word in words]

    def term_lookups(self, word: str) -> list[bytes]:
        """The hashes to search for: an analysed term under every index key on the ring."""
        return [_keyed(key.secret, b"term\0" + word.encode())[:8] for key in self.ring.index]

    def content_key(self, parts: Iterable[bytes]) -> bytes:
        """Keyed hash of byte strings, each bound to its length; under the key that never rotates."""
        mac = hmac.new(self.ring.permanent["dedup"], digestmod=hashlib.sha256)
        for part in parts:
            mac.update(len(part).to_bytes(8, "big"))
            mac.update(part)
        return mac.digest()


def _term(secret: bytes, word: str) -> bytes:
    return _keyed(secret, b"term\0" + word.encode())[:8]


def _keyed(secret: bytes, text: bytes) -> bytes:
    return hmac.digest(secret, text, "sha256")[:16]
