"""A mail's text in passages: what its writer wrote now, earlier mails that it carries along, and the signature. Pure.

Nothing is dropped, and where the shape is not certain the text counts as newly written: what is folded away by mistake
is a sentence about a child that nobody reads.
"""

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from triage.telephone import Number, numbers_in
from triage.written.earlier import announces_forward, heading_of_earlier, is_forward, is_quoted, quoted_next
from triage.written.signature import signature_lines

SHORT = 6  # lines


class Kind(enum.StrEnum):
    """Whose words, and when."""

    NEW = "new"
    EARLIER = "earlier"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Passage:
    """Lines of one kind, without empty ones at either end."""

    kind: Kind
    text: str

    @property
    def short(self) -> bool:
        """Whether it may stand between answers, as the question that they are to."""
        return self.text.count("\n") < SHORT

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Telephone numbers in it."""
        return numbers_in(self.text)


def passages_of(text: str, subject: str = "") -> tuple[Passage, ...]:
    """The text from top to bottom. What was forwarded counts as new: the desk has not read it before."""
    lines = text.splitlines()
    kinds = _without_signatures(lines, [Kind.NEW] * len(lines) if is_forward(subject) else _kinds(lines))
    passages = _passages(lines, kinds)
    return passages if any(passage.kind is Kind.NEW for passage in passages) else whole(text)


def whole(text: str) -> tuple[Passage, ...]:
    """A text of which every word is new: a note, a letter of our own, what a colleague wrote down of a call."""
    return (Passage(Kind.NEW, text.strip()),) if text.strip() else ()


def newly_written(passages: Iterable[Passage]) -> str:
    """Only what the writer wrote now, a blank line between its passages."""
    return "\n\n".join(passage.text for passage in passages if passage.kind is Kind.NEW)


def _kinds(lines: Sequence[str]) -> list[Kind]:
    kinds: list[Kind] = []
    cited = False
    while (at := len(kinds)) < len(lines):
        if announces_forward(lines[at]):
            return kinds + [Kind.NEW] * (len(lines) - at)
        heading = heading_of_earlier(lines, at)
        if heading:
            cited = True
            kinds += [Kind.EARLIER] * heading
            if not quoted_next(lines[len(kinds) :]):
                return kinds + [Kind.EARLIER] * (len(lines) - len(kinds))
        else:  # a line with ">" and nobody who wrote it is the writer's own: "> 10 dagen verzuim"
            kinds.append(Kind.EARLIER if cited and is_quoted(lines[at]) else Kind.NEW)
    return kinds


def _without_signatures(lines: Sequence[str], kinds: Sequence[Kind]) -> list[Kind]:
    marked: list[Kind] = []
    for kind, run in groupby(range(len(lines)), lambda at: kinds[at]):
        here = list(run)
        signs = signature_lines([lines[at] for at in here]) if kind is Kind.NEW else [False] * len(here)
        marked += [Kind.SIGNATURE if sign else kind for sign in signs]
    return marked


def _passages(lines: Sequence[str], kinds: Sequence[Kind]) -> tuple[Passage, ...]:
    """Neighbours of one kind together; a run of empty lines belongs to what stands before it."""
    full = list(zip(kinds, lines, strict=True))
    for at, (kind, line) in enumerate(full[1:], 1):
        if not line.strip() and kind is not full[at - 1][0]:
            full[at] = (full[at - 1][0], line)
    found = [
        Passage(kind, re.sub(r"\A(?:[ \t]*\n)+", "", "\n".join(line for _kind, line in run)).rstrip())
        for kind, run in groupby(full, lambda each: each[0])
    ]
    return tuple(passage for passage in found if passage.text)
