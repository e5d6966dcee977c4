"""From raw bytes to a mail as people read it; each pitfall of mail-parser and of the standard library by name."""

import random
import time

import pytest

from intake.mail.parse import header_lines_of, parse
from intake.mail.parsed import Defect, ParsedMail
from tests.intake.mail.mails import a_mail, sample


def mixed(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    head = b"From: a@vos.example\nSubject: x\nContent-Type: multipart/" + kind + b"; boundary=grens\n\n"
    return head + b"".join(b"--grens\n" + part + b"\n" for part in parts) + b"--grens--\n"


def names(mail: ParsedMail) -> list[str]:
    return [file.name for file in mail.files]


PLAIN = b"Content-Type: text/plain; charset=utf-8\n\nEerste tekst."
HTML = b"Content-Type: text/html; charset=utf-8\n\n<p>Als <b>HTML</b>.</p>"


def test_html_alone_is_read_as_text() -> None:
    mail = parse(sample("html_only"))
    assert mail.subject == "Zorgen over een leerling – graag overleg"
    assert (mail.sender_name, mail.sender_address) == ("Papier, Hanna", "hanna@vos.example")
    assert mail.text.startswith(
        "Goedemorgen,\n\nSem Fictief (7) werkt op de telefoon van zijn moeder.\nEr is geen laptop."
    )
    assert "€ 0" in mail.text
    assert "- geen laptop\n- geen werkplek" in mail.text
    assert "ons zorgplan <https://vos.example/zorg>" in mail.text
    assert "niet tonen" not in mail.text
    assert (mail.defects, mail.files, mail.readable) == ((), (), True)


def test_undeclared_windows_letters_are_read_and_said_to_be_guessed() -> None:
    mail = parse(sample("no_charset"))
    assert mail.sender_name == "Zoë Verzonnen"
    assert mail.subject == "Financiële zorgen"
    assert "financiële zorgen: € 20 voor deze week – en ‘niemand’ helpt" in mail.text
    assert Defect.GUESSED_LETTERS in mail.defects


def test_files_are_found_wherever_they_stand_and_always_have_the_same_names() -> None:
    mail = parse(sample("attachments"))
    assert mail.text == "Zie het verslag."
    assert names(mail) == [
        "foto@vos.example", "bijlage-2.pdf", "verslag – week 16.pdf", "bijlage-4.ics", "lijstxslx.zip",
        "bijlage-6.eml",
    ]  # fmt: skip
    assert mail.files[1].content == b"%PDF-1.4\n"
    assert parse(sample("attachments")) == mail


def test_an_embedded_message_is_a_file_and_its_words_are_not_the_mails() -> None:
    mail = parse(sample("attachments"))
    assert b"Deze tekst hoort niet bij de melding." in mail.files[-1].content
    assert "hoort niet" not in mail.text
    assert (mail.subject, mail.returned) == ("Verslag en foto", ())


def test_a_bounce_gives_the_ids_of_what_it_returns() -> None:
    mail = parse(sample("bounce"))
    assert mail.returned == ("<m.letter.mac@meldpunt.example>",)
    assert [file.media_type for file in mail.files] == ["message/delivery-status", "message/rfc822"]
    assert b"Status: 5.1.1" in mail.files[0].content


def test_returned_header_lines_give_their_id_too() -> None:
    part = b"Content-Type: text/rfc822-headers\n\nFrom: x\nMessage-ID: <m.a.b@meldpunt.example>"
    assert parse(mixed(PLAIN, part, kind=b"report; report-type=delivery-status")).returned == (
        "<m.a.b@meldpunt.example>",
    )


def test_ids_in_an_ordinary_enclosed_mail_are_no_returned_ones() -> None:
    enclosed = b"Content-Type: message/rfc822\n\nMessage-ID: <m.a.b@meldpunt.example>\n\nx"
    assert parse(mixed(PLAIN, enclosed)).returned == ()


def test_a_header_line_without_a_colon_costs_nothing() -> None:
    mail = parse(sample("broken_header"))
    assert mail.text == "Wij maken ons zorgen."
    assert mail.message_id == "<broken-header-1@vos.example>"
    assert Defect.REPAIRED_HEADER in mail.defects


def test_the_cut_mail_that_crashes_mail_parser_is_read() -> None:
    assert parse(sample("truncated")).readable


def test_a_long_html_is_cut_and_says_so() -> None:
    mail = parse(b"Content-Type: text/html\n\n" + b"<p>woord</p>" * 200_000)
    assert mail.defects == (Defect.CUT_TEXT, Defect.NO_SENDER)


def test_of_alternatives_the_last_with_visible_text_is_read() -> None:
    assert parse(mixed(PLAIN, HTML, kind=b"alternative")).text == "Als HTML."
    empty = b"Content-Type: text/html\n\n<img src=x>"
    assert parse(mixed(PLAIN, empty, kind=b"alternative")).text == "Eerste tekst."


def test_a_version_with_words_that_the_other_lacks_is_kept_and_said() -> None:
    plain = b"Content-Type: text/plain; charset=utf-8\n\nSem Fictief wordt geslagen."
    mail = parse(mixed(plain, HTML, kind=b"alternative"))
    assert mail.text == "Als HTML."
    assert [(file.name, file.content) for file in mail.files] == [("andere-versie.txt", b"Sem Fictief wordt geslagen.")]
    assert mail.defects == (Defect.OTHER_VERSION,)


@pytest.mark.parametrize(
    ("plain", "html"),
    [
        ("Als *HTML*.", "<p>Als <b>HTML</b>.</p>"),
        ("Zie hier <https://vos.example/x> [cid:foto@vos.example]", '<p>Zie <a href="https://vos.example/x">hier</a>'),
        ("[image: logo]\n> ALS html.", "<p>Als HTML. En meer.</p>"),
        ("", "<p>Als HTML.</p>"),
    ],
)
def test_two_versions_that_say_the_same_are_one(plain: str, html: str) -> None:
    parts = [f"Content-Type: text/{kind}; charset=utf-8\n\n{text}".encode() for kind, text in
             (("plain", plain), ("html", html))]  # fmt: skip
    mail = parse(mixed(*parts, kind=b"alternative"))
    assert (mail.files, mail.defects) == ((), ())


def test_text_parts_stand_in_order_and_named_ones_are_files() -> None:
    named = b"Content-Type: text/plain; name=lijst.txt\nContent-Disposition: attachment\n\nin een bestand"
    mail = parse(mixed(PLAIN, named, b"Content-Type: text/plain\n\nTweede tekst."))
    assert mail.text == "Eerste tekst.\n\nTweede tekst."
    assert names(mail) == ["lijst.txt"]


def test_the_only_text_is_the_text_even_when_it_bears_a_name() -> None:
    assert parse(mixed(b"Content-Type: text/plain; name=a.txt\n\nToch de tekst.")).text == "Toch de tekst."
    inline = b"Content-Type: text/plain; name=a.txt\nContent-Disposition: inline; filename=a.txt\n\nToch de tekst."
    mail = parse(mixed(inline))
    assert (mail.text, names(mail)) == ("Toch de tekst.", ["a.txt"])


def test_a_boundary_that_never_comes_leaves_everything_as_text() -> None:
    mail = parse(b"From: a@vos.example\nContent-Type: multipart/mixed; boundary=nooit\n\nGewoon tekst.\n")
    assert mail.text == "Gewoon tekst."
    assert Defect.BROKEN_STRUCTURE in mail.defects


@pytest.mark.parametrize("charset", ["iso-2022-jp", "utf-7"])
def test_seven_bit_charsets_are_decoded(charset: str) -> None:
    text = "日本" if charset == "iso-2022-jp" else "financiële"
    raw = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 7bit\n\n".encode()
    assert parse(raw + text.encode(charset)).text == text


def test_html_says_its_own_charset_when_the_mail_does_not() -> None:
    raw = b'Content-Type: text/html\n\n<meta charset="iso-8859-15"><p>10 \xa4</p>'
    assert parse(raw).text == "10 €"


def test_a_damaged_file_is_kept_as_far_as_it_goes() -> None:
    mail = parse(mixed(PLAIN, b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQ$K%A"))
    assert mail.files[0].content.startswith(b"%PDF")
    assert Defect.BROKEN_FILE in mail.defects


def test_controls_never_reach_a_page() -> None:
    mail = parse(
        b"From: a@vos.example\nSubject: =?utf-8?Q?a=0D=0ABcc:_x=00?=\n\nregel\x00 een\x1b[31m\x07\r\n\r\n\r\n\r\ntwee"
    )
    assert mail.subject == "a  Bcc: x"
    assert mail.text == "regel een[31m\n\ntwee"


def test_a_text_like_a_book_is_cut_and_kept_as_a_file() -> None:
    mail = parse(a_mail(text="woord " * 40_000))
    assert len(mail.text) == 100_000
    assert names(mail) == ["tekst.txt"]
    assert Defect.LONG_TEXT in mail.defects


def test_what_it_answers_stands_nearest_first() -> None:
    mail = parse(a_mail(in_reply_to="<c@x.example>", references="<a@x.example> <b@x.example> <c@x.example>"))
    assert mail.answers == ("<c@x.example>", "<b@x.example>", "<a@x.example>")


def test_an_empty_mail_is_a_mail() -> None:
    mail = parse(b"")
    assert (mail.text, mail.subject, mail.sender_address, mail.readable) == ("", "", None, True)


def nested(levels: int, kind: bytes) -> bytes:
    body = b"From: a@vos.example\nSubject: diep\nContent-Type: multipart/mixed; boundary=b0\n\n"
    for n in range(levels):
        inner = b"Content-Type: multipart/mixed; boundary=b%d\n\n" % (n + 1)
        body += b"--b%d\n" % n + (b"Content-Type: message/rfc822\n\n" if kind == b"rfc822" else b"") + inner
    return body + b"--b%d\n\ndiepste tekst\n" % levels


@pytest.mark.parametrize("kind", [b"multipart", b"rfc822"])
@pytest.mark.parametrize("levels", [60, 200, 500, 1_500])
def test_a_mail_nested_too_deep_still_tells_its_sender_and_subject(levels: int, kind: bytes) -> None:
    mail = parse(nested(levels, kind))
    assert (mail.sender_address, mail.subject) == ("a@vos.example", "diep")


def test_header_lines_alone_are_read_from_anything() -> None:
    mail = header_lines_of(sample("html_only"))
    assert (mail.sender_address, mail.subject) == ("hanna@vos.example", "Zorgen over een leerling – graag overleg")
    assert not mail.readable


@pytest.mark.parametrize("name", ["html_only", "attachments", "bounce"])
def test_a_mail_cut_anywhere_is_still_a_mail(name: str) -> None:
    raw = sample(name)
    for end in range(0, len(raw), 7):
        parse(raw[:end])


def test_a_thousand_mutated_mails_are_still_mails() -> None:
    dice = random.Random(14010)
    raws = [sample(name) for name in ("html_only", "attachments", "bounce", "no_charset", "broken_header")]
    started = time.process_time()
    for _ in range(1_000):
        parse(mutated(dice, dice.choice(raws)))
    assert time.process_time() - started < 30


def mutated(dice: random.Random, raw: bytes) -> bytes:
    content = bytearray(raw)
    for _ in range(dice.randrange(1, 20)):
        content[dice.randrange(len(content))] = dice.randrange(256)
    lines = bytes(content).splitlines(keepends=True)
    for _ in range(dice.randrange(3)):
        del lines[dice.randrange(len(lines))]
    return b"".join(lines)[: dice.randrange(len(raw)) if dice.random() < 0.3 else None]
