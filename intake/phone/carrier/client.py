"""The carrier's REST face, as far as the desk uses it: calls, queues, recordings and the number itself."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any

from twilio.base.exceptions import TwilioException

from desk.sender import GiveUp, Uncertain
from desk.settings import Settings
from intake.phone.carrier.http import CarrierHttp, asked, asked_once, status_of
from intake.phone.carrier.media import LARGEST, fetch_sound
from intake.phone.carrier.rows import (
    CarrierCall,
    CarrierNumber,
    CarrierRecording,
    NumberUrls,
    call_of,
    number_of,
    recording_of,
)

__all__ = ["Carrier", "CarrierCall", "CarrierNumber", "CarrierRecording", "NumberUrls", "Uncertain"]

PAGE = 200  # rows that are asked for at a time
NEWEST = 200  # calls to one number that are looked through for one that was just placed


class Carrier:
    """One account at the carrier; make one for a process, because it keeps its connections.

    Methods raise `TryAgain` when the carrier is away or busy, and `GiveUp` when it refuses for good.
    """

    def __init__(self, settings: Settings, *, largest: int = LARGEST) -> None:
        self._settings = settings
        self._largest = largest
        self._account = settings.twilio_account_sid
        self._tokens = tuple(token.get_secret_value() for token in settings.twilio_auth_tokens)

    def recording(self, sid: str) -> bytes:
        """The WAV bytes of a recording. The address is built from its sid: one in a webhook could lead anywhere."""
        base = f"{self._settings.twilio_api_url}/2010-04-01/Accounts/{self._account}"
        return fetch_sound(f"{base}/Recordings/{sid}.wav", self._account, self._tokens, largest=self._largest)

    def calls_since(self, start: datetime) -> Iterator[CarrierCall]:
        """Every call that came in on the desk's number since then, also those that still run, newest first."""
        with asked():
            for row in self._api.calls.stream(start_time_after=start, page_size=PAGE):
                call = call_of(row)
                if call.came_in and self._ours(call.to):
                    yield call

    def call(self, sid: str) -> CarrierCall | None:
        """One call that came in on the desk's number; None when there is none such."""
        with asked():
            row = _or_none(lambda: self._api.calls(sid).fetch())
            call = call_of(row) if row is not None else None
        return call if call and call.came_in and self._ours(call.to) else None

    def recordings_since(self, start: datetime) -> Iterator[CarrierRecording]:
        """Every recording of the account that was made since then and not deleted, newest first."""
        with asked():
            for row in self._api.recordings.stream(date_created_after=start, page_size=PAGE):
                yield recording_of(row)

    def delete_recording(self, sid: str) -> None:
        """Delete a recording; one that is gone already is no fault."""
        with asked():
            _or_none(lambda: self._api.recordings(sid).delete())

    def recording_is_gone(self, sid: str) -> bool:
        """Whether the carrier says that it has no such recording."""
        with asked():
            row = _or_none(lambda: self._api.recordings(sid).fetch())
        return row is None or row.status == "deleted"

    def place_call(self, to: str, from_: str, url: str, status_url: str, timeout: int, time_limit: int) -> str:
        """Have the carrier call a number, and give the call's sid. `timeout` (ringing) and `time_limit` in seconds.

        Placing is never tried again here. Raises `Uncertain` when nobody knows whether it was placed: look it up with
        `find_calls`. `TryAgain` and `GiveUp` say that it certainly was not.
        """
        with asked_once():
            row = self._api.calls.create(
                to=to,
                from_=from_,
                url=url,
                status_callback=status_url,
                status_callback_event=["initiated", "ringing", "answered", "completed"],
                timeout=timeout,
                time_limit=time_limit,
            )
        if not row.sid:
            raise Uncertain("the carrier answered without naming the call")
        return str(row.sid)

    def find_calls(self, to: str, since: datetime) -> list[CarrierCall]:
        """Calls that we placed to a number since then: what became of one whose placing got no answer."""
        with asked():
            # Not filtered by start there: a call that waits for its turn has not started.
            found = [call_of(row) for row in self._api.calls.stream(to=to, page_size=PAGE, limit=NEWEST)]
        return [call for call in found if call.direction == "outbound-api" and call.started_at >= since]

    def redirect_member(self, queue_sid: str, call_sid: str, url: str) -> bool:
        """Send somebody who waits in a queue elsewhere; False when they wait there no longer."""
        with asked():
            member = self._api.queues(queue_sid).members(call_sid)
            return _or_none(lambda: member.update(url=url, method="POST")) is not None

    def number(self) -> CarrierNumber:
        """The desk's own number. Raises `GiveUp` when the account has none such."""
        wanted = self._settings.phone_number
        with asked():
            rows = self._api.incoming_phone_numbers.list(phone_number=wanted, limit=NEWEST)
        for row in rows:  # the carrier also gives numbers that hold these digits
            if row.phone_number == wanted:
                return number_of(row)
        raise GiveUp(f"the account has no number {wanted}")

    def write_number_urls(self, number_sid: str, urls: NumberUrls) -> CarrierNumber:
        """Write a number's addresses; what is None stays as it is. Writing the same twice changes nothing."""
        voice = {} if urls.voice is None else {"voice_url": urls.voice, "voice_method": "POST"}
        status = {} if urls.status is None else {"status_callback": urls.status, "status_callback_method": "POST"}
        fallback = {"voice_fallback_url": urls.fallback, "voice_fallback_method": "GET"} if urls.fallback else {}
        with asked():
            return number_of(self._api.incoming_phone_numbers(number_sid).update(**voice, **status, **fallback))

    @cached_property
    def _api(self) -> Any:
        """The library's client: slow to load, and untyped."""
        from twilio.rest import Client

        http = CarrierHttp(self._settings.twilio_api_url, self._account, self._tokens)
        return Client(self._account, self._tokens[0] if self._tokens else "", http_client=http)

    def _ours(self, to: str) -> bool:
        """Calls to other numbers of the account are none of ours; what is no number may be a SIP line to this desk."""
        own = self._settings.phone_number
        return not own or to == own or not to.startswith("+")


def _or_none(ask: Any) -> Any:
    """What the carrier gives; None when it says that there is no such thing."""
    try:
        return ask()
    except TwilioException as error:
        if status_of(error) == HTTPStatus.NOT_FOUND:
            return None
        raise
