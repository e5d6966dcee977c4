"""What a spoken text must hold at its place: its blanks, the keys that work there, and danger first; pure."""

import enum
import re
from dataclasses import dataclass

from intake.phone.texts.speech import seconds_to_say

PLACEHOLDER = re.compile(r"\{(\w*)\}")
NAMED_KEY = re.compile(r"\b(?:kies|toets) (\d)\b", re.IGNORECASE)
DANGER = "één, één, twee"
SOON = 8  # seconds within which a caller hears what to do when a child is in danger
LONGEST = 1_500  # signs; a carrier takes 4096, and nobody listens for two minutes


class Wrong(enum.Enum):
    """The kinds of fault, as they are told to whoever writes the document."""

    MISSING = "the text is missing"
    TOO_LONG = f"more than {LONGEST} signs"
    BLANK_MISSING = "{{{}}} is missing"
    BLANK_UNKNOWN = "{{{}}} cannot be filled in"
    KEY_MISSING = "key {} is not named"
    KEY_UNKNOWN = "key {} does nothing here"
    DANGER_LATE = f"{DANGER} is not heard within {SOON} seconds"


@dataclass(frozen=True)
class TextFault:
    """One thing that is wrong; `what` is the blank or the key that it is about."""

    wrong: Wrong
    what: str = ""

    def __str__(self) -> str:
        return self.wrong.value.format(self.what)


@dataclass(frozen=True)
class Demands:
    """What a text must hold. `may` are blanks that it can do without."""

    blanks: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    danger: bool = False

    def faults(self, text: str) -> list[TextFault]:
        """Everything wrong with a text."""
        if not text.strip():
            return [TextFault(Wrong.MISSING)]
        blanks, keys = set(PLACEHOLDER.findall(text)), set(NAMED_KEY.findall(text))
        faults = [TextFault(Wrong.BLANK_MISSING, blank) for blank in sorted(self.blanks - blanks)]
        faults += [TextFault(Wrong.BLANK_UNKNOWN, blank) for blank in sorted(blanks - self.blanks - self.may)]
        faults += [TextFault(Wrong.KEY_MISSING, key) for key in sorted(self.keys - keys)]
        faults += [TextFault(Wrong.KEY_UNKNOWN, key) for key in sorted(keys - self.keys)]
        faults += [TextFault(Wrong.DANGER_LATE)] if self.danger and _danger_late(text) else []
        return faults + ([TextFault(Wrong.TOO_LONG)] if len(text) > LONGEST else [])


def _danger_late(text: str) -> bool:
    before, danger, _rest = text.partition(DANGER)
    return not danger or seconds_to_say(before + danger) > SOON
