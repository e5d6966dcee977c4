"""The script as a whole: every text has one place, and every way leads somewhere."""

import pytest

from intake.phone.texts.diff import Piece, both
from intake.phone.texts.line_rules import LineRules
from intake.phone.texts.prompts import BLANKS, KEYS
from intake.phone.texts.speech import seconds_to_say
from intake.phone.texts.tree import NAMES, stops
from intake.phone.texts.wording import OF_ROUTING
from tests.intake.phone.texts.test_sounds import GREETING

STOPS = stops(LineRules())


def test_every_text_has_a_name_and_one_place_in_the_order_of_a_call() -> None:
    codes = [code for stop in STOPS for code in stop.codes]
    assert set(codes) == {*BLANKS, *OF_ROUTING}
    assert codes == list(NAMES)


def test_every_way_leads_to_a_place_that_is_there() -> None:
    anchors = {stop.anchor for stop in STOPS}
    assert len(anchors) == len(STOPS)
    assert {way.to for stop in STOPS for way in stop.ways if way.to} <= anchors


@pytest.mark.parametrize("code", sorted(set(KEYS) - {"T2", "F2"}))
def test_the_keys_that_a_text_names_are_among_the_ways(code: str) -> None:
    (place,) = (stop for stop in STOPS if code in stop.codes)
    assert KEYS[code] <= {way.key for way in place.ways}


def test_the_times_that_hold_are_told() -> None:
    told = " ".join(f"{stop.hint} {stop.ways}" for stop in stops(LineRules(ring_seconds=33, longest_wait=1)))
    assert "33 seconden lang" in told
    assert "Na 1 minuut" in told


def test_the_greeting_takes_as_long_as_it_was_measured() -> None:
    assert 7 < seconds_to_say(GREETING) < 8


def test_two_wordings_are_compared_word_for_word() -> None:
    old, new = both("Het is druk. Kies 9.", "Het is erg druk. Kies 9.")
    assert old == (Piece("Het is ", differs=False), Piece("druk. Kies 9.", differs=False))
    assert [piece.words for piece in new if piece.differs] == ["erg "]
    assert both("", "Nieuw.") == ((), (Piece("Nieuw.", differs=True),))
