"""What callers do who are with nobody and wait for nobody: in words, for one of them and for several."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from intake.phone.menu import Step


class Does(NamedTuple):
    """The end of a sentence about one caller, and about several."""

    one: str
    several: str


CHOOSES = Does("kiest in het menu", "kiezen in het menu")
LEAVES = Does("verlaat de wachtrij", "verlaten de wachtrij")
CONNECTED = Does("wordt doorverbonden", "worden doorverbonden")
CLOSED = Does("hoort dat wij dicht zijn", "horen dat wij dicht zijn")
CALL_BACK = Does("vraagt om terugbellen", "vragen om terugbellen")
SPEAKS = Does("spreekt in", "spreken in")
FAREWELL = Does("hoort de laatste zin", "horen de laatste zin")

DOES: Mapping[Step | None, Does] = {
    Step.RINGING: CONNECTED,
    Step.WAITING: LEAVES,
    Step.CLOSED: CLOSED,
    Step.CLOSING: CLOSED,
    Step.NUMBER: CALL_BACK,
    Step.CONFIRM: CALL_BACK,
    Step.VOICEMAIL: SPEAKS,
    Step.PROMISED: FAREWELL,
    Step.LEFT: FAREWELL,
    Step.TALKED: FAREWELL,
    Step.END: FAREWELL,
}
"""At each step that is not one of the menu."""
SEVERAL = dict([CHOOSES, LEAVES, *DOES.values()])


def counted(words: Iterable[str]) -> list[str]:
    """How many callers do what, in sentences."""
    return [f"1 beller {one}." if n == 1 else f"{n} bellers {SEVERAL[one]}." for one, n in Counter(words).items()]
