"""The normal form of everything that needs a person: all that an adapter hands on."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from desk.blobs import Blob
from desk.data_keys import DataKey
from triage.tickets import Reporter
from triage.values import Channel, Outcome

__all__ = ["Concern", "Enclosure", "Reporter"]

UNKNOWN = Reporter()


@dataclass(frozen=True)
class Enclosure:
    """A file that came with a contact. `position` is its unique place there: "1", "2", "raw", a RecordingSid.

    `seconds`: how long a spoken message plays.
    """

    position: str
    filename: str
    media_type: str
    content: bytes | Blob
    seconds: int | None = None


@dataclass(frozen=True)
class Concern:
    """One contact that needs a person. (channel, provider_ref) identifies it for ever; times are desk time, UTC."""

    channel: Channel
    provider_ref: str
    started_at: datetime
    outcome: Outcome
    subject: str
    text: str
    reporter: Reporter = UNKNOWN
    from_address: str | None = None
    from_name: str | None = None
    to_address: str | None = None
    raw_sha256: str | None = None
    data_key: DataKey | None = None
    """The key the contact is sealed under; None makes one."""
    joins: UUID | None = None
    """The ticket that the adapter knows this belongs to."""
    quiet: bool = False
    """It asks for nobody: the ticket that it joins is not put among the unread."""
    enclosures: tuple[Enclosure, ...] = field(default=())
