"""What is told without a person: the words of the domain, and documents that could not be told."""

import pytest

import routing
from routing.texts import PLACES, BadTexts, read_texts

SEED = routing.SEEDS["texts"].read_text("utf-8")


def test_the_seed_holds_every_text_there_must_be() -> None:
    assert read_texts(SEED).keys() == PLACES.keys()


def test_danger_comes_first_in_all_that_is_told_to_somebody_outside() -> None:
    for code in ("T8", "M1", "M2"):
        text = read_texts(SEED)[code].text
        assert text.index("Is een kind nu in gevaar?") < 40
        assert "één, één, twee" in text or "112" in text


def test_the_letter_to_a_partner_holds_the_number_and_nothing_of_the_ticket() -> None:
    assert PLACES["M4"] == {"kenmerk", "meldnummer"}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("[T8]", "[T9]"), "T9: no such text"),
        (("[M2]", "[M3]"), "M2: expected a text"),
        (("gesloten{reden}", "gesloten{naam_kind}"), "T8: {naam_kind} is not known here"),
        (("open tot {sluit}", "open tot {}"), "M1: {} is not known here"),
        (("[T8]\n", '[T8]\nsubject = "Gesloten"\n'), "T8: a letter has a subject"),
        (("[M4]\nsubject", "[M4]\nkop"), "M4: expected a text"),
        (("[M1]", "[M1"), ""),
    ],
)
def test_a_document_that_could_not_be_told_is_refused(change: tuple[str, str], fault: str) -> None:
    with pytest.raises(BadTexts) as refused:
        read_texts(SEED.replace(*change, 1))
    assert any(fault in line for line in refused.value.faults)


def test_what_is_filled_in_is_never_read_as_a_place_itself() -> None:
    wording = read_texts(SEED)["M4"]
    assert "{meldnummer}" in wording.filled(kenmerk="k", meldnummer="{meldnummer}").text
