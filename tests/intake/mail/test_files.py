"""Names for files: safe, and the same every time."""

import pytest

from intake.mail.files import file_name, media_type


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("verslag.pdf", "verslag.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\verslag.pdf", "verslag.pdf"),
        ("foto\u202egpj.exe", "fotogpj.exe"),
        ("a\x00b\nc.pdf", "ab c.pdf"),
        ("=?utf-8?Q?lijst_=E2=80=93_a.pdf?=", "lijst – a.pdf"),
        ('a<b>:"c|d?e*.pdf', "a_b___c_d_e_.pdf"),
        (" .. ", "bijlage-3.pdf"),
        ("...", "bijlage-3.pdf"),
        ("", "bijlage-3.pdf"),
        ("x" * 300 + ".pdf", "x" * 108 + ".pdf"),
        ("y" * 300, "y" * 120),
    ],
)
def test_a_name_is_made_safe(given: str, name: str) -> None:
    assert file_name(given, None, "application/pdf", 3) == name


def test_a_content_id_is_the_second_choice_and_loses_its_brackets() -> None:
    assert file_name(None, "<foto1@vos.example>", "image/png", 1) == "foto1@vos.example"


def test_a_type_without_a_known_ending_still_gets_one() -> None:
    assert file_name(None, None, "application/x-strange", 2) == "bijlage-2.bin"


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("Application/PDF", "application/pdf"),
        ("text", "application/octet-stream"),
        ("a/b\r\nX: y", "application/octet-stream"),
    ],
)
def test_a_type_that_is_none_becomes_the_general_one(declared: str, kind: str) -> None:
    assert media_type(declared) == kind
