"""Telephone numbers as people in the Netherlands read them, and as a telephone dials them. Pure."""

import re

DIALLED = re.compile(r"\+?[0-9]{3,15}")


def shown(number: str) -> str:
    """As people read it: "06 - 0000 0142" for +31600000142, "010 - 000 01 88"; what is not Dutch as it is."""
    plain = _plain(number)
    if plain.startswith("+31"):
        plain = "0" + plain.removeprefix("+31")
    if not re.fullmatch(r"0[0-9]{9}", plain):
        return number
    if plain.startswith("06"):
        return f"06 - {plain[2:6]} {plain[6:]}"
    return f"{plain[:3]} - {plain[3:6]} {plain[6:8]} {plain[8:]}"


def dial_link(number: str | None) -> str | None:
    """A `tel:` address for a call button; None when this is no number that a telephone could dial."""
    plain = _plain(number or "")
    return f"tel:{plain}" if DIALLED.fullmatch(plain) else None


def _plain(number: str) -> str:
    return re.sub(r"[\s().-]|(?<=\d)/", "", number)
