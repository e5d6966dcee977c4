"""Ticket numbers: seven random digits and a check digit, speakable and typable on a telephone."""

import re
import secrets

# The totally anti-symmetric quasigroup of order 10 by H. Michael Damm (thesis, Marburg 2004): it catches every single
# wrong digit and every swap of neighbours.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def new_number() -> str:
    """Eight digits, not guessable and not telling how many there were; uniqueness is the database's to hold."""
    digits = f"{secrets.randbelow(10_000_000):07d}"
    return digits + str(_interim(digits))


def is_number(text: str) -> bool:
    """Whether these are eight ASCII digits whose check digit fits."""
    return re.fullmatch(r"[0-9]{8}", text) is not None and _interim(text) == 0


def numbers_in(text: str) -> list[str]:
    """Every ticket number in a text, written with or without a space, dot or dash in the middle."""
    found = ("".join(halves) for halves in re.findall(r"(?<!\d)(\d{4})[ .-]?(\d{4})(?!\d)", text))
    return [number for number in found if is_number(number)]


def spaced(number: str) -> str:
    """As people read it: `4821 7735`."""
    return f"{number[:4]} {number[4:]}"


def in_subject(number: str) -> str:
    """As it stands in the subject of a mail: `[melding 4821 7735]`."""
    return f"[melding {spaced(number)}]"


def _interim(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim
