"""Letters through every fault: none is lost, none is repeated unseen."""

from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from sqlalchemy import String, func, select
from sqlalchemy.orm import Session

from desk.audit import AuditLine
from desk.clock import Clock
from desk.desk import Desk
from desk.jobs import ClaimedJob, Job, JobStatus
from desk.sender import ConsoleSender, GiveUp, MailSender, TryAgain, Uncertain
from desk.setting_types import LONGEST_MAIL_DOMAIN
from desk.worker import Worker
from routing.closed import acknowledgement
from routing.letters import JOB, Letter, is_ours, new_message_id, write_letter
from routing.post import handlers, send_letter
from tests.builders import a_ticket, closed_for_good
from tests.fakes import CollectingSender, FixedClock
from triage.models import Contact, Entry, Ticket
from triage.values import EntryKind, Outcome

LETTER = Letter("hanna@vos.example", "Onderwerp", "Is een kind nu in gevaar? Bel 112.", answers="<vraag@vos.example>")


class Killed(BaseException):
    """A worker that stops existing: nothing in our code may catch this."""


@dataclass
class ScriptedSender:
    """Ends each try as told, one after the other, then accepts; keeps what left the building."""

    ends: list[BaseException] = field(default_factory=list)
    sent: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Fail as told. A broken connection may well have delivered."""
        end = self.ends.pop(0) if self.ends else None
        if end is None or isinstance(end, Uncertain | Killed):
            self.sent.append(message)
        if end is not None:
            raise end


def a_letter(desk: Desk, letter: Letter = LETTER, told: str = "M4") -> UUID:
    """A letter in the transaction that caused it."""
    number = a_ticket(desk)

    def write(session: Session) -> UUID:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        return write_letter(session, ticket, letter, domain="desk.example", told=told).id

    return desk.database.run(write)


def an_acknowledgement(desk: Desk) -> UUID:
    """What a mail of this moment is answered."""
    number = a_ticket(desk)

    def write(session: Session) -> UUID:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        told, subject, body = acknowledgement(session, number, desk.clock.now())
        return write_letter(session, ticket, Letter(LETTER.to, subject, body), domain="desk.example", told=told).id

    return desk.database.run(write)


def try_once(desk: Desk, sender: MailSender, contact_id: UUID, attempt: int = 1) -> BaseException | None:
    """Run the letter's job as the worker does, and give what it raised."""
    payload = {"contact": str(contact_id), "automatic": "yes"}
    job = ClaimedJob(UUID(int=1), JOB, payload, "worker", attempt)
    try:
        send_letter(with_sender(desk, sender), job)
    except (TryAgain, GiveUp, Killed) as error:
        return error
    return None


def with_sender(desk: Desk, sender: MailSender) -> Desk:
    return Desk(desk.settings, desk.clock, desk.vault, desk.database, sender)


def outcome_of(desk: Desk, contact_id: UUID) -> Outcome:
    with desk.database.reading() as session:
        return session.get_one(Contact, contact_id).outcome


def told_of(desk: Desk, contact_id: UUID) -> list[str | None]:
    """What the timeline says of a letter, in order."""
    with desk.database.reading() as session:
        query = select(Entry.after).where(Entry.contact_id == contact_id, Entry.kind == EntryKind.WROTE)
        return list(session.scalars(query.order_by(Entry.n)))


def test_a_letter_is_a_contact_and_a_job_of_the_same_transaction(desk: Desk) -> None:
    contact_id = a_letter(desk)
    with desk.database.reading() as session:
        contact = session.get_one(Contact, contact_id)
        assert (contact.to_address, contact.subject, contact.text) == (LETTER.to, LETTER.subject, LETTER.body)
        assert (contact.outcome, contact.told) == (Outcome.QUEUED, "M4")
        job = session.scalars(select(Job).where(Job.kind == JOB)).one()
        assert "hanna" not in job.payload


def test_the_worker_sends_it_and_the_timeline_and_the_audit_say_so(desk: Desk) -> None:
    contact_id = a_letter(desk)
    worker = Worker(desk.database, handlers(desk), schedule=lambda: None)
    assert worker.drain() == 1
    assert isinstance(desk.sender, CollectingSender)
    [(recipient, message)] = desk.sender.sent
    assert recipient == "hanna@vos.example"
    assert message["In-Reply-To"] == "<vraag@vos.example>"
    assert outcome_of(desk, contact_id) is Outcome.SENT
    assert told_of(desk, contact_id) == ["sent"]
    with desk.database.reading() as session:
        acts = session.scalars(select(AuditLine.result).where(AuditLine.action == "send")).all()
        assert acts == ["sent"]


