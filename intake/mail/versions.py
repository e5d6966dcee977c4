"""Whether one version of a text says what the other does not (the versions of a multipart/alternative). Pure."""

import re
from collections.abc import Iterable

MOST_COMPARED = 1_000_000  # characters; a longer version is not compared but kept

_WORD = re.compile(r"[^\W\d_]{2,}")
_FOR_PROGRAMS = re.compile(r"<[^<>\s]{1,2000}>|\[[^\[\]\n]{1,200}\]|\bhttps?://\S{1,2000}")  # links, places of pictures


def says_more(texts: Iterable[str], chosen: Iterable[str]) -> bool:
    """Whether `texts` hold a word that `chosen` lack. Links and places of pictures are no words."""
    text = "\n".join(texts)
    if len(text) > MOST_COMPARED:
        return True
    return not _words(_FOR_PROGRAMS.sub(" ", text)) <= _words("\n".join(chosen))


def _words(text: str) -> set[str]:
    return {found[0].casefold() for found in _WORD.finditer(text)}
