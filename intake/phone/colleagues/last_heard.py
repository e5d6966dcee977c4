"""The last sentence that a caller heard, for whoever reads the list of calls."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.phone.models import Call
from intake.phone.said import last_sentence, read


def last_heard(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The sentence that was being spoken when each of these calls ended, give or take one; none for other contacts."""
    calls = session.scalars(select(Call).where(Call.id.in_(ids))) if ids else ()
    return {call.id: sentence for call in calls if (sentence := _of(call))}


def _of(call: Call) -> str:
    contact = call.contact
    if contact.ended_at is None or call.said_sealed is None:
        return ""
    return last_sentence(read(call.said), (contact.ended_at - contact.started_at).total_seconds())
