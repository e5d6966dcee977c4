"""What people type or paste stays what they meant: every space a space, every line end a line end, nothing cut."""

import pytest

from desk.typed import tidied


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Naam:\tJan", "Naam: Jan"),
        ("Mila\u00a0Verzonnen, 10\u202fkm", "Mila Verzonnen, 10 km"),
        ("een\u2003twee\u3000drie", "een twee drie"),
        ("een\r\ntwee\rdrie\nvier", "een\ntwee\ndrie\nvier"),
        ("een\u2028twee\x0bdrie\u2029vier\x85vijf", "een\ntwee\ndrie\nvier\nvijf"),
        ("een\n\n  twee", "een\n\n  twee"),
        ("\u202eom\x00ge\u00adkeerd\ufeff", "omgekeerd"),
        (" \t\r\n", ""),
        ("Zoë’s “kat” – 🐈", "Zoë’s “kat” – 🐈"),
    ],
)
def test_a_pasted_text_keeps_its_words_apart(typed: str, kept: str) -> None:
    assert tidied(typed) == kept
