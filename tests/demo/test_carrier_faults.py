"""Each knob of the network, turned: what the desk gets, what the caller hears, what the network writes down."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from demo.carrier import Carrier, Faults
from tests.demo.carrier_desk import CALLER, URL, SmallDesk, a_carrier, a_desk

SORRY = "We are sorry, an application error has occurred. Goodbye."
STUBBORN = "#rc=2&rp=all&rt=6000"


@dataclass(frozen=True)
class Case:
    """A fault on the way to the first document. `visits`: how often the desk was asked for it."""

    faults: Callable[[], Faults]
    heard: str
    visits: int
    codes: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    fragment: str = ""
    silence: float = 0.0
    """Seconds until the caller hears something."""


CASES = {
    "refused once": Case(lambda: Faults(refuse=1), "Welkom.", 1, notes=("geweigerd", "poging 2")),
    "refused twice": Case(lambda: Faults(refuse=2), SORRY, 0, (11205,), ("geweigerd", "poging 2, geweigerd")),
    "every connection refused": Case(lambda: Faults(unreachable=1), SORRY, 0, (11205,)),
    "stalled beyond all patience": Case(lambda: Faults(stall=1), SORRY, 1, (11205,), ("traag",), silence=15),
    "stalled and asked again": Case(
        lambda: Faults(stall=1), "Welkom.", 2, notes=("traag", "poging 2"), fragment=STUBBORN, silence=6
    ),
    "slow, within patience": Case(lambda: Faults(stall=1, stall_seconds=4), "Welkom.", 1, notes=("traag",), silence=4),
    "cut off after delivery": Case(lambda: Faults(cut=1), SORRY, 1, (11205,), ("antwoord verloren",)),
    "cut off and asked again": Case(
        lambda: Faults(cut=1), "Welkom.", 2, notes=("antwoord verloren", "poging 2"), fragment=STUBBORN
    ),
    "every answer lost": Case(lambda: Faults(lose=1), SORRY, 3, (11205,), fragment=STUBBORN),
    "502 from a proxy": Case(lambda: Faults(proxy=[502]), SORRY, 0, (11200,), ("antwoord van onderweg",)),
    "502 from a proxy, asked again": Case(lambda: Faults(proxy=[502, 503]), "Welkom.", 1, fragment=STUBBORN),
    "403 from a proxy": Case(lambda: Faults(proxy=[403]), SORRY, 0, (11200,), fragment="#rc=2&rp=5xx"),
    "504 after delivery": Case(lambda: Faults(proxy_after=[504]), SORRY, 1, (11200,), ("onderweg werd het 504",)),
    "504 after delivery, asked again": Case(lambda: Faults(proxy_after=[504]), "Welkom.", 2, fragment=STUBBORN),
    "a page of a proxy": Case(lambda: Faults(proxy=[200]), SORRY, 0, (12200,)),
    "everything garbled": Case(lambda: Faults(garble=1), SORRY, 1, (11200,)),
    "twice": Case(lambda: Faults(duplicate=1), "Welkom.", 2, notes=("", "dubbel bezorgd")),
}


@pytest.mark.parametrize("name", CASES)
def test_a_fault_on_the_way_to_the_first_document(name: str) -> None:
    case, desk = CASES[name], a_desk("<Say>Welkom.</Say>")
    carrier = a_carrier(desk, voice=f"/in{case.fragment}", faults=case.faults())
    carrier.number.status_url = None
    call = carrier.dial(CALLER)
    call.wait_until_over()
    assert (call.heard, len(desk.at("/in"))) == ([case.heard], case.visits)
    assert tuple(alert.code for alert in carrier.alerts) == case.codes
    assert tuple(hook.note for hook in carrier.journal)[: len(case.notes)] == case.notes
    first = next(turn for turn in call.turns if turn.text == case.heard)
    assert first.start == pytest.approx(case.silence, abs=0.5)


@pytest.mark.parametrize("faults", [Faults(cut=1), Faults(proxy_after=[502]), Faults(stall=1)])
def test_what_the_desk_did_not_see_answered_it_did_all_the_same(faults: Faults) -> None:
    desk = a_desk('<Gather numDigits="1" action="/turn"/>').says("/turn", "<Say>Dank u.</Say>")
    carrier = a_carrier(desk)
    call = carrier.dial(CALLER)
    _turn(carrier, faults)
    call.press("9")
    call.wait_until_over()
    assert (call.heard, desk.form_of("/turn")["Digits"]) == ([SORRY], "9")
    assert len(desk.at("/status")) == 1


def test_the_fallback_speaks_when_something_in_between_fails() -> None:
    desk = a_desk("<Say>Welkom.</Say>").says("/vangnet", "<Say>Storing.</Say>")
    call = a_carrier(desk, fallback=f"{URL}/vangnet", faults=Faults(proxy=[503])).dial(CALLER)
    call.wait_until_over()
    assert (call.heard, desk.form_of("/vangnet")["ErrorCode"]) == (["Storing."], "11200")


@dataclass(frozen=True)
class Callbacks:
    """A knob for callbacks, and in which order the desk then hears of three."""

    faults: Callable[[], Faults]
    order: str


CALLBACKS = {
    "nothing": Callbacks(Faults, "abc"),
    "all kept back": Callbacks(lambda: Faults(reorder=1), "abc"),
    "all lost": Callbacks(lambda: Faults(drop=1), ""),
    "all twice": Callbacks(lambda: Faults(duplicate=1), "aabbcc"),
    "one refused, and not asked again": Callbacks(lambda: Faults(proxy=[503]), "bc"),
    "the answer of one lost": Callbacks(lambda: Faults(cut=1), "abc"),
    "one kept back": Callbacks(lambda: Faults(reorder=0.5, chance=_Chances(0.1, 0.9, 0.9)), "bac"),
    "the last one kept back": Callbacks(lambda: Faults(reorder=0.5, chance=_Chances(0.9, 0.9, 0.1)), "abc"),
    "two kept back": Callbacks(lambda: Faults(reorder=0.5, chance=_Chances(0.1, 0.1, 0.9)), "cab"),
}


class _Chances(random.Random):
    """Chance that was agreed upon."""

    def __init__(self, *numbers: float) -> None:
        super().__init__(0)
        self._numbers = list(numbers)

    def random(self) -> float:
        return self._numbers.pop(0)


@pytest.mark.parametrize("name", CALLBACKS)
def test_callbacks_arrive_as_the_knobs_say(name: str) -> None:
    desk = SmallDesk().says("/in", "<Pause/>").says("/a", "").says("/b", "").says("/c", "")
    carrier = a_carrier(desk)
    carrier.number.status_url = None
    call = carrier.dial(CALLER)
    _turn(carrier, CALLBACKS[name].faults())
    for letter in "abc":
        carrier.call_back(call, "POST", f"{URL}/{letter}", {"CallSid": call.sid})
    carrier.settle()
    assert "".join(seen.path.strip("/") for seen in desk.seen if seen.path != "/in") == CALLBACKS[name].order


def _turn(carrier: Carrier, faults: Faults) -> None:
    """Turn the knobs while the network runs."""
    vars(carrier.faults).update(vars(faults))


def test_the_same_seed_gives_the_same_course() -> None:
    assert _course(7) == _course(7)
    assert _course(7) != _course(8)


def _course(seed: int) -> list[tuple[str, str]]:
    chance = random.Random(seed)
    desk = a_desk("<Redirect>/next</Redirect>").says("/next", "<Say>Welkom.</Say>")
    faults = Faults(
        duplicate=0.3, lose=0.2, garble=0.1, unreachable=0.1, drop=0.1, delay=30, reorder=0.3, chance=chance
    )
    carrier = a_carrier(desk, faults=faults)
    for _ in range(20):
        carrier.dial(CALLER).wait_until_over()
    carrier.settle()
    return [(hook.path, hook.note) for hook in carrier.journal]
