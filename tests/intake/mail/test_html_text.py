"""HTML to text, for people and in linear time."""

import time

import pytest

from intake.mail.html_text import MOST_HTML, text_of


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>Een</p><p>Twee</p>", "Een\n\nTwee"),
        ("<div>Een<br>twee</div><div>drie</div>", "Een\ntwee\ndrie"),
        ("een   \n twee&nbsp;&euro;&#233;", "een twee €é"),
        ("<b>v</b>et en <i>s</i>chuin", "vet en schuin"),
        ("<ul><li>een<li>twee</ul>", "- een\n- twee"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<style>p{}</style><script>x()</script><title>t</title>zichtbaar<!-- niet -->", "zichtbaar"),
        ('<a href="https://vos.example/x">hier</a>', "hier <https://vos.example/x>"),
        ('<a href="mailto:h@vos.example">h@vos.example</a>', "h@vos.example"),
        ('<a href="javascript:x()">hier</a>', "hier"),
        ('<img alt="a > b">klaar', "klaar"),
        ("5 < 6 en 7 > 6", "5 < 6 en 7 > 6"),
        ("afgekapt <b", "afgekapt <b"),
        ("<script>nooit gesloten", "nooit gesloten"),
        ("<!-- nooit gesloten", "<!-- nooit gesloten"),
        ("", ""),
        ('nu<blockquote type="cite">eerder</blockquote>', "nu\n\n> eerder"),
        ("<blockquote class=gmail_quote>een<br>twee</blockquote>drie", "> een\n> twee\n\ndrie"),
        ('<blockquote type="cite">een<blockquote type="cite">nul</blockquote></blockquote>', "> een\n\n>> nul"),
        ("<blockquote style='margin: 0'>ingesprongen</blockquote>", "ingesprongen"),
        ("</blockquote></blockquote>los", "los"),
    ],
)
def test_what_a_reader_sees_is_the_text(source: str, text: str) -> None:
    assert text_of(source) == (text, False)


IMAGE = '<img alt="" src="data:image/png;base64,' + "QUFB" * 200_000 + '">'


@pytest.mark.parametrize(
    "bulk",
    [IMAGE * 3, IMAGE.replace('"', "'") * 3, "<style>" + ".a{color:red}" * 200_000 + "</style>",
     "<!--" + "x" * 2_000_000 + "-->"],
    ids=["images", "single quotes", "style", "comment"],
)  # fmt: skip
def test_words_after_much_that_nobody_sees_are_read(bulk: str) -> None:
    assert text_of(f"<p>Beste meldpunt,</p>{bulk}<p>Sem Fictief wordt geslagen.</p>") == (
        "Beste meldpunt,\n\nSem Fictief wordt geslagen.",
        False,
    )


def test_a_text_that_is_too_long_is_cut_between_its_tags_and_says_so() -> None:
    text, cut = text_of('<p title="lang">woord</p>' * 100_000)
    assert cut
    assert set(text.split()) == {"woord"}
    assert text_of("a" * 2_000_000) == ("a" * MOST_HTML, True)


@pytest.mark.parametrize(
    "piece",
    [
        "<div>",
        "<blockquote type=cite>",
        "<script>",
        "<!--",
        "&amp;",
        "<",
        "<a ",
        '<a "',
        "</p",
        "<a href=x>",
        "<style/>",
        "<p a=1 ",
        "'>\"",
    ],
)
@pytest.mark.parametrize("end", ["", ">", "-->"])
@pytest.mark.parametrize("length", [1_000_000, 20_000_000])
def test_hostile_html_takes_no_longer_than_it_is_long(piece: str, end: str, length: int) -> None:
    source = piece * (length // len(piece)) + end
    started = time.process_time()
    text_of(source)
    assert time.process_time() - started < 5
