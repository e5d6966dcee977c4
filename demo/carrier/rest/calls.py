"""Calls over REST: one, a list with every leg, a new one, and changing one that runs."""

from flask import Blueprint, request

from demo.carrier.call import Call
from demo.carrier.document import Refused, read_inline
from demo.carrier.events import Target
from demo.carrier.network import Carrier
from demo.carrier.rest.answers import METHODS, RestError, add_route, in_time, moment, not_found, page, web_address
from demo.carrier.rest.orders import order


def add_calls(rest: Blueprint, carrier: Carrier) -> None:
    """Calls.json and Calls/{sid}.json."""
    add_route(rest, "/Calls", lambda: _list(carrier))
    add_route(rest, "/Calls", lambda: (_written(carrier.place(order(carrier), pace=carrier.pace)), 201), "POST")
    add_route(rest, "/Calls/<sid>", lambda sid: _written(_found(carrier, sid)))
    add_route(rest, "/Calls/<sid>", lambda sid: _update(_found(carrier, sid)), "POST")


def _list(carrier: Carrier) -> dict[str, object]:
    """Newest first."""
    wanted = {"From": "from_", "To": "to", "Status": "status", "ParentCallSid": "parent_sid"}
    asked = {field: request.args[name] for name, field in wanted.items() if name in request.args}
    rows = [
        call
        for call in reversed(list(carrier.calls.values()))
        if in_time("StartTime", call.started_at)
        and all(getattr(call, field) == value for field, value in asked.items())
    ]
    return page("calls", rows, _written)


def _update(call: Call) -> dict[str, object]:
    """End it, or send it elsewhere."""
    form = request.form
    if call.status.final or (call.rung and "Status" not in form):
        raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.")
    if form.get("Status") == "completed" or (form.get("Status") == "canceled" and call.rung):
        call.end()
    elif form.get("Status") == "canceled":
        pass  # which only reaches calls that nobody has answered yet
    elif "Twiml" in form:
        try:
            call.redirect(Target("POST", "", document=read_inline(form["Twiml"])))
        except Refused as fault:
            raise RestError(400, fault.code, fault.text) from fault
    elif web_address(form.get("Url", "")) and form.get("Method", "POST") in METHODS:
        call.redirect(Target(form.get("Method", "POST"), form["Url"]))
    else:
        raise RestError(400, 20001, "Nothing to change")
    return _written(call)


def _found(carrier: Carrier, sid: str) -> Call:
    return carrier.calls.get(sid) or not_found()


def _written(call: Call) -> dict[str, object]:
    uri = f"/2010-04-01/Accounts/{call.account_sid}/Calls/{call.sid}"
    return {
        "sid": call.sid,
        "account_sid": call.account_sid,
        "api_version": "2010-04-01",
        "from": call.from_,
        "from_formatted": call.from_,
        "to": call.to,
        "to_formatted": call.to,
        "direction": call.direction.value,
        "status": call.status.value,
        "date_created": moment(call.started_at),
        "date_updated": moment(call.ended_at or call.started_at),
        "start_time": moment(call.started_at),
        "end_time": moment(call.ended_at),
        "duration": str(call.duration) if call.status.final else None,
        "forwarded_from": call.parameters.get("ForwardedFrom"),
        "parent_call_sid": call.parent_sid,
        "price": None,
        "price_unit": "EUR",
        "queue_time": "0",
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
    }
