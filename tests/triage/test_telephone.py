"""Telephone numbers in what people write: each a call button, and nothing else one."""

import pytest

from triage.telephone import numbers_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("T 06 0000 0142 | M 010-000 01 88", ["06 - 0000 0142", "010 - 000 01 88"]),
        ("bel (010) 000 01 88", ["010 - 000 01 88"]),
        ("+31 (0)6 0000 0142 of 0031600000142", ["06 - 0000 0142"]),
        ("+31 6 00000142.", ["06 - 0000 0142"]),
        ("14-04-2020 om 10.30", []),
        ("NL00 BANK 0000 0000 00", []),
        ("3011 AD, 12 leerlingen, melding 4821 7735", []),
        ("nummer 060000014299", []),
        ("", []),
    ],
)
def test_a_dutch_number_becomes_a_button_and_a_date_does_not(text: str, words: list[str]) -> None:
    found = numbers_in(text)
    assert [number.words for number in found] == words
    assert all(number.link.startswith("tel:+31") and len(number.link) == len("tel:+31600000142") for number in found)
