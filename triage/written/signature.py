"""Which lines stand under a mail as its writer's signature: everything below the name. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

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
_FROM_A_PHONE = re.compile(
    "|".join(
        rf"\s*{sentence}\s*"
        for sentence in (
            "(?:verstuurd|verzonden) (?:vanaf|vanuit|met|via) .{2,80}", "sent (?:from|with|via) .{2,80}",
            "(?:get|download) outlook for .{2,200}", "outlook voor .{2,30} downloaden.{0,200}",
            "von meinem .{2,40} gesendet", "gesendet (?:von|mit) .{2,80}",
            "outlook für .{2,30} (?:herunterladen|beziehen).{0,200}",
            "(?:download|laden sie) outlook (?:voor|für) .{2,200}",
        )
    ),
    re.IGNORECASE,
)  # fmt: skip
_SMALL_PRINT = re.compile(
    "disclaimer|uitsluitend bestemd|vertrouwelijk|geadresseerde|aansprakelijk|denk aan het milieu|druk deze e-?mail"
    "|beveiligd verzonden|sent securely"
    "|confidential|intended (?:solely |only )?(?:for|recipient)|addressee|think before (?:you )?print"
    "|consider the environment|vertraulich|bestimmt für",
    re.IGNORECASE,
)
_DELIMITER = re.compile(r"\s*-- ?\s*")
_AFTERTHOUGHT = re.compile(r"\s*(?:P\.?\s?S\b|N\.?B\b|Naschrift\b)", re.IGNORECASE)
_SENTENCE = re.compile(r"\S+(?:\s+\S+){4,}[.!?]")


def signature_lines(lines: Sequence[str]) -> list[bool]:
    """For each line of what somebody wrote in one go: does it belong to the signature? The name itself does not."""
    found = [
        bool(_FROM_A_PHONE.fullmatch(line)) and _ends_here(lines[at + 1 : at + 2]) for at, line in enumerate(lines)
    ]
    for at, line in enumerate(lines):
        if found[at]:
            continue
        if _DELIMITER.fullmatch(line):
            _mark(found, at, len(_until_afterthought(lines[at:])))
        elif len(line) <= MOST_CLOSING and _CLOSING.fullmatch(line):
            start = _below_the_name(lines, at + 1)
            below = _paragraphs(lines[start : start + MOST_LINES])
            _mark(found, start, sum(len(each) for each in takewhile(_is_signature, below)))
    return found


def _ends_here(below: Sequence[str]) -> bool:
    """Whether no text goes on in the next line: "Verstuurd vanaf een onbekend nummer" may begin a sentence."""
    return not below or not any(map(str.isalnum, below[0]))


def _mark(found: list[bool], start: int, count: int) -> None:
    found[start : start + count] = [True] * count


def _until_afterthought(lines: Sequence[str]) -> list[str]:
    return list(takewhile(lambda line: not _AFTERTHOUGHT.match(line), lines))


def _below_the_name(lines: Sequence[str], at: int) -> int:
    """After the first line below the sign-off, when it can be a name: no address, no number, no sentence."""
    start = next((here for here in range(at, len(lines)) if lines[here].strip()), len(lines))
    if start == len(lines):
        return start
    name = lines[start].strip()
    return start + 1 if len(name) <= MOST_NAME and not re.search(r"[@\d]|[.!?]$", name) else start


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


def _is_signature(paragraph: Sequence[str]) -> bool:
    """Function, organisation, numbers, small print; not a story that goes on below the name."""
    said = [line for line in paragraph if line.strip()]
    if said and (_AFTERTHOUGHT.match(said[0]) or not any(map(str.isalnum, "".join(said)))):
        return False
    if any(_SMALL_PRINT.search(line) for line in said):
        return True
    return not any(len(line) > LONG_LINE or _SENTENCE.fullmatch(line.strip()) for line in said)
