"""The Dutch texts of the telephone, as the versioned document `prompts` holds them; pure."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cache, lru_cache
from pathlib import Path

from intake.phone.promise import PromiseRule

NAME = "prompts"
FAULT = "T11"
SEED = Path(__file__).with_name("prompts.toml")
PLACEHOLDER = re.compile(r"\{(\w*)\}")

BLANKS: Mapping[str, frozenset[str]] = {
    "T1": frozenset(),
    "T2": frozenset(),
    "T6_vraag": frozenset(),
    "T6_controle": frozenset({"nummer"}),
    "T6_belofte": frozenset({"uiterlijk"}),
    "T7": frozenset({"uiterlijk"}),
    "T10": frozenset({"sluitingstijd"}),
    FAULT: frozenset(),
}
"""Every text, and the blanks that it must have: a promise without its time would be none."""


class BadPrompts(ValueError):
    """Texts with which no call could be answered; `faults` names everything wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Prompts:
    """All texts of one version."""

    texts: Mapping[str, str]
    promises: PromiseRule = field(default_factory=PromiseRule)

    def text(self, code: str, **blanks: str) -> str:
        """A text with its blanks filled in."""
        return PLACEHOLDER.sub(lambda blank: blanks[blank.group(1)], self.texts[code])


@cache
def fault_text() -> str:
    """T11 as it ships with the desk: what a caller hears when there is no database to ask."""
    return read_prompts(SEED.read_text("utf-8")).text(FAULT)


@lru_cache(maxsize=8)
def read_prompts(body: str) -> Prompts:
    """Read the document. Raises `BadPrompts` with every fault."""
    try:
        table = tomllib.loads(body)
    except tomllib.TOMLDecodeError as error:
        raise BadPrompts([str(error)]) from error
    given = table.get("texts", {})
    texts = {code: text for code, text in given.items() if isinstance(text, str)} if isinstance(given, dict) else {}
    faults = [fault for code, blanks in BLANKS.items() for fault in _faults(code, texts.get(code, ""), blanks)]
    faults += [f"{code}: no such text" for code in texts if code not in BLANKS]
    if faults:
        raise BadPrompts(faults)
    return Prompts(texts, _promises(table.get("promises", {})))


def _faults(code: str, text: str, blanks: frozenset[str]) -> list[str]:
    if not text.strip():
        return [f"{code}: the text is missing"]
    found = set(PLACEHOLDER.findall(text))
    missing = [f"{code}: {{{blank}}} is missing" for blank in sorted(blanks - found)]
    return missing + [f"{code}: {{{blank}}} cannot be filled in" for blank in sorted(found - blanks)]


def _promises(table: object) -> PromiseRule:
    usual = PromiseRule()
    given = {"same_day_until": usual.same_day_until, "next_day_by": usual.next_day_by}
    if not isinstance(table, dict) or set(table) - set(given):
        raise BadPrompts([f"promises: expected {' and '.join(given)}"])
    given |= {name: _clock_time(name, value) for name, value in table.items()}
    return PromiseRule(given["same_day_until"], given["next_day_by"])


def _clock_time(name: str, value: object) -> time:
    match = re.fullmatch(r"(\d\d?)[.:](\d\d)", str(value))
    try:
        return time(int(match.group(1)), int(match.group(2))) if match else time.fromisoformat("")
    except ValueError as error:
        raise BadPrompts([f"promises: {name} is written as 15.30"]) from error
