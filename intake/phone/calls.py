"""The record of a call: made or brought up to date by any webhook that mentions it, in any order."""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from desk.clock import Clock
from intake.contacts import address_hash, new_contact
from intake.phone import said
from intake.phone.events import BadEvent, CallState, Event
from intake.phone.models import Attempt, Call
from intake.phone.numbers import NOBODY, Caller, caller_of
from intake.phone.script import Line
from triage.models import Contact
from triage.values import Channel, Outcome

MOST_TOLD = 400  # characters of codes, as wide as the column
MOST_UNKNOWN = 500_000  # characters kept of a call's unknown parameters, whatever a carrier sends


def record(session: Session, event: Event, contact_centre: frozenset[str]) -> Call:
    """The call of this event, locked, with what the event tells of it.

    A race to make it breaks a unique constraint; `Database.run` then reruns the transaction. Raises `BadEvent` for a
    call that the desk placed itself.
    """
    call = find_call(session, event.call_sid)
    if call is None:
        _demand_incoming(session, event)
        return new_call(session, event, contact_centre)
    event = call.heeds(event)
    if event.caller is not None and call.contact.from_address is None:
        _name(session, call, caller_of(event.caller, contact_centre))
    _hear(session, call, event)
    return call


def find_call(session: Session, call_sid: str) -> Call | None:
    """The call of this root CallSid, locked together with its contact: two webhooks of one call wait for each other."""
    return session.scalars(
        select(Call)
        .join(Call.contact)
        .options(contains_eager(Call.contact))
        .where(Contact.channel == Channel.PHONE, Contact.provider_ref == call_sid)
        .with_for_update(of=[Call, Contact])
    ).one_or_none()


def find_call_of(session: Session, contact_id: UUID) -> Call | None:
    """The call of this contact, locked like `find_call`."""
    return session.scalars(
        select(Call)
        .join(Call.contact)
        .options(contains_eager(Call.contact))
        .where(Call.id == contact_id)
        .with_for_update(of=[Call, Contact])
    ).one_or_none()


def new_call(session: Session, event: Event, contact_centre: frozenset[str]) -> Call:
    """A call that was never heard of, and its contact, in this transaction."""
    clock: Clock = session.info["clock"]
    caller = caller_of(event.caller, contact_centre) if event.caller is not None else NOBODY
    contact = new_contact(
        session,
        Channel.PHONE,
        event.call_sid,
        started_at=clock.now(),
        outcome=Outcome.IN_PROGRESS,
        from_address=caller.address,
    )
    contact.from_hash = contact.from_hash if caller.recognisable else None
    contact.told, contact.to_tick_off = "", False
    call = Call(id=contact.id, contact=contact, account=event.account, caller_kind=caller.kind)
    call.state, call.settled, call.step, call.tries, call.turn = CallState.QUEUED, False, None, 0, 0
    session.add(call)
    _hear(session, call, event)
    return call


def _demand_incoming(session: Session, event: Event) -> None:
    """A leg of a call that the desk placed names that one as its parent."""
    if event.child and session.scalar(select(Attempt.id).where(Attempt.call_sid == event.call_sid)) is not None:
        raise BadEvent("the desk placed this call")


def tell(session: Session, call: Call, lines: Sequence[Line]) -> None:
    """Keep what is being said to the caller: the codes for lists, the words with the call."""
    if not lines:
        return
    told = call.contact.told.split()
    for line in lines:
        if told[-1:] != [line.code]:
            told.append(line.code)
    call.contact.told = " ".join(told)[:MOST_TOLD]
    if call.data_key.secret is not None:
        clock: Clock = session.info["clock"]
        at = (clock.now() - call.contact.started_at).total_seconds()
        call.said = said.add(call.said, max(at, 0), [(line.code, line.text) for line in lines])


def _hear(session: Session, call: Call, event: Event) -> None:
    clock: Clock = session.info["clock"]
    call.heard_at = clock.real()
    _keep(call, event)
    if event.state and event.state.rank > call.state.rank:
        call.state = event.state
    if call.state.final and call.contact.ended_at is None:
        call.contact.ended_at = clock.now()


def _name(session: Session, call: Call, caller: Caller) -> None:
    """A child leg's webhook came first; only now it is known who calls."""
    contact: Contact = call.contact
    call.caller_kind, contact.from_address = caller.kind, caller.address
    contact.from_hash = address_hash(session, Channel.PHONE, caller.address) if caller.recognisable else None


def _keep(call: Call, event: Event) -> None:
    kept: dict[str, str] = json.loads(call.unknown or "{}") if call.unknown_sealed else {}
    fresh = {name: value for name, value in event.unknown.items() if kept.get(name) != value}
    if not fresh:
        return
    whole = json.dumps(kept | fresh)
    if len(whole) <= MOST_UNKNOWN:
        call.unknown = whole
