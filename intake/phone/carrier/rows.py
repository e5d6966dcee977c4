"""What the carrier tells of calls, recordings and its number, as values of ours instead of rows of its library."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from intake.phone.events import CallState


@dataclass(frozen=True)
class CarrierCall:
    """A call as the carrier knows it. Times are aware UTC; `started_at` of one that waits is when it was made."""

    sid: str
    from_: str
    to: str
    state: CallState | None
    started_at: datetime
    ended_at: datetime | None
    direction: str
    parent_sid: str | None

    @property
    def came_in(self) -> bool:
        """Whether somebody phoned us: no call of ours, and no leg of another call."""
        return self.direction == "inbound" and not self.parent_sid


@dataclass(frozen=True)
class CarrierRecording:
    """A recording at the carrier. `seconds` is None while nobody knows; `made_at` is aware UTC."""

    sid: str
    call_sid: str
    status: str
    seconds: int | None
    made_at: datetime


@dataclass(frozen=True)
class NumberUrls:
    """What a number's calls and callbacks are sent to; None means none, or leave it as it is.

    By POST, the fallback by GET: it may be a file, and web servers refuse to POST to one.
    """

    voice: str | None
    status: str | None
    fallback: str | None


@dataclass(frozen=True)
class CarrierNumber:
    """A telephone number of the account."""

    sid: str
    number: str
    urls: NumberUrls
    elsewhere: str | None = None
    """The sid of a TwiML application or trunk that takes the number's calls instead, whatever its addresses say."""


def call_of(row: Any) -> CarrierCall:
    """Of a row of Calls. Raises `ValueError` for one without a time."""
    return CarrierCall(
        sid=str(row.sid),
        from_=row._from or "",  # noqa: SLF001  the library's name for a reserved word
        to=row.to or "",
        state=CallState(row.status) if row.status in set(CallState) else None,
        started_at=_moment(row.start_time) or _known(row.date_created),
        ended_at=_moment(row.end_time),
        direction=row.direction or "",
        parent_sid=row.parent_call_sid,
    )


def recording_of(row: Any) -> CarrierRecording:
    """Of a row of Recordings. Raises `ValueError` for one without a time."""
    length = str(row.duration or "")
    return CarrierRecording(
        sid=str(row.sid),
        call_sid=str(row.call_sid or ""),
        status=str(row.status or ""),
        seconds=int(length) if length.isdecimal() else None,
        made_at=_known(row.date_created),
    )


def number_of(row: Any) -> CarrierNumber:
    """Of a row of IncomingPhoneNumbers."""
    urls = NumberUrls(row.voice_url or None, row.status_callback or None, row.voice_fallback_url or None)
    return CarrierNumber(str(row.sid), str(row.phone_number), urls, row.voice_application_sid or row.trunk_sid)


def _known(value: object) -> datetime:
    at = _moment(value)
    if at is None:
        raise ValueError("the carrier does not say when")
    return at


def _moment(value: object) -> datetime | None:
    """A moment, aware UTC; the library leaves in place what it cannot read."""
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
