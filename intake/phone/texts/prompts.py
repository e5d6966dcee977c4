"""The Dutch texts of the telephone, as the versioned document `prompts` holds them; pure."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cache, lru_cache
from pathlib import Path

from intake.phone.promise import PromiseRule
from intake.phone.texts.line_rules import LineRules, line_faults, line_rules
from intake.phone.texts.text_faults import PLACEHOLDER, Demands

NAME = "prompts"
FAULT = "T11"
STAFF = "T12"  # said by a colleague, not by the line
SEED = Path(__file__).with_name("prompts.toml")

BLANKS: Mapping[str, frozenset[str]] = {
    "T1": frozenset(),
    "T2": frozenset(),
    "T2a": frozenset(),
    "T2b": frozenset(),
    "T3": frozenset(),
    "T4": frozenset(),
    "T5": frozenset({"uiterlijk"}),
    "T6_vraag": frozenset(),
    "T6_controle": frozenset({"nummer"}),
    "T6_belofte": frozenset({"uiterlijk"}),
    "T7": frozenset({"uiterlijk"}),
    "T8_nogmaals": frozenset(),
    "T9": frozenset({"uiterlijk"}),
    "T10": frozenset({"sluitingstijd"}),
    FAULT: frozenset(),
    STAFF: frozenset(),
    "T13": frozenset(),
    "T14": frozenset(),
    "F1": frozenset(),
    "F2": frozenset(),
}
"""Every text, and the blanks that it must have: a promise without its time would be none."""

KEYS: Mapping[str, frozenset[str]] = {
    "T2": frozenset("012"),
    "T3": frozenset("0"),
    "T4": frozenset("9"),
    "T5": frozenset("9"),
    "T6_controle": frozenset("1"),
    "F1": frozenset("1"),
    "F2": frozenset("1"),
}
"""The keys that work where a text is spoken: it names each of them and no other."""
DANGER_FIRST = frozenset({"T1", "T3", "T7", FAULT})
"""Where a caller may hang up at once: they must have heard what to do when a child is in danger."""


class BadPrompts(ValueError):
    """Texts with which no call could be answered; `faults` names everything wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Prompts:
    """All texts of one version. `sounds`: which of them, to the letter, are played from which recording."""

    texts: Mapping[str, str]
    promises: PromiseRule = field(default_factory=PromiseRule)
    line: LineRules = field(default_factory=LineRules)
    sounds: Mapping[str, str] = field(default_factory=dict)

    def text(self, code: str, **blanks: str) -> str:
        """A text with its blanks filled in."""
        return PLACEHOLDER.sub(lambda blank: blanks[blank.group(1)], self.texts[code])


@cache
def fault_text() -> str:
    """T11 as it ships with the desk: what a caller hears when there is no database to ask."""
    return read_prompts(SEED.read_text("utf-8")).text(FAULT)


@lru_cache(maxsize=8)
def read_prompts(body: str) -> Prompts:
    """Read a document that is to be put in force: it must be whole. Raises `BadPrompts` with every fault."""
    table = _table(body)
    texts, faults = _texts(table), _strays(table)
    faults += [f"{code}: {fault}" for code in BLANKS for fault in demands(code).faults(texts.get(code, ""))]
    return _prompts(table, texts, faults)


@lru_cache(maxsize=8)
def prompts_in_force(body: str) -> Prompts:
    """Read a document that was put in force, perhaps by an earlier version of this desk.

    A text that it lacks, or that no longer fits the line (it names keys that are gone), is spoken as it ships with the
    desk: nobody is cut off by an upgrade. Raises `BadPrompts` for anything else that is wrong.
    """
    table = _table(body)
    known, shipped = _texts(table), read_prompts(SEED.read_text("utf-8")).texts
    texts = {code: shipped[code] if demands(code).faults(known.get(code, "")) else known[code] for code in BLANKS}
    return _prompts(table, texts, [])


def demands(code: str) -> Demands:
    """What a text of the line must hold."""
    return Demands(BLANKS[code], keys=KEYS.get(code, frozenset()), danger=code in DANGER_FIRST)


def _table(body: str) -> dict[str, object]:
    try:
        return tomllib.loads(body)
    except tomllib.TOMLDecodeError as error:
        raise BadPrompts([str(error)]) from error


def _texts(table: Mapping[str, object]) -> dict[str, str]:
    given = table.get("texts", {})
    return {code: text for code, text in given.items() if isinstance(text, str)} if isinstance(given, dict) else {}


def _strays(table: Mapping[str, object]) -> list[str]:
    tables = [f"{name}: no such table" for name in table if name not in {"promises", "line", "texts"}]
    return tables + [f"{code}: no such text" for code in _texts(table) if code not in BLANKS]


def _prompts(table: Mapping[str, object], texts: Mapping[str, str], faults: list[str]) -> Prompts:
    line, promises = table.get("line", {}), table.get("promises", {})
    faults = faults + line_faults(line) + _promise_faults(promises)
    if faults or not isinstance(line, dict) or not isinstance(promises, dict):
        raise BadPrompts(faults)
    return Prompts(texts, _promise_rule(promises), line_rules(line))


def _promise_faults(table: object) -> list[str]:
    names = ("same_day_until", "next_day_by")
    if not isinstance(table, dict) or set(table) - set(names):
        return [f"promises: expected {' and '.join(names)}"]
    return [f"promises: {name} is written as 15.30" for name, value in table.items() if _clock_time(value) is None]


def _promise_rule(table: Mapping[str, object]) -> PromiseRule:
    usual = PromiseRule()
    return PromiseRule(
        _clock_time(table.get("same_day_until")) or usual.same_day_until,
        _clock_time(table.get("next_day_by")) or usual.next_day_by,
    )


def _clock_time(value: object) -> time | None:
    match = re.fullmatch(r"(\d\d?)[.:](\d\d)", str(value))
    try:
        return time(int(match[1]), int(match[2])) if match else None
    except ValueError:
        return None
