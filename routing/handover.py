"""Handing over: a person gives a ticket to a partner, and writes down who took it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.base import new_id
from desk.calendar import calendar_of
from desk.dates import written_moment
from routing.closed import handover_mail, texts_of
from routing.letters import Letter, write_letter
from routing.models import Handover, HandoverStatus
from routing.partners import Partner
from triage.actions import Doing, Refused, note_emergency_call
from triage.models import Contact, Ticket
from triage.moves import Move, after
from triage.place import taken_over, waits_for_a_partner
from triage.tickets import add_entry, index_words
from triage.values import EntryKind, Status, Urgency


@dataclass(frozen=True)
class Giving:
    """What a person filled in. `person` is None when nobody was spoken to; `spoken_at` is desk time."""

    partner: Partner
    person: str | None = None
    spoken_at: datetime | None = None
    why: str | None = None
    emergency_call: str | None = None
    """Who called 112 and when, in words."""


def hand_over(session: Session, ticket: Ticket, doing: Doing, giving: Giving, *, rule: str, domain: str) -> Handover:
    """Give a ticket to a partner; the same form (`doing.fact`) a second time changes nothing.

    Whoever hands over an unclaimed ticket has it from then on. A partner with a mail address gets M4, which holds the
    number only. `rule` proposed this partner (empty: a person chose another); `domain` is that of `message.domain_of`.
    Raises `Forbidden` for a closed ticket and `Refused` when nobody would hear of it or, on an acute one, nothing is
    known about 112.
    """
    known = session.scalars(select(Handover).where(Handover.form_key == doing.fact)).one_or_none()
    if known is not None:
        return known
    ticket.status = after(ticket.status, Move.HAND_OVER)
    if giving.emergency_call:
        note_emergency_call(ticket, giving.emergency_call, doing.at)
    _demand_heard(ticket, giving)
    if ticket.claimed_by_id is None:
        ticket.claimed_by_id, ticket.claimed_at = doing.actor_id, doing.at
    waits_for_a_partner(ticket, calendar_of(session), doing.at)
    letter = _announced(session, ticket, giving.partner, domain=domain) if giving.partner.email else None
    handover = _made(session, ticket, doing, giving, rule=rule, letter=letter)
    add_entry(
        session, ticket, EntryKind.HANDED_OVER, at=doing.at, actor_id=doing.actor_id, fact=doing.fact,
        after=handover.partner_name[:80], text=told(handover, doing.at),
    )  # fmt: skip
    index_words(session, ticket, (giving.partner.name, giving.person, giving.why))
    audit(
        session,
        Act(f"user:{doing.actor_id}", EntryKind.HANDED_OVER, f"ticket:{ticket.number}", giving.partner.code, "web"),
    )
    return handover


def confirm(session: Session, ticket: Ticket, doing: Doing, handover: Handover, who: str) -> None:
    """Write down the name and function of who took it. Raises `Refused` when a name stands there already.

    Once nobody else has to say yes, the clock of a rated ticket is the answer to the reporter: one working day later,
    or as promised. On a closed ticket it is recorded and changes nothing more.
    """
    if not handover.status.waits:
        raise Refused(f"Deze overdracht is al bevestigd door {handover.confirmed_by}.")
    handover.status, handover.confirmed_by = HandoverStatus.CONFIRMED, who
    handover.confirmed_at, handover.confirmed_to_id = doing.at, doing.actor_id
    current = current_handovers(session, ticket)
    if ticket.status is Status.HANDED_OVER and handover in current and not any(each.status.waits for each in current):
        taken_over(ticket, calendar_of(session), doing.at, by=handover.partner_name)
    add_entry(
        session, ticket, EntryKind.CONFIRMED, at=doing.at, actor_id=doing.actor_id, fact=doing.fact,
        after=handover.partner_name[:80], text=who,
    )  # fmt: skip
    index_words(session, ticket, (who,))
    audit(
        session, Act(f"user:{doing.actor_id}", EntryKind.CONFIRMED, f"ticket:{ticket.number}", handover.partner, "web")
    )


def handovers_of(session: Session, ticket: Ticket) -> list[Handover]:
    """The handovers of a ticket, the last one first; at most fifty."""
    return list(
        session.scalars(
            select(Handover).where(Handover.ticket_id == ticket.id).order_by(Handover.at.desc(), Handover.id).limit(50)
        )
    )


def current_handovers(session: Session, ticket: Ticket) -> list[Handover]:
    """Those since the ticket was opened or last reopened: earlier ones say nothing of where it is now."""
    since = ticket.reopened_at
    return [each for each in handovers_of(session, ticket) if since is None or each.at >= since]


def told(handover: Handover, now: datetime) -> str:
    """A handover as the timeline tells it."""
    spoke = f"Gesproken met {handover.person}" if handover.person else "Nog met niemand gesproken"
    when = f", {written_moment(handover.spoken_at, now)}" if handover.person and handover.spoken_at else ""
    return f"{spoke}{when}." + (f" {handover.why}" if handover.why else "")


def _demand_heard(ticket: Ticket, giving: Giving) -> None:
    if not giving.person and not giving.partner.email:
        raise Refused(f"Schrijf op met wie u sprak: {giving.partner.name} krijgt geen e-mail van ons.")
    if ticket.urgency is Urgency.ACUTE and not ticket.emergency_call:
        raise Refused("Schrijf op wie 112 belde en hoe laat, of waarom dat niet nodig was.")


def _made(
    session: Session, ticket: Ticket, doing: Doing, giving: Giving, *, rule: str, letter: Contact | None
) -> Handover:
    handover = Handover(
        id=new_id(), ticket_id=ticket.id, data_key=ticket.data_key, form_key=doing.fact or new_id().hex,
        partner=giving.partner.code, partner_name=giving.partner.name, status=HandoverStatus.SENT,
        rule=rule, by_id=doing.actor_id, at=doing.at, spoken_at=giving.spoken_at,
        letter_id=letter.id if letter else None,
    )  # fmt: skip
    handover.person, handover.why = giving.person, giving.why
    session.add(handover)
    session.flush()
    return handover


def _announced(session: Session, ticket: Ticket, partner: Partner, *, domain: str) -> Contact:
    subject, body = handover_mail(texts_of(session), ticket.number)
    return write_letter(session, ticket, Letter(partner.email, subject, body), domain=domain, told="M4")
