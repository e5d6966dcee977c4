"""Queues and who waits in them over REST, and sending one of those elsewhere."""

from flask import Blueprint, request

from demo.carrier.events import Target
from demo.carrier.network import Carrier
from demo.carrier.rest.answers import METHODS, RestError, add_route, moment, not_found, page, web_address
from demo.carrier.waiting import Member, WaitingLine

MOST_OF_ALL = 5000


def add_queues(rest: Blueprint, carrier: Carrier) -> None:
    """Queues.json, Queues/{sid}.json, its Members.json and Members/{CallSid or Front}.json."""
    add_route(rest, "/Queues", lambda: _list(carrier))
    add_route(rest, "/Queues", lambda: _create(carrier), "POST")
    add_route(rest, "/Queues/<sid>", lambda sid: _written(carrier, _found(carrier, sid)))
    add_route(rest, "/Queues/<sid>", lambda sid: _update(carrier, _found(carrier, sid)), "POST")
    add_route(rest, "/Queues/<sid>/Members", lambda sid: _members(carrier, _found(carrier, sid)))
    add_route(rest, "/Queues/<sid>/Members/<who>", lambda sid, who: _member(carrier, sid, who))
    add_route(rest, "/Queues/<sid>/Members/<who>", lambda sid, who: _send(carrier, sid, who), "POST")


def _list(carrier: Carrier) -> dict[str, object]:
    return page("queues", list(carrier.lines.values()), lambda line: _written(carrier, line))


def _create(carrier: Carrier) -> tuple[dict[str, object], int]:
    name = request.form.get("FriendlyName", "")
    if not name:
        raise RestError(400, 20001, "Missing required parameter FriendlyName")
    if carrier.line_called(name) is not None:
        raise RestError(400, 22003, f"Queue with friendly name {name} already exists")
    return _update(carrier, carrier.line(name)), 201


def _update(carrier: Carrier, line: WaitingLine) -> dict[str, object]:
    most = request.form.get("MaxSize", str(line.most))
    if not (most.isascii() and most.isdigit() and 1 <= int(most) <= MOST_OF_ALL):
        raise RestError(400, 20001, f"MaxSize is not from 1 to {MOST_OF_ALL}: {most}")
    line.most, line.name = int(most), request.form.get("FriendlyName") or line.name
    return _written(carrier, line)


def _members(carrier: Carrier, line: WaitingLine) -> dict[str, object]:
    return page("queue_members", list(line.members), lambda member: _written_member(carrier, line, member))


def _member(carrier: Carrier, sid: str, who: str) -> dict[str, object]:
    line = _found(carrier, sid)
    return _written_member(carrier, line, line.member(who) or not_found())


def _send(carrier: Carrier, sid: str, who: str) -> dict[str, object]:
    """Out of the queue and on to an address; whoever asks second finds nobody."""
    line, url, method = _found(carrier, sid), request.form.get("Url", ""), request.form.get("Method", "POST")
    if not web_address(url) or method not in METHODS:
        raise RestError(400, 20001, f"Url or Method is not valid: {url}")
    member = line.member(who) or not_found()
    written = _written_member(carrier, line, member)
    if not line.remove(member):
        not_found()
    member.call.redirect(Target(method, url))
    return written


def _found(carrier: Carrier, sid: str) -> WaitingLine:
    return carrier.lines.get(sid) or not_found()


def _written(carrier: Carrier, line: WaitingLine) -> dict[str, object]:
    uri = f"/2010-04-01/Accounts/{carrier.account_sid}/Queues/{line.sid}"
    return {
        "sid": line.sid,
        "account_sid": carrier.account_sid,
        "friendly_name": line.name,
        "current_size": len(line.members),
        "max_size": line.most,
        "average_wait_time": line.average,
        "date_created": moment(line.created_at),
        "date_updated": moment(line.created_at),
        "uri": f"{uri}.json",
        "subresource_uris": {"members": f"{uri}/Members.json"},
    }


def _written_member(carrier: Carrier, line: WaitingLine, member: Member) -> dict[str, object]:
    return {
        "call_sid": member.call.sid,
        "queue_sid": line.sid,
        "date_enqueued": moment(member.at),
        "position": line.position(member),
        "wait_time": member.waited,
        "uri": f"/2010-04-01/Accounts/{carrier.account_sid}/Queues/{line.sid}/Members/{member.call.sid}.json",
    }
