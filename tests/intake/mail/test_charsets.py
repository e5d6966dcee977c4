"""Bytes to text as browsers do it."""

import pytest

from intake.mail.charsets import codec_for, decode


@pytest.mark.parametrize(
    ("content", "label", "text", "guessed"),
    [
        (b"10 \x80 \x96 \x91ja\x92", "iso-8859-1", "10 € – ‘ja’", False),
        (b"10 \x80", "US-ASCII", "10 €", True),
        ("financiële".encode(), "us-ascii", "financiële", True),
        ("financiële".encode(), "ANSI_X3.4-1968", "financiële", True),
        (b"plain", "us-ascii", "plain", False),
        ("financiële".encode(), None, "financiële", True),
        ("financiële".encode("cp1252"), None, "financiële", True),
        (b"plain", None, "plain", False),
        ("中文".encode("gb18030"), "GB2312", "中文", False),
        ("日本".encode("iso2022_jp"), "ISO-2022-JP", "日本", False),
        ("zoë".encode("utf-7"), "utf-7", "zoë", False),
        ("zoë".encode(), "utf8", "zoë", False),
        ("zoë".encode(), "x-unknown", "zoë", True),
        ("zoë".encode("cp1252"), "utf-8", "zoë", True),
        (b"a\x81b", "windows-1252", "a\ufffdb", True),
    ],
)
def test_letters_are_read(content: bytes, label: str | None, text: str, guessed: bool) -> None:  # noqa: FBT001
    assert decode(content, label) == (text, guessed)


@pytest.mark.parametrize("label", ["rot13", "zip", "idna", "punycode", "unicode_escape", "undefined", "", "é"])
def test_a_codec_that_is_no_charset_is_not_used(label: str) -> None:
    assert codec_for(label) is None


@pytest.mark.parametrize("label", [" UTF-8 ", '"utf-8"', "utf_8", "Windows-1252", "ISO_8859-15", "latin1"])
def test_labels_are_read_as_loosely_as_they_are_written(label: str) -> None:
    assert codec_for(label) is not None


def test_every_codec_exists() -> None:
    from intake.mail import charsets

    for codec in set(charsets._CODECS.values()):  # noqa: SLF001  the table itself is what may be wrong
        "meldpunt".encode(codec)
