"""A handover that nobody takes: the partner says no, or the desk takes it back."""

from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.calendar import calendar_of
from routing.handover import current_handovers
from routing.models import Handover, HandoverStatus
from triage.actions import Doing, Refused, back_to_the_desk
from triage.models import Ticket
from triage.place import taken_over
from triage.tickets import add_entry, index_words
from triage.values import EntryKind, Status

KINDS = {HandoverStatus.DECLINED: EntryKind.DECLINED, HandoverStatus.WITHDRAWN: EntryKind.WITHDRAWN}


def end(session: Session, ticket: Ticket, doing: Doing, handover: Handover, how: HandoverStatus, why: str) -> None:
    """Note that nobody takes it: `how` is declined or withdrawn. Raises `Refused` when it waits for nobody any more.

    When no other handover waits, the ticket is with the partner that said yes before, else with the desk again.
    """
    if not handover.status.waits:
        raise Refused("Deze overdracht wacht niet meer op een antwoord.")
    handover.status = how
    current = current_handovers(session, ticket)
    if ticket.status is Status.HANDED_OVER and handover in current and not any(each.status.waits for each in current):
        _settled(session, ticket, doing, handover, current)
    add_entry(
        session, ticket, KINDS[how], at=doing.at, actor_id=doing.actor_id, fact=doing.fact,
        after=handover.partner_name[:80], text=f"{handover.partner_name}: {why}",
    )  # fmt: skip
    index_words(session, ticket, (why,))
    audit(session, Act(f"user:{doing.actor_id}", KINDS[how], f"ticket:{ticket.number}", handover.partner, "web"))


def _settled(session: Session, ticket: Ticket, doing: Doing, ended: Handover, current: list[Handover]) -> None:
    """A yes counts that came while this one was asked: an older one may be of before the ticket was taken back."""
    calendar = calendar_of(session)
    took = next((each for each in current if each.confirmed_at and each.confirmed_at >= ended.at), None)
    if took is None:
        back_to_the_desk(ticket, calendar, doing)
    else:
        taken_over(ticket, calendar, doing.at, by=took.partner_name)
