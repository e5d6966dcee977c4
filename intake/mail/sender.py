"""Who sent a mail: strictly by the book with mail-parser, else as far as broken headers can still be read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import mailparser

from intake.mail.headers import ENCODED_WORD, clean, decoded, unfolded

ORDER = ("from", "reply-to", "sender", "return-path")
MOST_NAME, MOST_ADDRESS = 200, 254
MOST_LINES, MOST_LINE = 5, 2_000  # of one name, and characters: quoted words cost the square of a line's length

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\(([^()]*)\)")
_ANGLE = re.compile(r"<([^<>]{3,400})>")
# Bounded, or a line of one long word costs the square of its length.
_BARE = re.compile(r"[^\s@<>(),;:\"]{1,64}@[^\s@<>(),;:\"]{1,253}")


@dataclass(frozen=True)
class Sender:
    """Name and address as far as they can be read."""

    name: str | None
    address: str | None


def sender_of(headers: Mapping[str, Sequence[str]]) -> Sender:
    """The first usable sender: every From in order, then Reply-To, Sender, Return-Path. Keys are lower case.

    A From without an address still gives its name.
    """
    lines = (line[:MOST_LINE] for name in ORDER for line in headers.get(name, ())[:MOST_LINES])
    found = [_read(line) for line in lines]
    name = next((sender.name for sender in found if sender.name), None)
    first = next((sender for sender in found if sender.address), None)
    return Sender(first.name or name, first.address) if first else Sender(name, None)


def _read(value: str) -> Sender:
    return _by_the_book(value) or _leniently(unfolded(value))


def _by_the_book(value: str) -> Sender | None:
    """What mail-parser reads, unless it reports a defect: then it drops names, halves them or finds nobody."""
    if not value.isascii():
        return None
    mail = mailparser.parse_from_bytes(b"From: " + value.encode("ascii") + b"\n\n")
    if mail.address_header_defects or not mail.from_:
        return None
    name, address = mail.from_[0]
    return Sender(_tidy_name(name, address), address) if _usable(address) else None


def _leniently(text: str) -> Sender:
    """The first address in angle brackets, else the first bare one; encoded and quoted words are no place to look."""
    masked = _QUOTED.sub(_filler, ENCODED_WORD.sub(_filler, text))
    for found in _ANGLE.finditer(masked):
        if address := _usable(found[1]):
            earlier = _BARE.search(masked, 0, max(0, masked.rfind(",", 0, found.start())))
            return _bare(text, earlier) if earlier else Sender(_tidy_name(text[: found.start()], address), address)
    if bare := _BARE.search(masked):
        return _bare(text, bare)
    readable = decoded(text)
    bare = _BARE.search(readable)
    return _bare(readable, bare) if bare else Sender(_tidy_name(readable, ""), None)


def _bare(text: str, found: re.Match[str]) -> Sender:
    address = _usable(found[0])
    comment = _COMMENT.search(text)
    name = comment[1] if comment else text[: found.start()].rpartition(",")[2]
    return Sender(_tidy_name(name, address or ""), address)


def _usable(address: str) -> str | None:
    whole = "".join(clean(address).split()).strip("\"'").rstrip(".")
    return whole if len(whole) <= MOST_ADDRESS and _BARE.fullmatch(whole) else None


def _tidy_name(text: str, address: str) -> str | None:
    name = re.sub(r"\\(.)", r"\1", decoded(text).strip(" \t\"'<>(),;")).strip()
    return name[:MOST_NAME] if name and name.casefold() != address.casefold() else None


def _filler(match: re.Match[str]) -> str:
    return "\x01" * len(match[0])
