"""What *Toestand* says of the telephone: whether the carrier was compared with, and what it still has of us."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from desk import counters
from desk.backup_time import last_backup
from desk.condition import Condition, State
from desk.dates import counted
from desk.jobs import Job, JobStatus
from desk.last_times import last_time
from desk.settings import Settings
from desk.unfinished import MANY_ATTEMPTS
from intake.phone.away.spool import FOLDER, arrived, names_aside, names_waiting
from intake.phone.away.stored import LONGEST_WAIT
from intake.phone.carrier import recordings, removal
from intake.phone.carrier.comparison import MISSED_CALLS, MISSED_RECORDINGS
from intake.phone.carrier.reconcile import AWAY, DAY, DIFFERED, DONE
from intake.phone.models import KeptRecording

LATE = timedelta(hours=1)  # four times the usual
NO_BACKUP = timedelta(days=2)


def conditions(session: Session, settings: Settings, now: datetime) -> list[Condition]:
    """Webhooks that wait, calls compared with the carrier's, recordings fetched, recordings deleted there."""
    if not settings.twilio_account_sid:
        return [Condition("Telefoon", State.ATTENTION, "Er is geen telefoonlijn ingesteld.")]
    return [_waiting(settings, now), _compared(session, now), _fetched(session), _deleted(session, settings, now)]


def _waiting(settings: Settings, now: datetime) -> Condition:
    """Of the machine that shows the page: what its telephone heard while the database was away."""
    name, folder = "Wachtende oproepen", settings.data_dir / FOLDER
    if aside := len(names_aside(folder)):
        said = f"{counted(aside, 'bericht', 'berichten')} van de telefoonlijn kon het systeem niet verwerken."
        return Condition(name, State.ALARM, f"{said} Misschien mist er een oproep. Vraag de beheerder.")
    waiting = names_waiting(folder)
    if waiting and (since := arrived(waiting[0])) < now - LONGEST_WAIT:
        many = counted(len(waiting), "bericht van de telefoonlijn wacht", "berichten van de telefoonlijn wachten")
        return Condition(name, State.ALARM, f"{many} op de database.", since)
    return Condition(name, State.OK, "Niets van de telefoonlijn wacht op de database.")


def _compared(session: Session, now: datetime) -> Condition:
    name, done = "Oproepen", last_time(session, DONE)
    if away := last_time(session, AWAY):
        sentence = "De telefoonaanbieder antwoordt niet. Of er oproepen gemist zijn, weten wij pas als dat weer kan."
        return Condition(name, State.ALARM, sentence, away)
    if done is None:
        return Condition(name, State.ATTENTION, "De oproepen zijn nog niet vergeleken met de telefoonaanbieder.")
    if now - done > LATE:
        sentence = "De oproepen worden niet meer vergeleken met de telefoonaanbieder."
        return Condition(name, State.ALARM, sentence, done)
    differed = last_time(session, DIFFERED)
    if differed and now - differed < DAY:
        sentence = (
            f"Er kwamen oproepen niet vanzelf binnen. Ze staan nu bij Oproepen of in de werklijst. {_ever(session)}"
        )
        return Condition(name, State.ALARM, sentence, differed)
    return Condition(name, State.OK, f"Vergeleken met de telefoonaanbieder. {_ever(session)}".strip(), done)


def _ever(session: Session) -> str:
    calls, messages = counters.count(session, MISSED_CALLS), counters.count(session, MISSED_RECORDINGS)
    if not calls and not messages:
        return ""
    return (
        f"Tot nu toe later gevonden: {counted(calls, 'oproep', 'oproepen')}, {counted(messages, 'opname', 'opnames')}."
    )


def _fetched(session: Session) -> Condition:
    name, of_kind = "Opnames ophalen", Job.kind == recordings.JOB
    if given_up := _count(session, and_(of_kind, Job.status == JobStatus.DEAD)):
        many = counted(given_up, "opname is", "opnames zijn")
        return Condition(name, State.ALARM, f"{many} niet opgehaald. Dat staat ook in de melding.")
    if failing := _count(session, and_(of_kind, _goes_on(), Job.attempts >= MANY_ATTEMPTS)):
        said = f"{counted(failing, 'opname is', 'opnames zijn')} nog niet opgehaald. Wij blijven het proberen."
        return Condition(name, State.ATTENTION, said)
    return Condition(name, State.OK, "Elke opname is opgehaald, of wordt dat nu.")


def _deleted(session: Session, settings: Settings, now: datetime) -> Condition:
    name = "Opnames wissen"
    there = select(func.count(), func.min(KeptRecording.kept_at)).where(KeptRecording.deleted_at.is_(None))
    count, oldest = session.execute(there).one()
    if not count:
        return Condition(name, State.OK, "Elke bewaarde opname is gewist bij de telefoonaanbieder.")
    many = f"{counted(count, 'opname staat', 'opnames staan')} nog bij de telefoonaanbieder"
    if state := _failing(session):
        return Condition(name, state, f"{many}: het wissen lukt niet.", oldest)
    if not removal.waits_for_backup(oldest, last_backup(session), settings):
        return Condition(name, State.OK, f"{many} en worden zo gewist.", oldest)
    state = State.ATTENTION if now - oldest > NO_BACKUP else State.OK
    return Condition(name, state, f"{many}, tot de volgende back-up gemaakt is.", oldest)


def _failing(session: Session) -> State:
    """Whether deleting fails: for a moment, or again and again."""
    of_kind = Job.kind == removal.DELETE
    for_long = or_(Job.status == JobStatus.DEAD, and_(_goes_on(), Job.attempts >= MANY_ATTEMPTS))
    if _count(session, and_(of_kind, for_long)):
        return State.ALARM
    return State.ATTENTION if _count(session, and_(of_kind, _goes_on())) else State.OK


def _goes_on() -> ColumnElement[bool]:
    return and_(Job.status.in_((JobStatus.READY, JobStatus.RUNNING)), Job.fault.is_not(None))


def _count(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Job).where(which)) or 0
