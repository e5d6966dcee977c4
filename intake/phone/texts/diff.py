"""What differs between two wordings, word for word; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\S+\s*")


@dataclass(frozen=True)
class Piece:
    """Some words, and whether the other wording lacks them."""

    words: str
    differs: bool


def both(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The old wording and the new one, each in pieces."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    left = _pieces(("".join(before[a:b]), tag != "equal") for tag, a, b, _c, _d in steps)
    right = _pieces(("".join(after[c:d]), tag != "equal") for tag, _a, _b, c, d in steps)
    return tuple(left), tuple(right)


def _pieces(found: Iterator[tuple[str, bool]]) -> Iterator[Piece]:
    return (Piece(words, differs) for words, differs in found if words)
