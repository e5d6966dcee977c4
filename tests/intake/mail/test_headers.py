"""Header values as people read them."""

import pytest

from intake.mail.headers import clean, decoded, message_ids


def raw(content: bytes) -> str:
    return content.decode("ascii", "surrogateescape")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Zorgen over Sem", "Zorgen over Sem"),
        ("=?utf-8?Q?Zo=C3=AB_komt?= niet", "Zoë komt niet"),
        ("=?iso-8859-1?Q?10_=80?=", "10 €"),
        ("=?utf-8?B?Wm9yZyDi?= =?utf-8?B?gqwgdm9vcg==?= Sem", "Zorg € voor Sem"),
        ("=?utf-8?Q?een?=\r\n =?iso-8859-1?Q?_twee?=", "een twee"),
        ("een =?utf-8?Q?=C3=A9?= twee", "een é twee"),
        ("=?utf-8?B?!!!?= kapot", "kapot"),
        ("=?utf-8?B?Wm9yZw?= zonder vulling", "Zorg zonder vulling"),
        ("=?utf-8*nl?Q?taal?=", "taal"),
        ("gevouwen\r\n regel", "gevouwen regel"),
        (raw("Zoë".encode()), "Zoë"),
        (raw("Zoë €".encode("cp1252")), "Zoë €"),
    ],
)
def test_a_value_is_decoded(value: str, text: str) -> None:
    assert decoded(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?Q?Zorg=0D=0ABcc:_x@y.example?=", "Zorg  Bcc: x@y.example"),
        ("a\x00b\x1bc\x85d", "abcd"),
        ("factuur\u202egpj.exe", "factuurgpj.exe"),
        ("\u2066verborgen\u2069\ufeff\u200f", "verborgen"),
        ("een\tregel\nmeer", "een regel meer"),
        ("half\ud83d", "half\ufffd"),
    ],
)
def test_what_turns_or_hides_text_is_taken_out(value: str, text: str) -> None:
    assert decoded(value) == text


def test_clean_text_stays_as_it_is() -> None:
    assert clean("Zoë – “ja”") == "Zoë – “ja”"


def test_a_bomb_of_encoded_words_gives_its_words() -> None:
    assert len(decoded("=?utf-8?Q?=C3=A9?= " * 1_700)) == 1_700


def test_message_ids_are_found_among_rubbish() -> None:
    assert message_ids("x <a@b> (c) <d e@f> <g@h> <i>") == ["<a@b>", "<g@h>"]


def test_no_more_than_a_hundred_message_ids_are_taken() -> None:
    assert len(message_ids("<a@b> " * 1_000)) == 100
