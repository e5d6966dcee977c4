"""How Alembic runs here: in the transaction and with the metadata that `desk.migrate` hands it."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Enum

from desk.base import UtcDateTime


def own_type(kind: str, thing: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types as plain ones, so that an old migration needs no code of today."""
    if kind != "type":
        return False
    if isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(thing, Enum):
        return f"sa.String(length={thing.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    render_as_batch=context.config.attributes.get("batch", True),
    render_item=own_type,
    include_name=context.config.attributes.get("include_name"),
    include_object=context.config.attributes.get("include_object"),
    transactional_ddl=True,
)
context.run_migrations()
