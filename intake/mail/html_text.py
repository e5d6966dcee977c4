"""HTML to readable text in one pass, in linear time whatever the input (parsers of trees are not, on hostile mail)."""

import html
import re
from collections.abc import Iterable, Iterator

MOST_HTML = 1_000_000  # characters of text and tags; what nobody sees does not count
MOST_OF_TAG = 2_000  # characters that count of a tag: pictures stand whole in an attribute
LEAST = 10  # what anything counts, so that a million empty comments end too
DEEPEST = 9  # marks before a line
MOST_SHOWN = 4_000  # characters of a link's own text

_HIDDEN = {"script", "style", "title", "template", "noscript", "svg", "math", "select", "object"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tr", "ul",
}  # fmt: skip
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre"}
_BR, _BLOCK, _PARAGRAPH = "\r", "\n", "\n\n"
_CUT = "\f"  # like the gaps no text of its own: white space never reaches the pieces
_CITED, _NO_LONGER_CITED = "\x0e", "\x0f"  # around what the mail quotes; controls, which the text loses besides
_GAPS = {_BR: 1, _BLOCK: 1, _PARAGRAPH: 2}
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:]{0,30})")
_WHOLE_TAG = re.compile(r"""<[^>"']{0,2000}(?:(?:"[^"]{0,4000}"|'[^']{0,4000}')[^>"']{0,2000}){0,40}>""")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s>"']{1,2000}))""", re.IGNORECASE)
_CITES = re.compile(r"""\btype\s*=\s*["']?cite\b|\bclass\s*=\s*["']?[^"'>]{0,200}quote""", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MARKS = f" {_CITED}{_NO_LONGER_CITED}"
_NO_MARKS = dict.fromkeys(map(ord, (_CITED, _NO_LONGER_CITED)))
_WIDE_GAPS = re.compile(r"\n{3,}")


def text_of(source: str) -> tuple[str, bool]:
    """What a reader would see, and whether it was cut because it was too long.

    Blocks on lines of their own, links with their address, nothing hidden by its tag; "> " before what is quoted.
    """
    out: list[str] = []
    ends, cut = 2, False  # `ends`: line ends that the text ends in already
    for piece in _pieces(source):
        if piece == _CUT:
            cut = True
        elif piece in _GAPS:
            more = 1 if piece == _BR else max(0, _GAPS[piece] - ends)
            out.append("\n" * more)
            ends += more
        elif piece in {_CITED, _NO_LONGER_CITED}:
            out.append(piece)
        elif piece != " ":
            out.append(piece)
            ends = 0
        elif not ends and not out[-1].endswith(" "):
            out.append(piece)
    lines = _marked("".join(out).split("\n"))
    return _WIDE_GAPS.sub("\n\n", "\n".join(lines)).strip(), cut


def _marked(lines: Iterable[str]) -> Iterator[str]:
    """Each line with a mark for as deep as it is quoted."""
    deep = 0
    for line in lines:
        said = line.lstrip(_MARKS)
        deep = _deep(deep, line[: len(line) - len(said)])
        words = said.translate(_NO_MARKS).strip()
        yield f"{'>' * min(deep, DEEPEST)} {words}".strip() if words else ""
        deep = _deep(deep, said)


def _deep(deep: int, line: str) -> int:
    return max(0, deep + line.count(_CITED) - line.count(_NO_LONGER_CITED))


def _pieces(source: str) -> Iterator[str]:
    link, shown = "", ""
    cites: list[bool] = []  # for each block that is quoted or merely indented, and open
    for kind, value in _affordable(_tokens(source)):
        if kind == "cut":
            yield _CUT
        elif kind == "hidden":
            continue
        elif kind == "text":
            words = _words(value)
            yield from words
            shown = (shown + "".join(words))[:MOST_SHOWN] if link else ""
        elif (name := _name(value)) == "a":
            yield from _address_of(link, shown)
            link, shown = ("" if value.startswith("</") else _href(value)), ""
        elif name == "blockquote":
            yield from _quoting(value, cites)
        else:
            yield from _gap_of(name, value)


def _quoting(tag: str, cites: list[bool]) -> Iterator[str]:
    """Around what a mail program says is quoted; others indent with the same tag."""
    if tag.startswith("</"):
        if cites and cites.pop():
            yield _NO_LONGER_CITED
        yield _PARAGRAPH
    else:
        cites.append(bool(_CITES.search(tag[:MOST_OF_TAG])))
        yield _PARAGRAPH
        if cites[-1]:
            yield _CITED


def _gap_of(name: str, tag: str) -> Iterator[str]:
    if name == "br":
        yield _BR
    elif name in _BLOCKS:
        yield _PARAGRAPH if name in _PARAGRAPHS else _BLOCK
        if name == "li" and not tag.startswith("</"):
            yield "- "
    elif name in {"td", "th"}:
        yield " "


def _affordable(tokens: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The tokens until `MOST_HTML` is used up; then the end of what was affordable, and "cut"."""
    left = MOST_HTML
    for kind, value in tokens:
        if left <= 0 or (kind == "text" and len(value) > left):
            yield "text", value[:left] if kind == "text" and left > 0 else ""
            yield "cut", ""
            return
        left -= max(LEAST, len(value) if kind == "text" else min(len(value), MOST_OF_TAG))
        yield kind, value


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    """Tags, the text between them, and that something is "hidden": a comment, what a hidden element holds."""
    at = 0
    last = source.rfind(">")
    unclosed: set[str] = set()  # ends that are not there: looked for once, or hostile mail makes it quadratic
    while 0 <= (start := source.find("<", at)) < last:
        if start > at:
            yield "text", source[at:start]
        comment = _find(source, "-->", start, unclosed) if source.startswith("<!--", start) else None
        if comment:
            yield "hidden", ""
            at = comment.end()
            continue
        tag = _tag_at(source, start)
        yield ("tag" if len(tag) > 1 else "text"), tag
        at = start + len(tag)
        if _name(tag) in _HIDDEN and not tag.startswith("</"):
            closing = _find(source, f"</{_name(tag)}", at, unclosed)
            at = closing.start() if closing else at
    if at < len(source):
        yield "text", source[at:]


def _tag_at(source: str, start: int) -> str:
    """The tag, declaration or instruction that begins here; "<" alone when this is a mere "smaller than"."""
    if not (_TAG.match(source, start) or source.startswith(("<!", "<?"), start)):
        return "<"
    whole = _WHOLE_TAG.match(source, start)
    return whole[0] if whole else source[start : source.find(">", start) + 1]


def _find(source: str, end: str, at: int, unclosed: set[str]) -> re.Match[str] | None:
    """Where `end` stands, or None: an element that is never closed hides nothing, rather too much text than none."""
    if end in unclosed:
        return None
    found = re.compile(re.escape(end), re.IGNORECASE).search(source, at)
    if not found:
        unclosed.add(end)
    return found


def _name(tag: str) -> str:
    found = _TAG.match(tag)
    return found[1].lower() if found else ""


def _href(tag: str) -> str:
    found = _HREF.search(tag)
    return html.unescape(next(group for group in found.groups() if group)).strip() if found else ""


def _address_of(link: str, shown: str) -> Iterator[str]:
    bare = link.removeprefix("mailto:").removeprefix("tel:")
    if link.lower().startswith(("http:", "https:", "mailto:", "tel:")) and bare not in shown:
        yield f" <{bare}>"


def _words(value: str) -> list[str]:
    text = html.unescape(value) if "&" in value else value
    words = _SPACE.split(text.replace("\xa0", " "))
    joined = " ".join(word for word in words if word)
    before = [" "] if words[0] == "" else []
    after = [" "] if len(words) > 1 and words[-1] == "" and joined else []
    return [*before, joined, *after] if joined else before
