"""Telephone numbers as people in the Netherlands read them, and as a telephone dials them. Pure."""

import re
from dataclasses import dataclass

DIALLED = re.compile(r"\+?[0-9]{3,15}")
_ACCOUNT = r"\b[A-Z]{2}\d\d\s?[A-Z]{4}[\d\s]*"  # of a bank: its last ten digits look like a number
_PREFIX = r"(?:(?:\+|\b00)31[\s.-]{0,2}(?:\(0\))?|(?<!\d)\(?0)"
_DUTCH = re.compile(
    rf"{_ACCOUNT}|(?<![\d+])(?P<number>{_PREFIX}[\s().-]{{0,3}}[1-9](?:[\s().-]{{0,3}}\d){{8}})(?![\d@])"
)
_DUTCH_PREFIX = re.compile(r"^(?:\+31|0031|0)0?")


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


@dataclass(frozen=True)
class Number:
    """A number in a text: how people read it, and the address of a call button."""

    words: str
    link: str


def numbers_in(text: str) -> tuple[Number, ...]:
    """Dutch numbers in a text in order, each once; what is too long or too short is a date, an account or a code."""
    written = (found["number"] for found in _DUTCH.finditer(text) if found["number"])
    plain = (_DUTCH_PREFIX.sub("+31", _plain(number)) for number in written)
    return tuple(Number(shown(number), f"tel:{number}") for number in dict.fromkeys(plain))


def _plain(number: str) -> str:
    return re.sub(r"[\s().-]|(?<=\d)/", "", number)
