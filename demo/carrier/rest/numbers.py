"""The desk's number over REST: what its calls and callbacks are sent to, and changing that."""

from flask import Blueprint, request

from demo.carrier.network import Carrier
from demo.carrier.rest.answers import METHODS, RestError, add_route, not_found, page

FIELDS = {
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "fallback_url",
    "VoiceFallbackMethod": "fallback_method",
    "StatusCallback": "status_url",
    "StatusCallbackMethod": "status_method",
}


def add_numbers(rest: Blueprint, carrier: Carrier) -> None:
    """IncomingPhoneNumbers.json and IncomingPhoneNumbers/{sid}.json."""
    add_route(rest, "/IncomingPhoneNumbers", lambda: _list(carrier))
    add_route(rest, "/IncomingPhoneNumbers/<sid>", lambda sid: _one(carrier, sid))
    add_route(rest, "/IncomingPhoneNumbers/<sid>", lambda sid: _update(carrier, sid), "POST")


def _list(carrier: Carrier) -> dict[str, object]:
    asked = request.args.get("PhoneNumber", "")
    rows = [carrier] if asked in carrier.number.number else []
    return page("incoming_phone_numbers", rows, _written)


def _one(carrier: Carrier, sid: str) -> dict[str, object]:
    return _written(carrier) if sid == carrier.number.sid else not_found()


def _update(carrier: Carrier, sid: str) -> dict[str, object]:
    if sid != carrier.number.sid:
        not_found()
    for name, value in request.form.items():
        if name.endswith("Method") and value not in METHODS:
            raise RestError(400, 21403, f"{name} is not valid: {value}")
        if name in FIELDS:
            setattr(carrier.number, FIELDS[name], value or None)
    return _written(carrier)


def _written(carrier: Carrier) -> dict[str, object]:
    number = carrier.number
    return {
        "sid": number.sid,
        "account_sid": carrier.account_sid,
        "api_version": "2010-04-01",
        "phone_number": number.number,
        "friendly_name": number.number,
        "capabilities": {"voice": True, "sms": False, "mms": False, "fax": False},
        "voice_url": number.voice_url,
        "voice_method": number.voice_method,
        "voice_fallback_url": number.fallback_url,
        "voice_fallback_method": number.fallback_method,
        "status_callback": number.status_url,
        "status_callback_method": number.status_method,
        "status": "in-use",
        "uri": f"/2010-04-01/Accounts/{carrier.account_sid}/IncomingPhoneNumbers/{number.sid}.json",
    }
