"""The strip above every page: who is on the line, who takes the telephone, and what one may do about it."""

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from desk.person import Person
from intake.phone.colleagues.alone import counted
from intake.phone.colleagues.line_now import line_now
from intake.phone.colleagues.roster import duty_of

TOPIC = "telefoon"
MOST_SHOWN = 3  # callers; the page *Telefoon* shows them all


def framed_strip(session: Session, person: Person) -> Markup:
    """The strip as it stands above a page, with room below it for what acts say."""
    return strip(session, person) + Markup('<div id="strook-zegt"></div>')


def strip(session: Session, person: Person, told: str = "") -> Markup:
    """The strip for this person. `told` is a sentence about what they just tried: it takes its own place on the page.

    There it stays when the strip is drawn anew.
    """
    line, duty = line_now(session), duty_of(session, person.id)
    own = line.own(person.id)
    others = [each for each in line.callers if each not in own and each.state != "menu"]
    return Markup(  # noqa: S704  escaped by the template
        render_template(
            "phone/strip.html",
            topic=TOPIC,
            line=line,
            me=line.of(person.id),
            own=own,
            callers=others[:MOST_SHOWN],
            more=len(others) - MOST_SHOWN,
            alone=counted(each.words for each in line.callers if each.state == "menu"),
            waiting=sum(each.state == "waiting" for each in line.callers),
            number_known=duty is not None and duty.number is not None,
            told=told,
        )
    )
