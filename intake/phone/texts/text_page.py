"""The page of one spoken text: how it reads, its recording, who changed it when, and the forms of a coordinator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.accounts import User
from desk.desk import this_desk
from desk.person import this_person
from intake.phone.facts import sounds_of
from intake.phone.texts.diff import Piece, both
from intake.phone.texts.sound_list import text_hash
from intake.phone.texts.text_faults import Demands
from intake.phone.texts.text_rows import EXAMPLES, changed_words, text_row, why_not_recorded
from intake.phone.texts.wording import Version, demands, texts_now, version_now, versions

SHIPPED = "Zo geleverd met het meldpunt"


@dataclass(frozen=True)
class Draft:
    """Another wording that somebody typed. Nothing was typed when `text` is None."""

    text: str | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    fits: bool = False
    """Nothing is wrong with it: it is shown beside the old one, to be put in force."""
    reworded: bool = False
    """A colleague put another wording in force meanwhile."""


@dataclass(frozen=True)
class Earlier:
    """One wording that was put in force, with what it changed marked."""

    title: str
    pieces: tuple[Piece, ...]


def text_page(code: str, draft: Draft) -> str:
    """The page, with a draft if somebody wrote one."""
    desk, wanted = this_desk(), demands(code)
    with desk.database.reading() as session:
        known, now = versions(session)[code], desk.clock.real()
        names = colleagues(session)
        changed, sound = changed_words(known[0], names, now) or SHIPPED, sounds_of(session).get(code)
        row = text_row(code, texts_now(session)[code], sound, changed)
        version = version_now(session, code)
    return render_template(
        "phone/text.html",
        row=row,
        version=version,
        draft=draft,
        compared=both(row.text, draft.text or ""),
        said=text_row(code, draft.text or "", None),
        blanks=_blanks(wanted),
        keys=sorted(wanted.keys),
        earlier=earlier(known, names, now),
        why_not=why_not_recorded(code),
        text_hash=text_hash(row.text),
        may_change=this_person().coordinates,
    )


def colleagues(session: Session) -> Mapping[str, str]:
    """The name of every colleague, by how the audit log names them."""
    return {f"user:{user.id}": user.name for user in session.execute(select(User.id, User.name))}


def earlier(known: Sequence[Version], names: Mapping[str, str], now: datetime) -> list[Earlier]:
    """Every wording, newest first, each compared with the one before it."""
    before = [each.text for each in known[1:]] + [known[-1].text]
    return [
        Earlier(changed_words(each, names, now) or SHIPPED, both(old, each.text)[1])
        for each, old in zip(known, before, strict=True)
    ]


def _blanks(wanted: Demands) -> list[tuple[str, str]]:
    """The blanks that the text must or may have, and what may stand there."""
    return [(f"{{{blank}}}", words) for blank, words in EXAMPLES.items() if blank in wanted.blanks | wanted.may]
