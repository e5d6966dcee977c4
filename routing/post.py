"""Sending letters. One is marked uncertain before it leaves, so that a fault loses none and repeats none unseen."""

from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.clock import Clock
from desk.desk import Desk
from desk.jobs import ClaimedJob
from desk.sender import GiveUp, TryAgain, Uncertain
from desk.worker import Handler
from hours import NeverOpens
from routing.closed import ACKNOWLEDGEMENTS, acknowledgement
from routing.letters import JOB
from routing.message import Draft, compose
from triage.models import Contact, Entry, Ticket
from triage.tickets import add_entry
from triage.values import EntryKind, Outcome


def handlers(desk: Desk) -> dict[str, Handler]:
    """The jobs of this part."""
    return {JOB: partial(send_letter, desk)}


def send_letter(desk: Desk, job: ClaimedJob) -> None:
    """Send the letter of a job, once; does nothing when it was sent, and bears being killed at any line.

    Found uncertain (a killed worker, a broken connection), it is sent once more under the same Message-ID; a second
    uncertain end stays and is shown. Raises `TryAgain` while the server is away and `GiveUp` when it refuses.
    """
    contact_id, automatic = UUID(job.payload["contact"]), bool(job.payload["automatic"])
    draft, again = desk.database.run(lambda session: _begin(session, contact_id, automatic=automatic))
    if draft is None:
        return
    try:
        message = compose(draft, desk.settings.mail_from)
        desk.sender.send(message, str(message["To"]))
    except TryAgain:
        _end(desk, contact_id, Outcome.QUEUED)
        raise
    except GiveUp:
        # Refused the second time says nothing of the first, which may have arrived.
        _end(desk, contact_id, Outcome.UNCERTAIN if again else Outcome.FAILED)
        raise
    except Uncertain as error:
        if not again:
            raise TryAgain("uncertain") from error
        _end(desk, contact_id, Outcome.UNCERTAIN)
    else:
        _end(desk, contact_id, Outcome.SENT)


def _begin(session: Session, contact_id: UUID, *, automatic: bool) -> tuple[Draft | None, bool]:
    """The letter to send now, and whether it is sent a second time; None when there is nothing left to do."""
    contact = _locked(session, contact_id)
    if contact.outcome not in {Outcome.QUEUED, Outcome.UNCERTAIN}:
        return None, False
    was_sent_again = session.scalar(select(Entry.n).where(Entry.fact == _again(contact))) is not None
    if contact.outcome is Outcome.UNCERTAIN:
        if was_sent_again:
            _tell(session, contact, Outcome.UNCERTAIN)
            return None, False
        _write(session, contact, fact=_again(contact), after="again")
    elif not was_sent_again:
        _write_for_now(session, contact)
    contact.outcome, was_sent_again = Outcome.UNCERTAIN, was_sent_again or contact.outcome is Outcome.UNCERTAIN
    return _draft(contact, automatic=automatic), was_sent_again


def _write_for_now(session: Session, contact: Contact) -> None:
    """Have an acknowledgement that never left say what holds now; what the ticket was promised before stays.

    Else one that waited for the server would say at night that the desk is open.
    """
    if contact.told not in ACKNOWLEDGEMENTS:
        return
    clock: Clock = session.info["clock"]
    now, ticket = clock.now(), session.get_one(Ticket, contact.ticket_id)
    try:
        told, subject, body = acknowledgement(session, ticket.number, now)
    except NeverOpens as error:
        raise TryAgain("the calendar holds no opening") from error
    if body != contact.text:
        contact.told, contact.subject, contact.text, contact.started_at = told, subject, body, now


def _end(desk: Desk, contact_id: UUID, outcome: Outcome) -> None:
    """Record an end, unless another worker recorded one while this one had lost its lease."""

    def work(session: Session) -> None:
        contact = _locked(session, contact_id)
        if contact.outcome is Outcome.UNCERTAIN:
            _tell(session, contact, outcome)

    desk.database.run(work)


def _tell(session: Session, contact: Contact, outcome: Outcome) -> None:
    """Record how a letter ended; only a final end is told to people."""
    contact.outcome = outcome
    if outcome is Outcome.QUEUED:
        return
    clock: Clock = session.info["clock"]
    contact.ended_at = clock.now()
    _write(session, contact, fact=f"letter:{contact.id}", after=outcome.value)
    audit(session, Act("desk", "send", f"contact:{contact.id}", outcome, "mail"))


def _write(session: Session, contact: Contact, *, fact: str, after: str) -> None:
    clock: Clock = session.info["clock"]
    ticket = session.get_one(Ticket, contact.ticket_id)
    add_entry(session, ticket, EntryKind.WROTE, at=clock.now(), contact=contact, fact=fact, after=after)


def _again(contact: Contact) -> str:
    return f"letter:{contact.id}:again"


def _locked(session: Session, contact_id: UUID) -> Contact:
    return session.scalars(select(Contact).where(Contact.id == contact_id).with_for_update(of=Contact)).one()


def _draft(contact: Contact, *, automatic: bool) -> Draft:
    return Draft(
        message_id=contact.provider_ref,
        to=contact.to_address or "",
        subject=contact.subject or "",
        body=contact.text or "",
        written_at=contact.started_at,
        answers=contact.answers,
        automatic=automatic,
    )
