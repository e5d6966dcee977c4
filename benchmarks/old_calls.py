"""Many calls at once that are long over, one in two with the colleague who answered; past the ORM, like `fill`."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from desk.accounts import User
from desk.data_keys import DataKey
from desk.database import Database
from intake.phone.events import CallState
from intake.phone.menu import Step
from intake.phone.models import Call, Ring
from intake.phone.numbers import CallerKind
from intake.phone.values import RingState
from triage.models import Contact
from triage.values import Channel, Direction, Outcome

APART = timedelta(minutes=7)


def fill_calls(database: Database, count: int, now: datetime) -> None:
    """Add `count` settled calls before `now`. There must be a colleague."""
    with database.writing() as session:
        user_id = session.scalars(select(User.id).limit(1)).one()
        rows = [tuple(_rows(now - n * APART, n, user_id)) for n in range(1, count + 1)]
        for table, of_table in zip((DataKey, Contact, Call), zip(*rows, strict=True), strict=False):
            session.execute(insert(table), list(of_table))
        session.execute(insert(Ring), [row[3] for row in rows if row[1]["outcome"] is Outcome.ANSWERED])


def _rows(at: datetime, n: int, user_id: UUID) -> Iterator[dict[str, object]]:
    id_, key_id = uuid4(), uuid4()
    answered, over = n % 2 == 0, at + timedelta(minutes=5)
    yield {"id": key_id, "purpose": "call", "ring_key": "none", "wrapped": None, "destroyed_at": over}
    yield {
        "id": id_,
        "channel": Channel.PHONE,
        "direction": Direction.IN,
        "provider_ref": f"CA{id_.hex}",
        "data_key_id": key_id,
        "outcome": Outcome.ANSWERED if answered else Outcome.VOICEMAIL,
        "started_at": at,
        "ended_at": over,
        "told": "T1",
        "to_tick_off": False,
    }
    yield {
        "id": id_,
        "account": "",
        "caller_kind": CallerKind.E164,
        "state": CallState.COMPLETED,
        "heard_at": over,
        "settled": True,
        "step": Step.TALKED if answered else Step.LEFT,
        "tries": 0,
        "turn": 2,
    }
    yield {
        "id": uuid4(),
        "call_id": id_,
        "user_id": user_id,
        "state": RingState.ACCEPTED,
        "by_click": False,
        "started_at": at,
        "accepted_at": at,
        "ended_at": over,
    }
