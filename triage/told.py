"""How far a caller came in what the line says, in a few words for whoever calls them back. Pure.

The last text may have been cut short by a key or by hanging up: pages say "kwam tot", never "hoorde".

Codes are those of the desk's texts (domain 8); a code that is not known here is shown as it is.
"""

import re
from datetime import timedelta

COMES_TO_DANGER = timedelta(seconds=4)
"""Until "Is een kind nu in gevaar?" was said, the second sentence of T1 and of T8 (T1 takes 7.7 s in all)."""

TOLD = {
    "T1": "bij gevaar 112 bellen",
    "T2": "het keuzemenu",
    "T2A": "nummer intoetsen",
    "T2B": "nummer niet herkend",
    "T3": "112, Veilig Thuis en de Kindertelefoon",
    "T4": "iedereen is in gesprek",
    "T5": "het is nog druk, terugbellen kan",
    "T6": "terugbellen, eigen nummer intoetsen",
    "T7": "inspreken na de piep; bij haast Veilig Thuis",
    "T8": "wij zijn dicht; bij gevaar 112, bij haast Veilig Thuis",
    "T9": "wij gaan nu dicht en bellen u terug",
    "T10": "wij zijn vandaag eerder dicht",
    "T11": "er is een storing; bij gevaar 112, bij haast Veilig Thuis",
    "T13": "het gesprek is voorbij",
    "T14": "het bericht is opgenomen",
}


ASKED_FOR = re.compile(r"\b(T4|T5|T8) T6\b")
"""The line asks for a number (T6) of whoever chose that, and of whom it has no place in the queue for."""


def told_words(codes: str) -> tuple[str, ...]:
    """The texts of "T1 T7" in words, in the order heard, each once."""
    return tuple(dict.fromkeys(TOLD.get(code.upper(), code) for code in codes.split()))


def asked_to_be_called(codes: str) -> bool:
    """Whether the caller chose to be called back: with 9 in the queue (T4, T5), or with 1 at a closed desk (T8)."""
    return ASKED_FOR.search(codes.upper()) is not None


def heard_the_danger_line(codes: str, lasted: timedelta | None = None) -> bool:
    """Whether the caller was told what to do when a child is in danger (the first words of T1, T3, T7, T8 and T11).

    Not in a call that `lasted` too short for the voice to come to it; None when it is not known how long it was.
    """
    if lasted is not None and lasted < COMES_TO_DANGER:
        return False
    return not {"T1", "T3", "T7", "T8", "T11"}.isdisjoint(code.upper() for code in codes.split())
