"""What a parsed mail is, and how it travels from the child process: JSON first, then the bytes of its files."""

import enum
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


class Defect(enum.StrEnum):
    """What a reader of the ticket should know about the mail's form."""

    GUESSED_LETTERS = "guessed_letters"
    REPAIRED_HEADER = "repaired_header"
    BROKEN_STRUCTURE = "broken_structure"
    BROKEN_FILE = "broken_file"
    NO_SENDER = "no_sender"
    LONG_TEXT = "long_text"
    CUT_TEXT = "cut_text"
    OTHER_VERSION = "other_version"


@dataclass(frozen=True)
class File:
    """A file that came with the mail, under a safe name."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class ParsedMail:
    """A mail as people read it. `readable` is false when only its header lines could be made out."""

    sender_name: str | None = None
    sender_address: str | None = None
    subject: str = ""
    text: str = ""
    message_id: str | None = None
    answers: tuple[str, ...] = ()
    """Message-IDs of In-Reply-To, then of References from the right: the nearest first."""
    returned: tuple[str, ...] = ()
    """Message-IDs of letters that a delivery report sends back."""
    marks: Mapping[str, tuple[str, ...]] | None = None
    """Header lines by which machine mail is known; names in lower case."""
    defects: tuple[Defect, ...] = ()
    readable: bool = True
    files: tuple[File, ...] = ()


def packed(mail: ParsedMail) -> Iterator[bytes]:
    """The frames of a mail: one of JSON, then one for each file."""
    plain = {name: value for name, value in vars(mail).items() if name != "files"}
    plain["files"] = [[file.name, file.media_type] for file in mail.files]
    yield json.dumps(plain).encode("ascii")
    yield from (file.content for file in mail.files)


def unpacked(first: bytes, frames: Iterator[bytes]) -> ParsedMail:
    """The mail that `packed` gave. Raises `ValueError` or `KeyError` for anything else."""
    plain = json.loads(first)
    files = tuple(File(name, kind, next(frames)) for name, kind in plain.pop("files"))
    marks = {name: tuple(values) for name, values in (plain.pop("marks") or {}).items()}
    defects = tuple(Defect(value) for value in plain.pop("defects"))
    answers, returned = tuple(plain.pop("answers")), tuple(plain.pop("returned"))
    return ParsedMail(**plain, answers=answers, returned=returned, marks=marks, defects=defects, files=files)