def test_a_job_that_runs_again_after_it_was_sent_sends_nothing(desk: Desk) -> None:
    contact_id, sender = a_letter(desk), ScriptedSender()
    assert try_once(desk, sender, contact_id) is None
    assert try_once(desk, sender, contact_id, 2) is None
    assert len(sender.sent) == 1
    assert told_of(desk, contact_id) == ["sent"]


def test_a_server_that_is_away_puts_the_letter_back_in_the_queue(desk: Desk) -> None:
    contact_id, sender = a_letter(desk), ScriptedSender([TryAgain("busy"), TryAgain("busy")])
    for attempt in (1, 2):
        assert isinstance(try_once(desk, sender, contact_id, attempt), TryAgain)
        assert outcome_of(desk, contact_id) is Outcome.QUEUED
    assert try_once(desk, sender, contact_id, 3) is None
    assert (len(sender.sent), told_of(desk, contact_id)) == (1, ["sent"])


def test_a_server_that_stays_away_for_days_still_gets_the_letter(desk: Desk) -> None:
    contact_id, sender = a_letter(desk), ScriptedSender([TryAgain("busy")])
    assert isinstance(try_once(desk, sender, contact_id, 300), TryAgain)
    assert outcome_of(desk, contact_id) is Outcome.QUEUED
    assert try_once(desk, sender, contact_id, 301) is None
    assert told_of(desk, contact_id) == ["sent"]


def test_a_desk_without_a_server_keeps_the_letter_until_one_is_set(desk: Desk) -> None:
    contact_id, sender = a_letter(desk), ScriptedSender()
    assert isinstance(try_once(desk, ConsoleSender(), contact_id), TryAgain)
    assert (outcome_of(desk, contact_id), told_of(desk, contact_id)) == (Outcome.QUEUED, [])
    assert try_once(desk, sender, contact_id, 2) is None
    assert (len(sender.sent), told_of(desk, contact_id)) == (1, ["sent"])


def test_a_refusal_after_a_doubt_leaves_the_doubt(desk: Desk) -> None:
    contact_id, sender = a_letter(desk), ScriptedSender([Uncertain("broken"), GiveUp("550")])
    try_once(desk, sender, contact_id)
    assert isinstance(try_once(desk, sender, contact_id, 2), GiveUp)
    assert outcome_of(desk, contact_id) is Outcome.UNCERTAIN
    assert told_of(desk, contact_id) == ["again", "uncertain"]


def test_a_worker_whose_lease_ran_out_does_not_undo_the_end_that_another_recorded(desk: Desk) -> None:
    contact_id, prompt = a_letter(desk), ScriptedSender()

    class Slow(ScriptedSender):
        def send(self, message: EmailMessage, recipient: str) -> None:
            assert try_once(desk, prompt, contact_id, 2) is None
            raise TryAgain("busy")

    assert isinstance(try_once(desk, Slow(), contact_id), TryAgain)
    assert outcome_of(desk, contact_id) is Outcome.SENT


def test_a_refusal_is_final_and_shown(desk: Desk) -> None:
    contact_id, sender = a_letter(desk), ScriptedSender([GiveUp("550")])
    assert isinstance(try_once(desk, sender, contact_id), GiveUp)
    assert outcome_of(desk, contact_id) is Outcome.FAILED
    assert told_of(desk, contact_id) == ["failed"]
    assert try_once(desk, sender, contact_id, 2) is None
    assert sender.sent == []


def test_an_address_that_cannot_be_written_fails_without_a_try(desk: Desk) -> None:
    contact_id, sender = a_letter(desk, Letter("geen adres", "x", "y")), ScriptedSender()
    assert isinstance(try_once(desk, sender, contact_id), GiveUp)
    assert (outcome_of(desk, contact_id), sender.sent) == (Outcome.FAILED, [])


def test_the_letter_stands_uncertain_in_the_database_while_it_is_with_the_server(desk: Desk) -> None:
    contact_id, seen = a_letter(desk), []

    class Watching(ScriptedSender):
        def send(self, message: EmailMessage, recipient: str) -> None:
            seen.append(outcome_of(desk, contact_id))

    assert try_once(desk, Watching(), contact_id) is None
    assert seen == [Outcome.UNCERTAIN]


@pytest.mark.parametrize("fault", [Uncertain("broken"), Killed()])
def test_after_a_broken_connection_or_a_killed_worker_it_leaves_once_more_under_the_same_message_id(
    desk: Desk, fault: BaseException
) -> None:
    contact_id, sender = a_letter(desk), ScriptedSender([fault])
    assert isinstance(try_once(desk, sender, contact_id), TryAgain | Killed)
    assert outcome_of(desk, contact_id) is Outcome.UNCERTAIN
    assert try_once(desk, sender, contact_id, 2) is None
    assert outcome_of(desk, contact_id) is Outcome.SENT
    first, second = sender.sent
    assert first.as_bytes() == second.as_bytes()
    assert told_of(desk, contact_id) == ["again", "sent"]


