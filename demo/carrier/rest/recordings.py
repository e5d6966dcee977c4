"""Recordings over REST: one, a list, the sound, and deleting it."""

from functools import partial

from flask import Blueprint, Response, request

from demo.carrier.faults import Media
from demo.carrier.network import Carrier
from demo.carrier.recording import Recording
from demo.carrier.rest.answers import RestError, add_route, in_time, moment, not_found, page

TYPES = {"wav": "audio/x-wav", "mp3": "audio/mpeg"}


def add_recordings(rest: Blueprint, carrier: Carrier) -> None:
    """Recordings.json, Recordings/{sid}.json, its sound, and the list of one call."""
    add_route(rest, "/Recordings", lambda: _list(carrier, request.args.get("CallSid")))
    add_route(rest, "/Calls/<call_sid>/Recordings", lambda call_sid: _list(carrier, call_sid))
    for suffix, kind in {"": "wav", ".wav": "wav", ".mp3": "mp3"}.items():
        add_route(rest, "/Recordings/<sid>", partial(_sound, carrier, kind=kind), suffix=suffix)
    add_route(rest, "/Recordings/<sid>", lambda sid: _written(carrier, _found(carrier, sid, deleted=_deleted_too())))
    add_route(rest, "/Recordings/<sid>", lambda sid: _delete(carrier, sid), "DELETE")


def _list(carrier: Carrier, call_sid: str | None) -> dict[str, object]:
    """Newest first; without the deleted ones, unless asked."""
    rows = [
        recording
        for recording in reversed(carrier.recordings.values())
        if recording.seconds != 0
        and (call_sid is None or recording.call_sid == call_sid)
        and (not recording.deleted or _deleted_too())
        and in_time("DateCreated", recording.started_at)
    ]
    return page("recordings", rows, lambda recording: _written(carrier, recording))


def _sound(carrier: Carrier, sid: str, kind: str) -> Response:
    """The media; not there until the recording is completed, nor after it was deleted."""
    recording, fault = _found(carrier, sid), carrier.faults.of_media()
    if not recording.completed or fault is Media.MISSING:
        not_found()
    if fault is Media.UNAUTHORIZED:
        raise RestError(401, 20003, "Authenticate")
    if request.args.get("RequestedChannels", "1") != "1":
        raise RestError(400, 20001, "This recording has one channel")
    sound = recording.mp3 if kind == "mp3" else recording.wav
    answer = Response(sound[: len(sound) // 2] if fault else sound, mimetype=TYPES[kind])
    if fault is Media.CUT:
        answer.headers["Content-Length"] = str(len(sound))
        answer.headers["Connection"] = "close"  # so that nobody waits for the rest
    return answer


def _delete(carrier: Carrier, sid: str) -> tuple[str, int]:
    """Remove the sound; what is known about it stays for a while."""
    recording = _found(carrier, sid)
    if carrier.faults.undeletable():
        raise RestError(500, 20500, "An internal server error has occurred")
    recording.deleted = True
    return "", 204


def _found(carrier: Carrier, sid: str, *, deleted: bool = False) -> Recording:
    recording = carrier.recordings.get(sid)
    if recording is None or (recording.deleted and not deleted) or recording.seconds == 0:
        not_found()
    return recording


def _deleted_too() -> bool:
    return request.args.get("IncludeSoftDeleted", "").lower() == "true"


def _written(carrier: Carrier, recording: Recording) -> dict[str, object]:
    uri = f"/2010-04-01/Accounts/{carrier.account_sid}/Recordings/{recording.sid}"
    return {
        "sid": recording.sid,
        "account_sid": carrier.account_sid,
        "api_version": "2010-04-01",
        "call_sid": recording.call_sid,
        "channels": 1,
        "conference_sid": None,
        "encryption_details": None,
        "error_code": None,
        "source": "RecordVerb",
        "status": recording.status,
        "duration": recording.duration,
        "date_created": moment(recording.started_at),
        "date_updated": moment(recording.started_at),
        "start_time": moment(recording.started_at),
        "price": None,
        "price_unit": "EUR",
        "media_url": f"{carrier.api_url}{uri}",
        "uri": f"{uri}.json",
        "subresource_uris": {},
    }
