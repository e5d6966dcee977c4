"""What is cut and mended before any parser sees a mail, and what none may see."""

import pytest

from intake.mail.prepare import MOST_HEAD, Prepared, TooComplex, prepare


def test_a_sound_mail_passes_untouched() -> None:
    mail = b"From: a@vos.example\r\nSubject: x\r\n y\r\n\r\ntext\r\n"
    assert prepare(mail) == Prepared(mail, repaired=False)


@pytest.mark.parametrize("before", [b"From hanna Tue Apr 14\n", b"\xef\xbb\xbf", b"\n \n", b">From x\r\n\r\n"])
def test_what_stands_before_the_header_is_cut(before: bytes) -> None:
    assert prepare(before + b"Subject: x\n\ntext").whole == b"Subject: x\n\ntext"


def test_a_line_without_a_colon_continues_the_one_before() -> None:
    assert prepare(b"Subject: x\nlos\nTo: y\n\ntext") == Prepared(b"Subject: x\n los\nTo: y\n\ntext", repaired=True)


@pytest.mark.parametrize("mail", [b"alleen tekst", b"alleen\n\ntekst", b""])
def test_a_mail_without_any_header_is_all_text(mail: bytes) -> None:
    assert prepare(mail) == Prepared(b"\r\n" + mail, repaired=True)


def test_a_header_line_that_is_too_long_is_cut() -> None:
    mended = prepare(b"From: " + b"(" * 1_000_000 + b"\nSubject: x\n\ntext").whole
    assert len(mended) < 40_000
    assert mended.endswith(b"\nSubject: x\n\ntext")


def test_a_header_block_that_is_too_long_is_cut_and_the_text_kept() -> None:
    mended = prepare(b"X-A: b\n" * 100_000 + b"\ntext").whole
    assert len(mended) <= MOST_HEAD + 10
    assert mended.endswith(b"\ntext")


def parts(count: int, head: bytes = b"") -> bytes:
    return b"Content-Type: multipart/mixed; boundary=a\n\n" + (b"--a\n" + head + b"\nx\n") * count


@pytest.mark.parametrize(
    "mail",
    [
        parts(1_001),
        parts(1, b"Content-Type: text/plain;" + b" p=n;" * 10_000 + b"\n"),
        parts(1, b"Content-Disposition: attachment;" + b"\n p=n;" * 10_000 + b"\n"),
        parts(1) + b"--a\nContent-Type: message/rfc822\n\n" * 1_001,
    ],
    ids=["parts", "parameters", "folded parameters", "enclosed"],
)
def test_a_structure_that_no_person_sends_is_refused(mail: bytes) -> None:
    with pytest.raises(TooComplex):
        prepare(mail)


def test_many_dashes_in_a_text_are_no_parts() -> None:
    prepare(parts(3) + b"--- een lijn\n" * 5_000)


def test_a_thousand_parts_are_allowed() -> None:
    prepare(parts(1_000))
