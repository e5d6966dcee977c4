"""How a call ends: as a ticket when somebody must act, and always as one contact with an outcome."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.clock import Clock
from desk.database import one_at_a_time
from desk.vault import Vault
from intake.concern import Concern, Reporter
from intake.phone import rings
from intake.phone.calling_back.callbacks import joinable_ticket, promise
from intake.phone.colleagues.draft import draft_of
from intake.phone.colleagues.talk import text_of
from intake.phone.events import Dialled
from intake.phone.menu import Step
from intake.phone.models import Call
from intake.phone.numbers import CallerKind
from intake.phone.texts.line_rules import LineRules
from intake.phone.texts.prompts import FAULT
from intake.receive import Received, receive
from triage.actions import put_among_unread
from triage.telephone import shown
from triage.tickets import add_entry, index_words
from triage.values import Channel, EntryKind, Outcome

USUAL_WRAP_UP = LineRules().wrap_up
SUBJECTS = {Outcome.CALLBACK: "Terugbelverzoek", Outcome.VOICEMAIL: "Ingesproken bericht"}
WAITED = "Iemand wachtte toen wij dicht gingen. Beloofd: wij bellen terug. Het nummer is nog niet bevestigd."
TEXTS = {
    Outcome.CALLBACK: "Iemand belde en vroeg om teruggebeld te worden.",
    Outcome.VOICEMAIL: "Iemand belde en sprak een bericht in. Luister naar de opname.",
}


def receive_callback(session: Session, call: Call) -> None:
    """The confirmed number becomes a ticket, or joins the open ticket of the same confirmed number."""
    if call.number is None:
        raise ValueError("only a confirmed number is called back")
    vault: Vault = session.info["vault"]
    one_at_a_time(session, vault.lookup(Channel.PHONE, call.number))  # two calls may confirm it at the same moment
    open_ticket = joinable_ticket(session, vault.lookups(Channel.PHONE, call.number))
    _receive(session, call, _concern(call, Outcome.CALLBACK, number=call.number, joins=open_ticket))


def receive_message(session: Session, call: Call) -> None:
    """A spoken message becomes a ticket. Caller id alone joins nothing."""
    _receive(session, call, _concern(call, Outcome.VOICEMAIL, keyed=call.number))


def receive_promise(session: Session, call: Call) -> None:
    """Whoever waited while the desk closed was promised a call, whether or not a number follows."""
    _receive(session, call, _concern(call, Outcome.CALLBACK, words=WAITED))


def settle(session: Session, call: Call, dialled: Dialled | None = None, wrap_up: timedelta = USUAL_WRAP_UP) -> None:
    """Give the contact of a call that is over its outcome; calls that became tickets have theirs.

    A colleague who was on this line is free again, after `wrap_up`.

    May be called again: what was learnt since (the first webhook after the last) counts. A person's tick stays.
    """
    rings.end(session, call, dialled, wrap_up)
    contact = call.contact
    if contact.ticket_id is None and contact.ticked_off_at is None:
        contact.outcome = _outcome(call, answered=rings.was_answered(session, call))
        contact.to_tick_off = contact.outcome is not Outcome.REFERRED
        _write_down(call)
    if contact.ended_at is None:
        clock: Clock = session.info["clock"]
        contact.ended_at = clock.now()
    call.settled = True


def _outcome(call: Call, *, answered: bool) -> Outcome:
    if answered:
        return Outcome.ANSWERED
    told = call.contact.told.split()
    if not told or told[-1] == FAULT:  # nothing was ever said to this caller, or the desk ended the call
        return Outcome.FAILED
    if call.step is Step.END and told[-1:] == ["T3"]:  # heard to its end: told where to go
        return Outcome.REFERRED
    greetings = [code for code in told if code in {"T1", "T8"}]  # it may open, or close, during a call
    return Outcome.TOLD_CLOSED if greetings[-1:] == ["T8"] else Outcome.ABANDONED


def _write_down(call: Call) -> None:
    """What is known besides: a number that was keyed and not confirmed, and what a colleague typed meanwhile."""
    keyed = _unconfirmed(call.number) if call.number else ""
    if known := "\n".join(part for part in (keyed, text_of(draft_of(call))) if part):
        call.contact.text = known


def _unconfirmed(number: str) -> str:
    return f"Toetste {shown(number)}, niet bevestigd."


def _receive(session: Session, call: Call, concern: Concern) -> None:
    received = receive(session, concern)
    received.contact.to_tick_off = False
    if received.contact.outcome is not concern.outcome:
        _asked_since(session, received, concern)
    elif not received.fresh and concern.reporter.phone:
        _confirmed_since(session, received, concern)
    if call.promised_at is not None:
        number = call.number if concern.outcome is Outcome.CALLBACK else None
        promise(session, received, number, call.promised_at)


def _confirmed_since(session: Session, received: Received, concern: Concern) -> None:
    """The promise came first, the number to keep it on after it."""
    received.contact.text = concern.text
    received.ticket.reporter_phone = received.ticket.reporter_phone or concern.reporter.phone
    index_words(session, received.ticket, (concern.text,))


def _asked_since(session: Session, received: Received, concern: Concern) -> None:
    """A colleague made the ticket before it was known what this caller asked: that is news, and told in its story."""
    clock: Clock = session.info["clock"]
    contact, ticket = received.contact, received.ticket
    contact.outcome, contact.subject, contact.text = concern.outcome, concern.subject, concern.text
    put_among_unread(session, ticket, at=clock.now())
    index_words(session, ticket, (concern.subject, concern.text))
    fact = f"{concern.outcome}:{contact.id}"
    add_entry(session, ticket, EntryKind.JOINED, at=clock.now(), contact=contact, fact=fact)
    audit(session, Act(concern.channel, "receive", f"ticket:{ticket.number}", concern.outcome, "intake"))


def _concern(
    call: Call,
    outcome: Outcome,
    *,
    number: str | None = None,
    keyed: str | None = None,
    words: str | None = None,
    joins: UUID | None = None,
) -> Concern:
    contact = call.contact
    sentences = [words or TEXTS[outcome], _calling_from(call), *([_unconfirmed(keyed)] if keyed else [])]
    return Concern(
        channel=Channel.PHONE,
        provider_ref=call.call_sid,
        started_at=contact.started_at,
        outcome=outcome,
        subject=SUBJECTS[outcome],
        text=" ".join(sentences),
        reporter=Reporter(phone=number),
        from_address=contact.from_address,
        data_key=contact.data_key,
        joins=joins,
    )


def _calling_from(call: Call) -> str:
    address = call.contact.from_address
    if address is None:
        return "Het nummer was afgeschermd."
    if call.caller_kind is not CallerKind.E164:
        return f"Gebeld met: {address}."
    if call.contact.from_hash is None:
        return "Doorverbonden door het contactcentrum (14 010)."
    return f"Gebeld met: {shown(address)}."
