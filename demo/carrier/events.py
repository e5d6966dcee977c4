"""What can happen to a call while it runs, and what ends it or turns it elsewhere."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from demo.carrier.document import Document

T = TypeVar("T")


class Status(StrEnum):
    """A call's state, in the carrier's words."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"

    @property
    def unanswered(self) -> bool:
        """Whether nobody has picked up yet."""
        return self in {Status.QUEUED, Status.INITIATED, Status.RINGING}

    @property
    def final(self) -> bool:
        """Whether the call is over."""
        return not self.unanswered and self is not Status.IN_PROGRESS


class Direction(StrEnum):
    """Who began a call, in the carrier's words."""

    INBOUND = "inbound"
    OUTBOUND_API = "outbound-api"
    OUTBOUND_DIAL = "outbound-dial"


@dataclass(frozen=True)
class Target:
    """What a call goes on with: an address to ask, or a document that is already here."""

    method: str
    url: str
    form: Mapping[str, str] = field(default_factory=dict)
    document: Document | None = None
    last_resort: bool = False
    """The fallback address: when that fails too, the call ends."""


@dataclass(frozen=True)
class Begun:
    """The call begins."""


@dataclass(frozen=True)
class PickedUp:
    """Somebody at the called side answers."""


@dataclass(frozen=True)
class Declined:
    """Somebody at the called side does not want the call."""


@dataclass(frozen=True)
class Stirred:
    """Something changed that this call may be waiting for; it looks for itself what."""


@dataclass(frozen=True)
class Taken:
    """Somebody took this caller from the queue."""


@dataclass(frozen=True)
class Elapsed:
    """The time that was waited for has passed; `serial` tells whether anybody still waits for it."""

    serial: int


@dataclass(frozen=True)
class Key:
    """One key was pressed: 0-9, * or #."""

    key: str


@dataclass(frozen=True)
class Spoken:
    """Something was said."""

    text: str


@dataclass(frozen=True)
class HungUp:
    """Whoever is at this end put the telephone down."""


@dataclass(frozen=True)
class Ended:
    """The account ended the call over REST."""


@dataclass(frozen=True)
class Redirected:
    """The account sent the call elsewhere over REST."""

    target: Target


Event = Begun | PickedUp | Declined | Stirred | Taken | Elapsed | Key | Spoken | HungUp | Ended | Redirected
Script = Generator[float, Event, T]
"""A piece of a call: yields how many seconds it waits, is sent what happened first."""


class CallOver(Exception):
    """The call has ended; `status` is how."""

    def __init__(self, status: Status = Status.COMPLETED) -> None:
        super().__init__(status)
        self.status = status


class CallerGone(CallOver):
    """It ended because whoever is at this end hung up."""


class Replaced(Exception):
    """The call goes on elsewhere, because the account said so."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.url)
        self.target = target


class Dequeued(Exception):
    """Somebody took the caller from the queue."""


class Left(Exception):
    """The wait document lets the caller out of the queue."""
