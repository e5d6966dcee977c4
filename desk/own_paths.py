"""Which addresses that a browser hands us are pages of ours; all others are forgotten."""

import re

from flask import current_app
from werkzeug.exceptions import HTTPException

OWN_PATH = re.compile(r"(?P<path>/(?:[\w-][\w/-]*)?)(?:\?[\w=&.%-]*)?", re.ASCII)


def own_path(wanted: str | None, method: str = "GET") -> str:
    """`wanted` if it is a path of ours that answers `method`; else nothing, so that a bad link does no harm."""
    found = OWN_PATH.fullmatch(wanted or "")
    return found[0] if found and _answers(found["path"], method) else ""


def _answers(path: str, method: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method)
    except HTTPException:
        return False
    return True
