"""HTML to text, for people and in linear time."""

import time

import pytest

from intake.mail.html_text import text_of


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
    ],
)
def test_what_a_reader_sees_is_the_text(source: str, text: str) -> None:
    assert text_of(source) == text


@pytest.mark.parametrize(
    "piece",
    ["<div>", "<script>", "<!--", "&amp;", "<", "<a ", '<a "', "</p", "<a href=x>", "<style/>", "<p a=1 ", "'>\""],
)
@pytest.mark.parametrize("end", ["", ">", "-->"])
def test_hostile_html_takes_no_longer_than_it_is_long(piece: str, end: str) -> None:
    source = piece * (1_000_000 // len(piece)) + end
    started = time.process_time()
    text_of(source)
    assert time.process_time() - started < 5
