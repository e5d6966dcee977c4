"""Our spoken texts as they are worded: now, before, and another wording put in force.

T8, for when the desk is closed, and the choice it ends with stand in the document of routing; the others in that of
the telephone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.documents import Document, current, write
from desk.toml import Value, toml
from intake.phone.texts import prompts
from intake.phone.texts.prompts import BadPrompts, Prompts, prompts_in_force, read_prompts
from intake.phone.texts.text_faults import Demands
from routing.closed import with_choice
from routing.texts import CHOICE, BadTexts, Wording, read_texts

CLOSED = "T8"
TEXTS = "texts"
HEAD = "Written by the page Teksten. What each text must hold stands in the file that ships with the desk."
MOST_VERSIONS = 100  # that are looked at; older ones stay in the database
OF_ROUTING: Mapping[str, Demands] = {
    CLOSED: Demands(frozenset({"dag", "tijd"}), frozenset({"reden"}), danger=True),
    CHOICE: Demands(keys=frozenset("1")),
}


class Reworded(Exception):
    """Somebody else put another wording of the same text in force meanwhile."""


@dataclass(frozen=True)
class Version:
    """One wording: the version of the document that brought it, when (real time, UTC), and by whom (as an actor)."""

    number: int
    text: str
    at: datetime
    by: str


def demands(code: str) -> Demands:
    """What the text must hold at its place."""
    return OF_ROUTING[code] if code in OF_ROUTING else prompts.demands(code)


def texts_now(session: Session) -> Mapping[str, str]:
    """Every spoken text in force, with its blanks."""
    return {
        name: text for document in (prompts.NAME, TEXTS) for name, text in _spoken(document, _body(session, document))
    }


def version_now(session: Session, code: str) -> int:
    """The version of the document that this text stands in."""
    return current(session, _document(code))[0]


def versions(session: Session) -> Mapping[str, tuple[Version, ...]]:
    """Every wording of every text, newest first."""
    found: dict[str, list[Version]] = {}
    for document in (prompts.NAME, TEXTS):
        rows = select(Document).where(Document.name == document).order_by(Document.version.desc()).limit(MOST_VERSIONS)
        for row in reversed(session.scalars(rows).all()):
            for code, text in _spoken(document, row.body):
                known = found.setdefault(code, [])
                if not known or known[-1].text != text:
                    known.append(Version(row.version, text, row.written_at, row.written_by))
    return {code: tuple(reversed(known)) for code, known in found.items()}


def reword(session: Session, code: str, text: str, *, seen: int, by: str) -> None:
    """Put another wording in force; the caller has looked at its faults. `seen`: the version it was based on.

    Raises `Reworded` when this text, not another one of the same document, changed since.
    """
    document = _document(code)
    body, then = _body(session, document), _body_of(session, document, seen)
    if then is None or dict(_spoken(document, then)).get(code) != dict(_spoken(document, body))[code]:
        raise Reworded
    new = _letters_with(body, code, text) if document == TEXTS else _prompts_with(prompts_in_force(body), code, text)
    version = write(session, document, new, by)
    audit(session, Act(by, "change_text", f"text:{code}", f"document:{document}:{version}", "web"))


def _document(code: str) -> str:
    return TEXTS if code in OF_ROUTING else prompts.NAME


def _body(session: Session, document: str) -> str:
    return current(session, document)[1]


def _body_of(session: Session, document: str, version: int) -> str | None:
    return session.scalar(select(Document.body).where(Document.name == document, Document.version == version))


def _spoken(document: str, body: str) -> Iterable[tuple[str, str]]:
    """The spoken texts of one document; none of one that cannot be read."""
    try:
        return _of_routing(body).items() if document == TEXTS else prompts_in_force(body).texts.items()
    except (BadTexts, BadPrompts):
        return []


def _of_routing(body: str) -> Mapping[str, str]:
    letters = with_choice(read_texts(body))
    return {code: letters[code].text for code in OF_ROUTING}


def _prompts_with(now: Prompts, code: str, text: str) -> str:
    rule = now.promises
    promises: dict[str, Value] = {
        "same_day_until": _clock(rule.same_day_until),
        "next_day_by": _clock(rule.next_day_by),
    }
    body = toml(HEAD, {"promises": promises, "line": asdict(now.line), "texts": {**now.texts, code: text}})
    read_prompts(body)
    return body


def _letters_with(body: str, code: str, text: str) -> str:
    letters = {**with_choice(read_texts(body)), code: Wording("", text)}
    body = toml(HEAD, {code: {k: v for k, v in asdict(one).items() if v} for code, one in letters.items()})
    read_texts(body)
    return body


def _clock(at: time) -> str:
    return f"{at.hour}.{at.minute:02}"
