"""What was said to a caller, word for word, and how far it came: kept with the call; pure."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from intake.phone.texts.speech import seconds_to_say

SENTENCE = re.compile(r"(?<=[.?!…])\s+")
MOST = 100_000  # characters kept of one call


@dataclass(frozen=True)
class Said:
    """One text. `at`: whole seconds since the call began."""

    at: int
    code: str
    text: str


def add(kept: str | None, at: float, lines: Iterable[tuple[str, str]]) -> str:
    """The list `kept` with lines of (code, text) after it."""
    rows: list[list[object]] = json.loads(kept) if kept else []
    rows += [[int(at), code, text] for code, text in lines]
    whole = json.dumps(rows, ensure_ascii=False)
    return whole if len(whole) <= MOST or kept is None else kept


def read(kept: str | None) -> tuple[Said, ...]:
    """Everything that was said, in order."""
    return tuple(Said(int(at), str(code), str(text)) for at, code, text in json.loads(kept or "[]"))


def last_sentence(said: tuple[Said, ...], ended: float) -> str:
    """The sentence that was being spoken when the call ended, `ended` seconds after it began; empty for none.

    By how fast the voice speaks: give or take a sentence. What was said at one moment was said one after the other,
    and cut short whatever was said before.
    """
    heard = [each for each in said if each.at <= ended]
    begins = float(heard[-1].at) if heard else 0.0
    sentences = [part for each in heard if each.at == heard[-1].at for part in SENTENCE.split(each.text)]
    last = ""
    for sentence in sentences:
        if begins > ended:
            break
        last = sentence
        begins += seconds_to_say(sentence)
    return last
