"""What makes two copies of a mail the same mail."""

import pytest

from intake.mail.content_key import key_parts
from tests.intake.mail.mails import a_mail


def test_another_way_to_the_mailbox_makes_no_other_mail() -> None:
    mail = a_mail()
    again = b"Received: from mx2.vos.example by mail.meldpunt.example; Tue, 14 Apr 2020 10:01:00 +0200\r\n" + mail
    assert key_parts(again) == key_parts(mail)


@pytest.mark.parametrize("header", ["message_id", "from", "date", "subject", "text"])
def test_each_part_of_the_key_makes_another_mail(header: str) -> None:
    values: dict[str, str] = {
        "from": "A <a@vos.example>",
        "date": "Wed, 15 Apr 2020 10:00:00 +0200",
        "message_id": "<other@vos.example>",
    }
    assert key_parts(a_mail(1, **{header: values.get(header, "iets anders")})) != key_parts(a_mail())


def test_continuation_lines_and_repeated_headers_count() -> None:
    one = b"Subject: a\r\n b\r\nFrom: x\r\nFrom: y\r\n\r\ntext"
    assert key_parts(one) == [b"", b"From: x\r\nFrom: y\r", b"", b"Subject: a\r\n b\r", b"text"]


def test_lines_that_only_look_like_headers_do_not_count() -> None:
    assert key_parts(b"X-Subject: a\r\nTo: b\r\n Date: c\r\n\r\nDate: d")[:4] == [b"", b"", b"", b""]


def test_mails_without_a_blank_line_are_told_apart() -> None:
    assert key_parts(b"half a mail") != key_parts(b"another half")


def test_mails_without_a_header_are_told_apart() -> None:
    assert key_parts(b"\r\nfirst") != key_parts(b"\r\nsecond")


def test_what_moves_between_the_parts_makes_another_mail() -> None:
    assert key_parts(b"Subject: ab\n\nc") != key_parts(b"Subject: a\n\nbc")


def test_the_start_of_a_mail_is_the_same_wherever_it_was_cut() -> None:
    mail = a_mail(text="x" * 70 + "\r\n") + (b"y" * 76 + b"\r\n") * 10_000
    assert key_parts(mail[:700_000], whole=False) == key_parts(mail[:650_000], whole=False)
