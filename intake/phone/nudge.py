"""A caller for whom a colleague was kept leaves the queue at once, instead of at the end of a round of waiting."""

from sqlalchemy import Select, select

from desk.desk import Desk
from desk.jobs import ClaimedJob
from desk.worker import Handler
from intake.phone.carrier.client import Carrier
from intake.phone.menu import Step
from intake.phone.models import Call
from intake.phone.twiml import Links
from triage.models import Contact
from triage.values import Channel


def nudger(desk: Desk, carrier: Carrier) -> Handler:
    """The job that sends a waiting caller on. Asked twice it does no harm: the same turn is answered the same."""
    links = Links(desk.settings.public_url, desk.settings.voice)

    def nudge(job: ClaimedJob) -> None:
        call_sid = job.payload["call"]
        with desk.database.reading() as session:
            found = session.execute(_still_waiting(call_sid)).one_or_none()
        if found is not None:
            carrier.redirect_member(found.queue_sid, call_sid, links.turn(found.turn))

    return nudge


def _still_waiting(call_sid: str) -> Select[str | None, int]:
    """The queue that this caller has yet to leave, and the turn that follows."""
    return (
        select(Call.queue_sid, Call.turn)
        .join(Contact, Contact.id == Call.id)
        .where(Contact.channel == Channel.PHONE, Contact.provider_ref == call_sid)
        .where(Call.step == Step.WAITING, Call.leaving.is_not(None), Call.queue_sid.is_not(None), ~Call.settled)
    )
