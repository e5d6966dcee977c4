"""A webhook that the database could not take, as it is written down until it can. Pure."""

import json
from dataclasses import dataclass
from datetime import datetime

from intake.phone.script import Line


@dataclass(frozen=True)
class Spooled:
    """A webhook that came through the gate. Both times are when it came, aware UTC."""

    path: str
    form: tuple[tuple[str, str], ...]
    at: datetime
    """Desk time."""
    real: datetime
    last: Line | None = None
    """What the caller heard, after which the call ended; None when nobody was told anything."""


def written(spooled: Spooled) -> bytes:
    """The webhook as bytes, which `read_spooled` reads; lone surrogates and all else come back as they were."""
    table = {
        "path": spooled.path,
        "form": spooled.form,
        "at": spooled.at.isoformat(),
        "real": spooled.real.isoformat(),
        "last": spooled.last and (spooled.last.code, spooled.last.text),
    }
    return json.dumps(table).encode("ascii")


def read_spooled(content: bytes) -> Spooled:
    """Raises `ValueError`, `KeyError` or `TypeError` for what `written` did not write."""
    table = json.loads(content)
    form = tuple((str(name), str(value)) for name, value in table["form"])
    at, real = datetime.fromisoformat(table["at"]), datetime.fromisoformat(table["real"])
    last = Line(*map(str, table["last"])) if table["last"] else None
    return Spooled(str(table["path"]), form, at, real, last)
