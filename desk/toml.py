"""Writes a document of tables as TOML, for pages that put a new version in force; pure."""

import json
from collections.abc import Mapping

Value = str | int


def toml(head: str, tables: Mapping[str, Mapping[str, Value]]) -> str:
    """The document: `head` as comments, then each table. Names are letters, digits and underscores."""
    comments = "".join(f"# {line}\n" for line in head.splitlines())
    return "\n".join([comments, *(_table(name, rows) for name, rows in tables.items())])


def _table(name: str, rows: Mapping[str, Value]) -> str:
    return f"[{name}]\n" + "".join(f"{key} = {_value(value)}\n" for key, value in rows.items())


def _value(value: Value) -> str:
    if isinstance(value, int):
        return str(value)
    if "\n" not in value:
        return _escaped(value)
    lines = "\n".join(_escaped(line)[1:-1] for line in value.split("\n"))
    return f'"""\n{lines}"""'


def _escaped(text: str) -> str:
    """A string of JSON is one of TOML, but for the sign that JSON lets through."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
