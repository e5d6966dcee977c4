"""Many tickets at once, sealed like real ones; past the ORM, through which a hundred thousand take too long."""

import random
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Insert, insert, select
from sqlalchemy.orm import Session

from desk.data_keys import DataKey
from desk.database import Database
from desk.vault import seal
from triage.deadlines import rank
from triage.models import Entry, Ticket
from triage.number import new_number
from triage.values import Area, Category, Channel, EntryKind, Status, Urgency

BATCH = 2_000
OPEN_SHARE = 0.02  # of a desk that has run for years, nearly everything is closed


def fill(database: Database, count: int, now: datetime) -> None:
    """Add `count` tickets with one entry each, spread over the years before `now`."""
    made = 0
    with database.reading() as session:
        used = set(session.scalars(select(Ticket.number)))
    while made < count:
        size = min(BATCH, count - made)
        with database.writing() as session:
            _batch(session, size, now, used)
        made += size


def _batch(session: Session, size: int, now: datetime, used: set[str]) -> None:
    rows = [_rows(session, now, used) for _ in range(size)]
    for n, statement in enumerate(_statements()):
        session.execute(statement, [row[n] for row in rows])


def _statements() -> Iterator[Insert]:
    yield from (insert(DataKey), insert(Ticket), insert(Entry))


def _rows(session: Session, now: datetime, used: set[str]) -> tuple[dict[str, object], ...]:
    key_id, secret = uuid4(), secrets.token_bytes(32)
    ring_key, wrapped = session.info["vault"].wrap(secret, f"data_key:{key_id}")
    key = {"id": key_id, "purpose": "ticket", "ring_key": ring_key, "wrapped": wrapped}
    ticket = _ticket(key_id, secret, now, used)
    entry_id = uuid4()
    entry = {
        "id": entry_id,
        "ticket_id": ticket["id"],
        "data_key_id": key_id,
        "at": ticket["opened_at"],
        "kind": EntryKind.NOTE,
        "text_sealed": seal(secret, b"Gebeld met school, niemand bereikt.", f"entry.text_sealed:{entry_id}"),
    }
    return key, ticket, entry


def _ticket(key_id: UUID, secret: bytes, now: datetime, used: set[str]) -> dict[str, object]:
    ticket_id = uuid4()
    is_open = random.random() < OPEN_SHARE
    urgency = random.choice((None, *Urgency))
    opened = now - timedelta(minutes=random.randrange(60 * 24 * (14 if is_open else 900)))

    def sealed(column: str, text: str) -> bytes:
        return seal(secret, text.encode(), f"ticket.{column}:{ticket_id}")

    return {
        "id": ticket_id,
        "number": _number(used),
        "data_key_id": key_id,
        "version": 1,
        "status": Status.NEW if is_open else Status.CLOSED,
        "is_open": is_open,
        "rank": rank(urgency),
        "urgency": urgency,
        "leading_category": random.choice(tuple(Category)),
        "other_categories": "",
        "area": random.choice(tuple(Area)),
        "channel": random.choice(tuple(Channel)),
        "opened_at": opened,
        "due_at": opened + timedelta(hours=random.randrange(1, 72)),
        "opened_while_closed": False,
        "closed_at": None if is_open else opened + timedelta(days=2),
        "subject_sealed": sealed("subject_sealed", "Leerling logt niet in en neemt niet op"),
        "text_sealed": sealed("text_sealed", "Wij bellen al dagen en krijgen geen gehoor. " * 8),
        "reporter_name_sealed": sealed("reporter_name_sealed", "Hanna Papier"),
        "reporter_organisation_sealed": sealed("reporter_organisation_sealed", "Basisschool De Verzonnen Vos"),
    }


def _number(used: set[str]) -> str:
    while (number := new_number()) in used:
        pass
    used.add(number)
    return number
