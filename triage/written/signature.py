"""Which lines stand under a mail as its writer's signature: everything below the name. Pure."""

import enum
import re
from collections.abc import Iterator, Sequence

MOST_CLOSING = 60
MOST_NAME = 60
MOST_LINES = 60  # of a signature below a name
LONG_LINE = 90  # characters: a line of a signature is shorter, unless it is small print

_KIND = "(?:vriendelijke|hartelijke|collegiale|warme|beste|lieve|zonnige)"
_CLOSINGS = (
    rf"(?:met )?(?:hele )?{_KIND} groet(?:en|jes)?",
    "groet(?:en|jes)?", "de groeten", "hoogachtend", r"m\.?v\.?g\.?", r"vr?i?\.? ?gr\.?", r"gr\.?",
    "(?:(?:alvast|heel|hartelijk|bij voorbaat) ){0,3}(?:be)?dankt?", "(?:kind |best |warm )?regards", "best wishes",
    "best", "(?:many )?thanks(?: in advance)?", "(?:yours )?sincerely", "cheers",
    "(?:mit )?(?:freundlichen|besten|herzlichen) grüßen", "mit freundlichem gruß",
    "(?:freundliche|viele|beste|herzliche|liebe) grüße", "mfg",
)  # fmt: skip
_ONE = f"(?:{'|'.join(_CLOSINGS)})"
_CLOSING = re.compile(
    rf"\s*{_ONE}(?:,? (?:en )?{_ONE})?(?: (?:van|uit|from|aus) .{{1,40}})?\s*[,.!]?\s*", re.IGNORECASE
)
_PROGRAM = r"(?:een )?(?:iphone|ipad|android|samsung|galaxy|huawei|outlook|gmail|proton|k-9|yahoo)\b.{0,80}"
_FROM_A_PHONE = re.compile(
    "|".join(
        rf"\s*{sentence}\s*"
        for sentence in (
            rf"(?:verstuurd|verzonden) (?:van|vanaf|vanuit|met|via) (?:mijn .{{2,80}}|{_PROGRAM})",
            rf"sent (?:from|with|via) (?:my .{{2,80}}|{_PROGRAM})",
            rf"von meinem .{{2,40}} gesendet|gesendet (?:von|mit) (?:meinem .{{2,80}}|{_PROGRAM})",
            "(?:get|download|laden sie) outlook (?:for|voor|für) .{2,200}",
            "outlook (?:voor|für) .{2,30} (?:downloaden|herunterladen|beziehen).{0,200}",
        )
    ),
    re.IGNORECASE,
)
_SMALL_PRINT = re.compile(
    "disclaimer|uitsluitend bestemd|vertrouwelijke informatie|geadresseerde|denk aan het milieu|druk deze e-?mail"
    "|beveiligd verzonden|sent securely"
    "|confidential (?:information|and)|may be confidential|intended (?:solely |only )for|intended recipient|addressee"
    "|think before (?:you )?print|consider the environment|vertrauliche informationen|ausschließlich für",
    re.IGNORECASE,
)
_REACHED = re.compile(
    r"@|www\.|https?:|\b\d{4} ?[A-Z]{2}\b|(?:\+\d\d|\b0)[\d\s().-]{8}|\b(?:werkdagen|aanwezig|bereikbaar)\s?:",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\S+\s.*[.!?]\s*$|\b(?:ik|jij|je|hij|zij|ze|wij|we|u|mij|is|was|zijn|heeft|hebben|niet|niets|geen|wil|kan|mag|moet|weet"
    r"|he|she|they|we|you|not|please|has|er|sie|wir|ist|hat|nicht|kein|bitte)\b",
    re.IGNORECASE,
)
_DELIMITER = re.compile(r"\s*-- ?\s*")
_AFTERTHOUGHT = re.compile(r"\s*(?:P\.?\s?S\b|N\.?B\b|Naschrift\b)", re.IGNORECASE)


class _Sort(enum.Enum):
    SIGNATURE = enum.auto()
    STORY = enum.auto()
    UNCERTAIN = enum.auto()


def signature_lines(lines: Sequence[str]) -> list[bool]:
    """For each line of what somebody wrote in one go: does it belong to the signature? The name itself does not."""
    found = [
        bool(_FROM_A_PHONE.fullmatch(line)) and _ends_here(lines[at + 1 : at + 2]) for at, line in enumerate(lines)
    ]
    at = 0
    while at < len(lines):
        if _DELIMITER.fullmatch(lines[at]):
            found[at] = True
            at = _mark_below(found, lines, at + 1)
        elif _closes(lines[at]):
            at = _mark_below(found, lines, _below_the_name(lines, at + 1))
        else:
            at += 1
    return found


def _mark_below(found: list[bool], lines: Sequence[str], at: int) -> int:
    """Mark what is certainly signature; returns where a story, or one more sign-off, begins."""
    if at < len(lines) and _closes(lines[at]):
        return at
    for paragraph in _paragraphs(lines[at : at + MOST_LINES]):
        sort = _sort_of(paragraph)
        if sort is _Sort.STORY:
            break
        if sort is _Sort.SIGNATURE:
            found[at : at + len(paragraph)] = [True] * len(paragraph)
        at += len(paragraph)
    return at


def _closes(line: str) -> bool:
    return len(line) <= MOST_CLOSING and bool(_CLOSING.fullmatch(line))


def _ends_here(below: Sequence[str]) -> bool:
    """Whether no text goes on in the next line: "Verstuurd vanaf een onbekend nummer" may begin a sentence."""
    return not below or not any(map(str.isalnum, below[0]))


def _below_the_name(lines: Sequence[str], at: int) -> int:
    """After the first line below the sign-off, when it can be a name: no address, no number, no sentence.

    One sign-off may stand above another: "Alvast bedankt," and then "Groet,".
    """
    start = next((here for here in range(at, len(lines)) if lines[here].strip()), len(lines))
    name = lines[start].strip() if start < len(lines) else ""
    is_name = name and len(name) <= MOST_NAME and not _closes(name) and not re.search(r"[@\d]|[.!?]$", name)
    return start + 1 if is_name else start


def _paragraphs(lines: Sequence[str]) -> Iterator[list[str]]:
    """Lines up to and with the empty ones that end them."""
    paragraph: list[str] = []
    for line in lines:
        if paragraph and line.strip() and (not paragraph[-1].strip() or _AFTERTHOUGHT.match(line)):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _sort_of(paragraph: Sequence[str]) -> _Sort:
    """Small print, or how somebody is reached. A function or a school alone may as well be what happened."""
    said = [line for line in paragraph if line.strip()]
    if any(map(_SMALL_PRINT.search, said)):
        return _Sort.SIGNATURE
    if any(_AFTERTHOUGHT.match(line) or _closes(line) for line in said[:1]) or any(
        len(line) > LONG_LINE or _SENTENCE.search(line) for line in said
    ):
        return _Sort.STORY
    return _Sort.SIGNATURE if any(map(_REACHED.search, said)) else _Sort.UNCERTAIN
