"""Where an earlier mail begins inside a later one, as mail programs write it in Dutch, English and German. Pure."""

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

MOST_WRAPPED = 4  # lines that one "Op … schreef …:" is wrapped over
MOST_HEADERS = 12  # lines of a block "Van: … Onderwerp: …"
MOST_HEADING = 400  # characters
MOST_GAP = 2  # empty lines between a rule and such a block

# A name after the verb: "Op maandag 13 april schreef hij op het bord:" is a story.
_CAPITAL = r"[\"'“(<\[]*[A-Z0-9ÀÖØ-Þ][^\s:@]{0,60}"
_WORD = rf"(?:{_CAPITAL}|van|de|der|den|het|ten|ter|te|von|zu|via|namens|en|und|and|<|[^\s@]{{1,100}}@[^\s@]{{1,100}})"
_NAME = rf"{_WORD}(?:\s+{_WORD}){{0,10}}"
_WROTE = (
    rf"Op\s.{{4,200}}?\sschreef\s+{_NAME}\s*(?:het volgende)?:",
    r"(?:Op|Am)\s.{4,200}?\s(?:schreef|schrieb)\s.{2,200}@[^\s@]{1,100}:",
    r"Op\s.{4,200}?\sheeft\s.{2,200}?geschreven:",
    rf"{_NAME}\sschreef(?: het volgende)?\s(?:op|om)\s.{{4,60}}:",
    r"On\s.{4,300}?\swrote:",
    rf"{_NAME}\swrote\s(?:on|at)\s.{{4,60}}:",
    rf"Am\s.{{4,200}}?\sschrieb\s+{_NAME}\s*(?:Folgendes)?:",
    r"Am\s.{4,200}?\shat\s.{2,200}?\sgeschrieben:",
    rf"{_NAME}\sschrieb\s(?:am|um)\s.{{4,60}}:",
)
_ATTRIBUTION = re.compile(rf"(?:{'|'.join(_WROTE)})\s*")
_DAY = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[-/.]\d{1,2}[-/.]\d\d\b")
_TIME = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_BEGINS = re.compile(r"\s*(?:Op|On|Am)\s|.{2,120}\s(?:schreef|wrote|schrieb)\b")

_ORIGINAL = "(?:Oorspronkelijk|Origineel) bericht|Original (?:Message|email)|(?:Ursprüngliche |Original-?\\s?)Nachricht"
_RULE = re.compile(rf"\s*[-_*]{{2,}}\s*(?:{_ORIGINAL})\s*[-_*]{{0,40}}\s*", re.IGNORECASE)
_PASSED_ON = "(?:Begin )?Doorgestuurd bericht|(?:Begin )?Forwarded message|(?:Anfang der )?weitergeleiteten? Nachricht"
_FORWARDED = re.compile(rf"\s*(?:[-_]{{2,}}\s*)?(?:{_PASSED_ON})\s*:?\s*(?:[-_]{{2,}})?\s*", re.IGNORECASE)
_FORWARD_SUBJECT = re.compile(r"\s*(?:FW|FWD|Doorst|Doorgestuurd|WG|TR)\s*:", re.IGNORECASE)

_SENDER = {"van", "from", "von"}
_SENT = {"verzonden", "datum", "sent", "date", "gesendet"}
_WHITHER = {"aan", "to", "an", "onderwerp", "subject", "betreff"}
_OTHERS = {"cc", "antwoord aan", "reply-to", "urgentie", "prioriteit", "importance", "priorität", "bijlagen",
           "attachments", "anlagen"}  # fmt: skip
_FIELDS = "|".join(sorted(_SENDER | _SENT | _WHITHER | _OTHERS))
_FIELD = re.compile(rf"\s*\*?({_FIELDS})\s?:\*?\s*(.*)", re.IGNORECASE)
_UNDERSCORES = re.compile(r"\s*[_-]{8,}\s*")
_MARKS = re.compile(r"^[\s>]{1,40}")
_QUOTED = re.compile(r"\s{0,3}>")


def is_forward(subject: str) -> bool:
    """Whether the subject says that the mail was forwarded."""
    return bool(_FORWARD_SUBJECT.match(subject))


def is_quoted(line: str) -> bool:
    """Whether a mail program put its mark before the line."""
    return bool(_QUOTED.match(line))


def quoted_next(lines: Sequence[str]) -> bool:
    """Whether the first line that says something has such a mark."""
    return is_quoted(next((line for line in lines if line.strip()), ""))


def heading_of_earlier(lines: Sequence[str], at: int) -> int:
    """How many lines from here on announce an earlier mail; 0 when none is announced here.

    A telephone puts its mark before the announcement too.
    """
    if is_quoted(lines[at]):
        unmarked = [_MARKS.sub("", line) for line in takewhile(is_quoted, lines[at : at + MOST_HEADERS])]
        return (_attribution(unmarked, 0) or _header_block(unmarked, 0)) if unmarked[0].strip() else 0
    if not lines[at].strip():
        return 0
    if _RULE.fullmatch(lines[at]):
        return 1
    return _attribution(lines, at) or _header_block(lines, at)


def announces_forward(line: str) -> bool:
    """Whether what follows was forwarded."""
    return bool(_FORWARDED.fullmatch(line))


def _attribution(lines: Sequence[str], at: int) -> int:
    if not _BEGINS.match(lines[at][:MOST_HEADING]):
        return 0
    joined = ""
    for count, line in enumerate(lines[at : at + MOST_WRAPPED], 1):
        if not line.strip() or is_quoted(line):
            return 0
        joined = f"{joined} {line.strip()}".strip()[: MOST_HEADING + 1]
        if joined.endswith(":") and len(joined) <= MOST_HEADING:
            known = _ATTRIBUTION.fullmatch(joined) and _by_a_program(joined, lines[at + count : at + MOST_HEADERS])
            return count if known else 0
    return 0


def _by_a_program(announced: str, below: Sequence[str]) -> bool:
    """A program gives an address, or year and time. With less a person may cite a child: then marks must follow."""
    if "@" in announced or (_DAY.search(announced) and _TIME.search(announced)):
        return True
    return quoted_next(below)


def _header_block(lines: Sequence[str], at: int) -> int:
    """Outlook's block: who, when, and to whom or about what, perhaps below a line of underscores."""
    start = at + 1 if _UNDERSCORES.fullmatch(lines[at]) else at
    if start > at:
        start += sum(1 for _line in takewhile(lambda line: not line.strip(), lines[start : start + MOST_GAP]))
    fields: dict[str, str] = {}
    count = 0
    for line in lines[start : start + MOST_HEADERS]:
        field = _FIELD.fullmatch(line[:MOST_HEADING])
        if not line.strip() or not (fields or (field and field[1].lower() in _SENDER)):
            break
        if field:
            fields[field[1].lower()] = field[2]
        count += 1
    return start - at + count if _tells_of_a_mail(fields) else 0


def _tells_of_a_mail(fields: Mapping[str, str]) -> bool:
    told = fields.keys()
    sent = " ".join(fields[name] for name in told & _SENT)
    return bool(told & _SENDER and told & _WHITHER and _DAY.search(sent) and _TIME.search(sent))
