"""Which texts are played from a recording, as the versioned document `sounds` says; pure."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from uuid import UUID

from desk.toml import toml

NAME = "sounds"
HEAD = "Written by the page Teksten: which texts of the telephone are played from a recording."
ENDINGS: Mapping[str, str] = {"audio/wav": "wav", "audio/mpeg": "mp3"}
SHA256 = re.compile(r"[0-9a-f]{64}")


class BadSounds(ValueError):
    """A document that does not say which recordings there are."""


@dataclass(frozen=True)
class Sound:
    """A recording of one text, the hash of that text, and the blob that holds the bytes. `seconds` is its length."""

    text_sha256: str
    sha256: str
    media_type: str
    blob: str
    seconds: int

    @property
    def file(self) -> str:
        """Its name in an address: what it holds, so that it can be kept for ever."""
        return f"{self.sha256}.{ENDINGS[self.media_type]}"

    @property
    def blob_id(self) -> UUID:
        """Where its bytes stand."""
        return UUID(self.blob)

    def speaks(self, text: str) -> bool:
        """Whether this is the text that was recorded, to the letter."""
        return self.text_sha256 == text_hash(text)


Sounds = Mapping[str, Sound]


def text_hash(text: str) -> str:
    """By which a recording knows its text."""
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=8)
def read_sounds(body: str) -> Sounds:
    """Every recording, by the code of its text. Raises `BadSounds`."""
    try:
        return {code: _sound(row) for code, row in tomllib.loads(body).items()}
    except (TypeError, ValueError, AttributeError) as error:
        raise BadSounds(str(error)) from error


def written(sounds: Sounds) -> str:
    """The document that says so."""
    return toml(HEAD, {code: asdict(sound) for code, sound in sounds.items()})


def files_by_text(sounds: Sounds, texts: Mapping[str, str]) -> Mapping[str, str]:
    """The file to play for each text that has a recording of exactly its words."""
    return {texts[code]: sound.file for code, sound in sounds.items() if sound.speaks(texts.get(code, ""))}


def _sound(row: Mapping[str, object]) -> Sound:
    sound = Sound(**row)  # type: ignore[arg-type]  # looked at in the next lines
    UUID(sound.blob)
    hashes = (sound.text_sha256, sound.sha256)
    if sound.media_type not in ENDINGS or not all(SHA256.fullmatch(one) for one in hashes):
        raise ValueError("a recording has two hashes and a known media type")
    if type(sound.seconds) is not int:
        raise ValueError("the length is a whole number of seconds")
    return sound
