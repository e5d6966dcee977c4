"""The document `rules`: reading it, and refusing one that could not decide. Pure."""

import enum
import tomllib
from collections.abc import Mapping
from typing import Any

from routing.rules import PLACE, Rule, area_code
from triage.values import Area, Category, Channel, Urgency

LONGEST_NAME = 120  # what a handover holds of the rule that proposed it
TEXTS = {"name", "why", "partner"}
CHOICES: dict[str, type[enum.StrEnum]] = {
    "leading": Category,
    "any_category": Category,
    "urgency": Urgency,
    "areas": Area,
    "channel": Channel,
}


class BadRules(ValueError):
    """Rules that cannot decide; `faults` names everything wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_rules(body: str) -> tuple[Rule, ...]:
    """The rules in a TOML document, in order. Raises `BadRules`."""
    try:
        rows = tomllib.loads(body).get("rules", [])
    except tomllib.TOMLDecodeError as error:
        raise BadRules([str(error)]) from error
    rules: list[Rule] = []
    faults: list[str] = []
    for n, row in enumerate(rows, 1):
        try:
            rules.append(_rule(row))
        except (TypeError, ValueError) as error:
            faults.append(f"rule {n}: {error}")
    faults += [] if faults else _misfits(rules)
    if faults:
        raise BadRules(faults)
    return tuple(rules)


def unknown_partners(rules: tuple[Rule, ...], codes: Mapping[str, object]) -> list[str]:
    """The codes that rules may name and the directory does not hold."""
    named = {code for rule in rules for code in (rule.partner, *rule.also) if code}
    every = {code.replace(PLACE, area_code(area)) for code in named for area in Area}
    return sorted(every - codes.keys())


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(**{key: _value(key, raw) for key, raw in row.items()})


def _value(key: str, raw: Any) -> Any:
    match raw:
        case str() if key in TEXTS:
            return raw
        case bool() if key == "area_known":
            return raw
        case [*items] if key == "also" and all(isinstance(item, str) for item in items):
            return tuple(items)
        case [*items] if key in CHOICES:
            return frozenset(CHOICES[key](item) for item in items)
    raise ValueError(f"{key} cannot be {raw!r}")


def _named(rule: Rule) -> bool:
    return 0 < len(rule.name) <= LONGEST_NAME


def _misfits(rules: list[Rule]) -> list[str]:
    asks_nothing = [rule for rule in rules[:-1] if rule.asks_nothing]
    faults = [f"{rule.name}: asks nothing, so no later rule is ever reached" for rule in asks_nothing]
    faults += [
        f"{rule.name}: {PLACE} needs area_known or areas"
        for rule in rules
        if PLACE in rule.partner and not (rule.area_known or rule.areas)
    ]
    faults += [f"rule {n}: name is empty or too long" for n, rule in enumerate(rules, 1) if not _named(rule)]
    if not rules or not rules[-1].asks_nothing:
        faults.append("the last rule must ask nothing, so that there is always an answer")
    return faults
