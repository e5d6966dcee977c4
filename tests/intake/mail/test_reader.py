"""The parsing child: warm, limited, replaced after a fault."""

import time
from collections.abc import Iterator

import pytest

from intake.mail.parse import parse
from intake.mail.parsed import ParsedMail, packed, unpacked
from intake.mail.reader import Defeated, Reader
from tests.intake.mail.mails import a_mail, sample


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


@pytest.mark.parametrize("name", ["html_only", "no_charset", "attachments", "bounce", "truncated"])
def test_the_child_gives_what_parsing_here_would(reader: Reader, name: str) -> None:
    assert reader.read(sample(name)) == parse(sample(name))


def test_a_mail_survives_the_way_there_and_back() -> None:
    mail = parse(sample("attachments"))
    frames = packed(mail)
    assert unpacked(next(frames), frames) == mail


def test_a_warm_child_is_used_again(reader: Reader) -> None:
    reader.read(a_mail())
    started = time.monotonic()
    for n in range(20):
        assert reader.read(a_mail(n)).subject == f"Zorgen over leerling {n}"
    assert time.monotonic() - started < 2


def test_a_child_that_died_is_replaced_and_the_next_mail_is_read() -> None:
    with Reader() as reader:
        reader.read(a_mail())
        child = reader._child  # noqa: SLF001  to kill exactly this one
        assert child is not None
        child.kill()
        child.wait()
        assert reader.read(a_mail(2)).subject == "Zorgen over leerling 2"


def test_a_mail_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    with Reader(seconds=0.0) as reader, pytest.raises(Defeated):
        reader.read(sample("attachments"))
    with Reader() as reader:
        assert reader.read(a_mail()).readable


def test_a_mail_that_needs_too_much_memory_kills_only_the_child() -> None:
    with Reader() as reader:
        with pytest.raises(Defeated):
            reader.read(b"Subject: groot\n\n" + b"x" * 400_000_000)
        assert reader.read(a_mail()).readable


def test_a_fifty_megabyte_mail_is_read_within_the_limits(reader: Reader) -> None:
    line = b"QUJD" * 19 + b"\r\n"
    raw = (
        b"From: a@vos.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nzie bijlage\r\n--b\r\n"
        b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + line * 640_000 + b"--b--\r\n"
    )
    mail = reader.read(raw)
    assert (mail.text, len(mail.files[0].content)) == ("zie bijlage", 640_000 * 57)


def test_an_empty_mail_is_read(reader: Reader) -> None:
    assert isinstance(reader.read(b""), ParsedMail)
