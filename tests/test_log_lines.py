"""Every line of the log tells what it means to: constant text, and fields that the log lets through."""

import ast
from collections.abc import Iterator
from pathlib import Path

from desk.log import FIELDS
from tests.source import Source, read_sources

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def test_no_line_has_a_hole_or_a_field_that_is_dropped() -> None:
    assert _speechless(read_sources()) == []


def test_a_planted_fault_is_found(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text('log.info("away: %s", 1)\nlog.error("lost", extra={"raws": [1], "count": 1})\n')
    assert len(_speechless(read_sources(tmp_path))) == 2


def _speechless(sources: list[Source]) -> list[str]:
    return [
        source.at(call.lineno, fault)
        for source in sources
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in LEVELS
        for fault in _faults(call)
    ]


def _faults(call: ast.Call) -> Iterator[str]:
    match call.args:
        case [ast.Constant(value=str(text)), *_] if "%" in text:
            yield f"the log leaves the hole in {text!r} open"
    yield from (f"the log drops {name}" for name in _fields(call) if name not in FIELDS)


def _fields(call: ast.Call) -> Iterator[str]:
    for keyword in call.keywords:
        if keyword.arg == "extra" and isinstance(keyword.value, ast.Dict):
            yield from (str(key.value) for key in keyword.value.keys if isinstance(key, ast.Constant))
