"""The log: one JSON line per event on stderr, without personal data.

A line holds the constant text of its message, never what was put into it; fields of the list below, each of the shape
that its name allows; and of an error its type and where it arose, never what it says. Whoever wants more
follows the id.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

CODE = re.compile(r"[A-Za-z][A-Za-z_.-]{0,59}")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z]{2}[0-9a-f]{32}")
COUNTED = re.compile(r"[1-9]\d{0,9}")  # a telephone number begins with a nought or a plus
NUMBER = re.compile(r"\d{1,5}(\.\d{1,6})?")

FIELDS: dict[str, re.Pattern[str]] = {
    "action": CODE,
    "attempt": NUMBER,
    "attempts": NUMBER,
    "call": ID,
    "child": CODE,
    "contact": ID,
    "count": NUMBER,
    "error": CODE,
    "fault": CODE,
    "head": re.compile(r"[0-9a-f]{64}"),
    "job": ID,
    "kind": CODE,
    "mail": ID,
    "mailbox": re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,59}"),
    "message_id": re.compile(r"<m\.[0-9a-f]+\.[0-9a-f]+@[\w.-]+>"),
    "method": re.compile(r"[A-Z]{1,10}"),
    "ms": NUMBER,
    "outcome": CODE,
    "raw_mail": COUNTED,
    "reason": CODE,
    "recording": ID,
    "route": re.compile(r"[A-Za-z/][\w./<>:-]{0,79}"),
    "seconds": NUMBER,
    "state": CODE,
    "status": re.compile(r"\d{3}|[a-z_]{1,24}"),
    "step": CODE,
    "ticket": re.compile(r"\d{8}"),
    "uid": COUNTED,
}
"""What a line may tell besides its text, and the shape it must have."""

MOST_FRAMES = 12
HIDDEN = "(hidden)"
# What a library may have written into its text before it reached us.
PRIVATE = re.compile(r"\S+@\S+|\+?\d[\d .()-]{4,}\d|'[^']*'|\"[^\"]*\"|<[^>]*>|b?'.*'")
# Where such a text begins to tell what it met: "Invalid request from ip=…: …".
TOLD = re.compile(r"[:=].*", re.DOTALL)
ROOT = Path(__file__).resolve().parent.parent


def start_log(level: str = "info", stream: TextIO | None = None) -> None:
    """Write the log of this process to `stream` (stderr) from `level` on; libraries are heard from warnings on."""
    import structlog  # a third of a second that a command without a log need not wait

    handler = logging.StreamHandler(stream or sys.stderr)
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    clean = structlog.stdlib.ProcessorFormatter(
        processors=[_cleaned, render], use_get_message=False, pass_foreign_args=True
    )
    handler.setFormatter(clean)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("meldpunt").setLevel(level.upper())


def _cleaned(_logger: object, _method: str, event: MutableMapping[str, Any]) -> dict[str, object]:
    record: logging.LogRecord = event["_record"]
    line: dict[str, object] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "log": record.name,
        "event": _text(record, whole=bool(event.get("positional_args"))),
    }
    line |= {name: _shaped(name, vars(record)[name]) for name in sorted(FIELDS.keys() & vars(record).keys())}
    error = (event.get("exc_info") or (None, None))[1]
    return line if error is None else line | _error(error)


def _text(record: logging.LogRecord, *, whole: bool) -> str:
    """The message without its arguments. Ours are constant (ruff G004 sees to it); those of libraries are searched.

    A library's text is `whole` when its arguments came beside it. Without any it may have been put together, so that
    only its beginning is told.
    """
    text = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    if record.name.split(".")[0] == "meldpunt":
        return text
    return PRIVATE.sub(HIDDEN, text if whole else TOLD.sub(HIDDEN, text))


def _shaped(name: str, value: object) -> object:
    if value is None or isinstance(value, bool | UUID):
        return value if not isinstance(value, UUID) else str(value)
    fits = FIELDS[name].fullmatch(str(value))
    return (value if isinstance(value, int | float) else str(value)) if fits else HIDDEN


def _error(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    return {
        "error": type(error).__name__,
        "causes": [type(cause).__name__ for cause in _causes(error)],
        "frames": [f"{_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _causes(error: BaseException) -> list[BaseException]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [] if cause is None else [cause, *_causes(cause)]


def _place(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(path.parts[-2:])
