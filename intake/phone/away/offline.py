"""What callers hear while the database is away: the last calendar and texts are kept on this machine."""

import json
import logging
from datetime import datetime
from pathlib import Path

from desk.whole_file import lasting_folder, put_file
from hours import Calendar
from intake.phone.facts import NAMES, Bodies, InForce
from intake.phone.script import Line
from intake.phone.texts.prompts import FAULT, fault_text, prompts_in_force
from routing.closed import closed_notice
from routing.texts import read_texts

log = logging.getLogger("meldpunt.phone")

FILE = "phone-texts.json"
"""In the data directory. Holds nothing about anybody."""
CLOSED = "T8"


class Offline:
    """The documents that were in force when the database last answered, in memory and in one file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._known: InForce | None = None

    def keep(self, documents: InForce, bodies: Bodies) -> None:
        """Have these spoken from now on, also by a process that starts later. A disk that refuses costs no call."""
        self._known = documents
        content = json.dumps({"newest": documents.newest, **bodies}, indent=1).encode("ascii")
        try:
            if _content(self._path) == content:
                return
            lasting_folder(self._path.parent)
            with put_file(self._path) as file:
                file.write(content)
        except OSError:
            log.exception("the texts for when the database is away could not be kept")

    def line(self, now: datetime) -> Line:
        """The one text for a call that ends with it: T8 when the kept calendar says closed, else T11. Raises nothing.

        `now`: desk time.
        """
        try:
            documents = self._known = self._known or self._read()
            if documents is not None and not documents.calendar.is_open(now):
                return Line(CLOSED, closed_notice(documents.texts, documents.calendar, now))
        except Exception:
            # A file that was tampered with, a calendar that never opens: there is always something to say.
            log.exception("what was kept for when the database is away cannot be spoken")
        return Line(FAULT, fault_text())

    def _read(self) -> InForce | None:
        content = _content(self._path)
        if content is None:
            return None
        table = json.loads(content)
        calendar, prompts, texts = (str(table[name]) for name in NAMES)
        return InForce(int(table["newest"]), Calendar.from_toml(calendar), prompts_in_force(prompts), read_texts(texts))


def _content(path: Path) -> bytes | None:
    """What stands in the file; None when there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
