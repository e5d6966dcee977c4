"""One measured figure, and the file that keeps them."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Result:
    """A value beside its floor. `budget` says in words what `ratio` (or, without a floor, `value`) must hold to."""

    name: str
    value: float
    unit: str
    floor: float | None
    ratio: float | None
    budget: str
    holds: bool

    def line(self) -> str:
        """As a person reads it."""
        beside = f"floor {self.floor:,.2f}, ratio {self.ratio:.2f}" if self.floor and self.ratio else "no floor"
        verdict = "holds" if self.holds else "FAILS"
        return f"{verdict} {self.name}: {self.value:,.2f} {self.unit} ({beside}; {self.budget})"


def at_least(name: str, value: float, unit: str, floor: float, budget: float) -> Result:
    """A rate that must be at least `budget` times the floor's."""
    ratio = value / floor
    return Result(name, value, unit, floor, ratio, f"at least {budget} x the floor", ratio >= budget)


def at_most(name: str, value: float, unit: str, floor: float, budget: float) -> Result:
    """A time that must be at most `budget` times the floor's."""
    ratio = value / floor
    return Result(name, value, unit, floor, ratio, f"at most {budget} x the floor", ratio <= budget)


def below(name: str, value: float, unit: str, limit: float) -> Result:
    """A time with a limit of its own."""
    return Result(name, value, unit, None, None, f"below {limit:g} {unit}", value < limit)


def above(name: str, value: float, unit: str, limit: float) -> Result:
    """A rate with a limit of its own."""
    return Result(name, value, unit, None, None, f"at least {limit:g} {unit}", value >= limit)


def write(results: Iterable[Result]) -> None:
    """Keep the results of this run beside the programs."""
    rows = [{key: _short(value) for key, value in asdict(item).items()} for item in results]
    FILE.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


def _short(value: object) -> object:
    return round(value, 3) if isinstance(value, float) else value
