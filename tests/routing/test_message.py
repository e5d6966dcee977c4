"""The mail on the wire: what no address, subject or reference can break."""

from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from desk.sender import GiveUp
from routing.message import Draft, compose, domain_of, recipient

REFERENCE = "<" + "a" * 120 + "@eurprd04.mail.example>"


def a_draft(**differences: object) -> Draft:
    given: dict[str, object] = {
        "message_id": "<m.1.2@meldpunt.example>",
        "to": "hanna@vos.example",
        "subject": "Wij hebben uw bericht ontvangen – [melding 4821 7735]",
        "body": "Goedendag,\n\nIs een kind nu in gevaar? Bel 112.\n.\nZoë",
        "written_at": datetime(2020, 4, 14, 8, 0, tzinfo=UTC),
        "answers": "<vraag@vos.example>",
        "automatic": True,
    }
    return Draft(**(given | differences))  # type: ignore[arg-type]


def headers_of(draft: Draft) -> dict[str, str]:
    """The headers as another program reads them from the bytes."""
    sent = compose(draft, "meldpunt@meldpunt.example").as_bytes()
    return {name: str(value) for name, value in message_from_bytes(sent, policy=default).items()}


def test_an_automatic_answer_carries_every_mark_that_stops_a_loop() -> None:
    headers = headers_of(a_draft())
    assert headers | {"Content-Type": "", "MIME-Version": ""} == {
        "From": "Meldpunt kwetsbare kinderen <meldpunt@meldpunt.example>",
        "To": "hanna@vos.example",
        "Subject": "Wij hebben uw bericht ontvangen – [melding 4821 7735]",
        "Date": "Tue, 14 Apr 2020 10:00:00 +0200",
        "Message-ID": "<m.1.2@meldpunt.example>",
        "In-Reply-To": "<vraag@vos.example>",
        "References": "<vraag@vos.example>",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "Content-Transfer-Encoding": "quoted-printable",
        "Content-Type": "",
        "MIME-Version": "",
    }


def test_an_automatic_mail_that_answers_nothing_says_so() -> None:
    headers = headers_of(a_draft(answers=None))
    assert headers["Auto-Submitted"] == "auto-generated"
    assert "In-Reply-To" not in headers


def test_a_letter_that_a_person_wrote_carries_no_marks_of_a_machine() -> None:
    assert not {"Auto-Submitted", "X-Auto-Response-Suppress"} & headers_of(a_draft(automatic=False)).keys()


def test_the_same_letter_makes_the_same_bytes_a_second_time() -> None:
    first, second = (compose(a_draft(), "meldpunt@meldpunt.example").as_bytes() for _ in range(2))
    assert first == second


def test_a_long_reference_stays_whole_on_one_line() -> None:
    assert f"\r\nIn-Reply-To: {REFERENCE}\r\n" in compose(a_draft(answers=REFERENCE), "a@b.example").as_bytes().decode()


@pytest.mark.parametrize(
    "reference",
    ["", "zonder haakjes", "<a b@c>", "<a@b>\r\nBcc: x@y.example", "<" + "a" * 1000 + "@b>", "<é@b>", "<a<b>@c>"],
)
def test_a_reference_that_could_break_the_header_is_left_out(reference: str) -> None:
    assert "In-Reply-To" not in headers_of(a_draft(answers=reference))


def test_a_subject_cannot_add_a_header() -> None:
    headers = headers_of(a_draft(subject="Zorg\r\nBcc: x@y.example\x00\ud800"))
    assert headers["Subject"] == "Zorg Bcc: x@y.example"
    assert "Bcc" not in headers


ENCODED = "=?utf-8?q?zorg=0D=0ABcc=3A_x=40y.example=0D=0A=0D=0Anieuwe_tekst?="  # RFC 2047; the library decodes it


@pytest.mark.parametrize(
    "differences",
    [{"answers": f"<{ENCODED}@vos.example>"}, {"answers": f"<a{ENCODED}@vos.example>"}, {"subject": f"Re: {ENCODED}"}],
    ids=str,
)
def test_a_line_end_inside_an_encoded_word_adds_no_header_and_no_text(differences: dict[str, object]) -> None:
    draft = a_draft(**differences)
    read = message_from_bytes(compose(draft, "meldpunt@meldpunt.example").as_bytes())
    assert read.keys() == compose(a_draft(), "meldpunt@meldpunt.example").keys()
    assert "nieuwe" not in str(read.get_payload())


def test_a_reference_leaves_as_it_came() -> None:
    sent = compose(a_draft(answers=f"<{ENCODED}@vos.example>"), "meldpunt@meldpunt.example").as_bytes().decode()
    assert f"\r\nReferences: <{ENCODED}@vos.example>\r\n" in sent


def test_a_mail_never_leaves_with_a_header_that_nobody_set() -> None:
    plain = compose(a_draft(), "meldpunt@meldpunt.example")
    with suppress(GiveUp):  # where Python decodes the name into lines of its own, as 3.11.7 does and 3.11.2 does not
        sent = compose(a_draft(), f"{ENCODED} <meldpunt@meldpunt.example>")
        assert message_from_bytes(sent.as_bytes()).keys() == plain.keys()


def test_a_text_survives_with_every_sign_that_a_mail_can_carry() -> None:
    sent = compose(a_draft(body="Zoë €\nregel\x00 twee\ud800\n.\n" + "x" * 5000), "a@b.example").as_bytes()
    assert message_from_bytes(sent, policy=default).get_content().replace("\r\n", "\n") == (
        "Zoë €\nregel twee\n.\n" + "x" * 5000 + "\n"
    )
    assert max(map(len, sent.split(b"\r\n"))) < 998
    assert sent.isascii()


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("hanna@vos.example", "hanna@vos.example"),
        (" hanna@vos.example ", "hanna@vos.example"),
        ("h.papier+zorg@bücher.example", "h.papier+zorg@xn--bcher-kva.example"),
        ("o'hara@vos.example", "o'hara@vos.example"),
        ("a=b?c_d@vos.example", "a=b?c_d@vos.example"),
    ],
)
def test_an_address_is_written_so_that_every_server_takes_it(address: str, written: str) -> None:
    assert recipient(address).addr_spec == written


@pytest.mark.parametrize(
    "address",
    [
        "", "hanna", "@vos.example", "hanna@", "hanna@vos", "zoë@vos.example", "a b@vos.example",
        "a@b.example\r\nRCPT TO:<x@y.example>", "a@b..example", "a@b.example>,<x@y.example", "a@[127.0.0.1]",
        "=?utf-8?q?a=0D=0ABcc=3A_x?=@vos.example", "=?utf-8?b?YQ0KQmNjOiB6?=@vos.example",
        "a=?utf-8?q?=2Cander=40vos.example=2Cb?=@vos.example",
        "x" * 65 + "@vos.example", "a@" + "b" * 64 + ".example", "a@" + ".".join(["b" * 60] * 5),
    ],
)  # fmt: skip
def test_an_address_that_could_mean_something_else_is_given_up(address: str) -> None:
    with pytest.raises(GiveUp) as refused:
        compose(a_draft(to=address), "meldpunt@meldpunt.example")
    assert "@" not in str(refused.value)


def test_the_desks_own_name_and_domain_come_from_one_setting() -> None:
    assert domain_of("Het meldpunt <m@desk.example>") == "desk.example"
    assert domain_of("") == "meldpunt.invalid"
    assert compose(a_draft(), "Het meldpunt <m@desk.example>")["From"] == "Het meldpunt <m@desk.example>"
