"""How long the line rings, waits and tries, as the table `line` of the document `prompts` says; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta

LIMITS: Mapping[str, tuple[int, int]] = {
    "ring_seconds": (5, 60),  # a carrier takes no less than five
    "longest_wait": (1, 60),
    "wrap_up_seconds": (0, 900),
    "most_waiting": (1, 100),
    "free_after_danger": (0, 120),
    "callback_tries": (1, 10),
    "callback_retry_minutes": (1, 480),
}
"""The least and the most of each."""


@dataclass(frozen=True)
class LineRules:
    """Whole numbers. `longest_wait` and `free_after_danger` are minutes, `most_waiting` callers."""

    ring_seconds: int = 20
    longest_wait: int = 8
    wrap_up_seconds: int = 60
    most_waiting: int = 20
    free_after_danger: int = 15
    callback_tries: int = 3
    callback_retry_minutes: int = 30

    @property
    def wrap_up(self) -> timedelta:
        """How long the telephone of a colleague does not ring after a call."""
        return timedelta(seconds=self.wrap_up_seconds)


def line_faults(table: object) -> list[str]:
    """Everything wrong with the table; what it leaves out is as usual."""
    if not isinstance(table, dict):
        return ["line: expected a table"]
    return [fault for name, value in table.items() if (fault := _fault(name, value))]


def line_rules(table: Mapping[str, int]) -> LineRules:
    """The rules of a table without faults."""
    return LineRules(**{field.name: table[field.name] for field in fields(LineRules) if field.name in table})


def _fault(name: str, value: object) -> str:
    if name not in LIMITS:
        return f"line: {name} is not known"
    least, most = LIMITS[name]
    if type(value) is not int or not least <= value <= most:  # True is an int, and no number of seconds
        return f"line: {name} is a whole number from {least} to {most}"
    return ""