@pytest.mark.parametrize("fault", [Uncertain("broken"), Killed()])
def test_a_second_uncertain_end_stays_uncertain_is_shown_and_ends_the_tries(desk: Desk, fault: BaseException) -> None:
    contact_id, sender = a_letter(desk), ScriptedSender([Uncertain("broken"), fault])
    for attempt in (1, 2, 3, 4):
        try_once(desk, sender, contact_id, attempt)
    assert len(sender.sent) == 2
    assert outcome_of(desk, contact_id) is Outcome.UNCERTAIN
    assert told_of(desk, contact_id) == ["again", "uncertain"]


def test_a_server_that_is_busy_at_the_second_try_is_asked_again_but_never_after_a_second_doubt(desk: Desk) -> None:
    contact_id = a_letter(desk)
    sender = ScriptedSender([Uncertain("broken"), TryAgain("busy"), Uncertain("broken")])
    for attempt in (1, 2, 3, 4, 5):
        try_once(desk, sender, contact_id, attempt)
    assert len(sender.sent) == 2
    assert outcome_of(desk, contact_id) is Outcome.UNCERTAIN


def test_a_dead_job_is_left_for_people_after_a_refusal(desk: Desk, clock: Clock) -> None:
    a_letter(desk)
    assert isinstance(desk.sender, CollectingSender)
    desk.sender.fault = GiveUp("550 no such user")
    Worker(desk.database, handlers(desk), schedule=lambda: None).drain()
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).where(Job.status == JobStatus.DEAD)) == 1


def test_an_acknowledgement_that_could_not_leave_says_at_night_that_the_desk_is_closed(
    desk: Desk, clock: FixedClock
) -> None:
    contact_id, sender = an_acknowledgement(desk), ScriptedSender([TryAgain("away")])
    try_once(desk, sender, contact_id)
    clock.advance(timedelta(hours=10))
    assert try_once(desk, sender, contact_id, 2) is None
    [message] = sender.sent
    text = message.get_content()
    assert "Op dit moment leest niemand uw bericht. Wij lezen het op woensdag 15 april" in " ".join(text.split())
    assert str(message["Subject"]).startswith("Wij zijn nu gesloten")
    assert message["Date"].datetime == clock.now()
    with desk.database.reading() as session:
        contact = session.get_one(Contact, contact_id)
        assert (contact.told, contact.provider_ref) == ("M2", message["Message-ID"])
        assert text.strip() == contact.text


def test_an_acknowledgement_whose_words_still_hold_leaves_as_it_was_written(desk: Desk, clock: FixedClock) -> None:
    contact_id, sender, written = an_acknowledgement(desk), ScriptedSender(), clock.now()
    clock.advance(timedelta(minutes=5))
    assert try_once(desk, sender, contact_id) is None
    assert sender.sent[0]["Date"].datetime == written


def test_an_acknowledgement_that_may_have_left_is_never_written_anew(desk: Desk, clock: FixedClock) -> None:
    contact_id, sender = an_acknowledgement(desk), ScriptedSender([Uncertain("broken"), TryAgain("away")])
    try_once(desk, sender, contact_id)
    clock.advance(timedelta(hours=10))
    for attempt in (2, 3):
        try_once(desk, sender, contact_id, attempt)
    first, second = sender.sent
    assert first.as_bytes() == second.as_bytes()


def test_an_acknowledgement_waits_while_the_calendar_holds_no_opening(desk: Desk, clock: FixedClock) -> None:
    contact_id, sender = an_acknowledgement(desk), ScriptedSender()
    closed_for_good(desk)
    clock.advance(timedelta(minutes=1))
    assert isinstance(try_once(desk, sender, contact_id), TryAgain)
    assert (outcome_of(desk, contact_id), sender.sent) == (Outcome.QUEUED, [])


def test_the_longest_domain_that_the_settings_allow_fits_into_the_column_of_a_message_id(sqlite_desk: Desk) -> None:
    column = Contact.__table__.c.provider_ref.type
    assert isinstance(column, String)
    assert len(new_message_id(sqlite_desk.vault, "d" * LONGEST_MAIL_DOMAIN)) == column.length


def test_only_this_desk_can_have_made_its_message_ids(sqlite_desk: Desk) -> None:
    vault = sqlite_desk.vault
    ours = new_message_id(vault, "desk.example")
    assert is_ours(vault, ours)
    assert is_ours(vault, ours.strip("<>"))
    word = ours[3:27]
    for other in (ours.replace(word, "0" * 24), f"<m.{word}.{'0' * 20}@desk.example>", "<m..@x.example>", "", "<é>"):
        assert not is_ours(vault, other)
    assert new_message_id(vault, "desk.example") != ours
