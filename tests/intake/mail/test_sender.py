"""Who sent a mail, however broken its headers are."""

import time

import pytest

from intake.mail.sender import Sender, sender_of


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("Hanna Papier <hanna@vos.example>", "Hanna Papier", "hanna@vos.example"),
        ('"Papier, Hanna" <hanna@vos.example>', "Papier, Hanna", "hanna@vos.example"),
        ("Papier, Hanna <hanna@vos.example>", "Papier, Hanna", "hanna@vos.example"),
        ("=?iso-8859-1?Q?B=FCrling,=20Andreas?= <a@vos.example>", "Bürling, Andreas", "a@vos.example"),
        ("=?utf-8?Q?Zo=C3=AB?= Verzonnen <zoe@vos.example>", "Zoë Verzonnen", "zoe@vos.example"),
        ("hanna@vos.example (Hanna Papier)", "Hanna Papier", "hanna@vos.example"),
        ("hanna@vos.example", None, "hanna@vos.example"),
        ("hanna@vos.example.", None, "hanna@vos.example"),
        ('"hanna@vos.example"', None, "hanna@vos.example"),
        ("Hanna hanna@vos.example", "Hanna", "hanna@vos.example"),
        ("Hanna <han na@vos.example>", "Hanna", "hanna@vos.example"),
        ("anders@elders.example <hanna@vos.example>", "anders@elders.example", "hanna@vos.example"),
        ("a@vos.example, B <b@vos.example>", None, "a@vos.example"),
        ("=?utf-8?Q?Hanna_<hanna@vos.example>?=", "Hanna", "hanna@vos.example"),
        ("Hanna <hanna@vos.example> via Lijst", "Hanna", "hanna@vos.example"),
        ("MAILER-DAEMON (Mail Delivery System)", "MAILER-DAEMON (Mail Delivery System", None),
        ("<>", None, None),
        ("", None, None),
        ("@", "@", None),
    ],
)
def test_the_sender_is_read(value: str, name: str | None, address: str | None) -> None:
    assert sender_of({"from": [value]}) == Sender(name, address)


def test_raw_bytes_in_a_name_are_read() -> None:
    value = "Zoë <zoe@vos.example>".encode("cp1252").decode("ascii", "surrogateescape")
    assert sender_of({"from": [value]}) == Sender("Zoë", "zoe@vos.example")


def test_the_first_usable_header_counts_in_order() -> None:
    headers = {"return-path": ["<d@vos.example>"], "reply-to": ["c@vos.example"], "from": ["Hanna", "b@vos.example"]}
    assert sender_of(headers) == Sender("Hanna", "b@vos.example")
    del headers["from"]
    assert sender_of(headers) == Sender(None, "c@vos.example")
    del headers["reply-to"]
    assert sender_of(headers) == Sender(None, "d@vos.example")
    assert sender_of({}) == Sender(None, None)


def test_no_line_end_comes_out_of_a_sender() -> None:
    found = sender_of({"from": ["=?utf-8?Q?A=0D=0ABcc:_x@y.example?= <a@vos.example>"]})
    assert found == Sender("A  Bcc: x@y.example", "a@vos.example")


@pytest.mark.parametrize("start", ["", '\udce9"', '"'])
@pytest.mark.parametrize("piece", ['"a" ', "(", "a", "<", "=?", '"', "a@", ",", "a ", "\\", '\\"'])
def test_hostile_lines_take_no_time(start: str, piece: str) -> None:
    lines = [start + piece * (32_768 // len(piece))] * 2_000
    started = time.process_time()
    sender_of({"from": lines, "reply-to": lines})
    assert time.process_time() - started < 1
