"""Whoever hung up after "bel 112" may be doing just that: their line stays free for a while."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from desk.clock import Clock
from intake.phone.calling_back.attempts import line_rules_of
from intake.phone.calling_back.reach import reach_of
from intake.phone.models import Call
from triage.models import Contact
from triage.told import heard_the_danger_line
from triage.values import Channel, Direction, Outcome

HUNG_UP = frozenset({Outcome.ABANDONED, Outcome.TOLD_CLOSED})
"""Also while we are closed, or just before we open: whoever comes at nine looks at the list first."""


def left_alone(session: Session) -> Mapping[bytes, datetime]:
    """Until when (desk time, UTC) the callers of these number hashes are not called; only those of this moment."""
    clock: Clock = session.info["clock"]
    now, pause = clock.now(), timedelta(minutes=line_rules_of(session).free_after_danger)
    keyed = select(Call.id).where(Call.number_sealed.is_not(None))
    lately = select(Contact).where(
        Contact.started_at > now - pause,
        Contact.channel == Channel.PHONE,
        Contact.direction == Direction.IN,
        or_(Contact.from_hash.is_not(None), Contact.id.in_(keyed)),
    )
    last = {reach_of(session, each).known_as: each for each in session.scalars(lately.order_by(Contact.started_at))}
    return {
        known: each.started_at + pause
        for known, each in last.items()
        if known is not None and each.outcome in HUNG_UP and heard_the_danger_line(each.told, each.lasted)
    }
