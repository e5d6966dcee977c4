"""Which ticket a mail joins, with a database: own letters, numbers, strangers, machines."""

import pytest
from sqlalchemy.orm import Session

from desk.desk import Desk
from intake.mail.reader import Reader
from tests.builders import a_colleague
from tests.intake.mail.inbox import contacts, notes, take_in, tickets
from tests.intake.mail.mails import a_mail, sample
from triage.actions import Doing, Rating, close, rate
from triage.models import Contact, Ticket
from triage.number import in_subject, spaced
from triage.values import CloseReason, Direction, Outcome, Urgency


def letters(session: Session) -> list[Contact]:
    return contacts(session, Direction.OUT)


@pytest.fixture
def first(sqlite_desk: Desk, reader: Reader) -> tuple[str, str]:
    """A first mail was acknowledged: the letter's Message-ID and the ticket's number."""
    take_in(sqlite_desk, reader, a_mail())
    with sqlite_desk.database.reading() as session:
        return letters(session)[0].provider_ref, tickets(session)[0].number


def only_ticket(session: Session) -> Ticket:
    [ticket] = tickets(session)
    return ticket


def test_an_answer_to_our_letter_joins_its_ticket_and_gets_no_second_letter(desk: Desk, reader: Reader) -> None:
    take_in(desk, reader, a_mail())
    with desk.database.reading() as session:
        letter = letters(session)[0].provider_ref
    take_in(desk, reader, a_mail(2, in_reply_to=letter, subject="Re: iets heel anders"))
    with desk.database.reading() as session:
        ticket = only_ticket(session)
        assert [contact.outcome for contact in contacts(session)] == [Outcome.TICKET, Outcome.JOINED]
        assert {contact.ticket_id for contact in contacts(session)} == {ticket.id}
        assert len(letters(session)) == 1


def test_an_answer_that_kept_only_the_references_joins_too(
    sqlite_desk: Desk, reader: Reader, first: tuple[str, str]
) -> None:
    take_in(sqlite_desk, reader, a_mail(2, references=f"<x@vos.example> {first[0]} <y@vos.example>"))
    with sqlite_desk.database.reading() as session:
        only_ticket(session)


def test_an_answer_whose_mail_program_shortens_everything_joins_by_its_number(desk: Desk, reader: Reader) -> None:
    take_in(desk, reader, a_mail())
    with desk.database.reading() as session:
        number = tickets(session)[0].number
    take_in(desk, reader, a_mail(2, subject=f"RE: {in_subject(number)}", **{"from": "HANNA@vos.example"}))
    with desk.database.reading() as session:
        only_ticket(session)


@pytest.mark.parametrize("by", ["number", "letter"])
def test_a_stranger_opens_a_ticket_of_their_own_that_names_the_other(desk: Desk, reader: Reader, by: str) -> None:
    take_in(desk, reader, a_mail())
    with desk.database.reading() as session:
        number, letter = tickets(session)[0].number, letters(session)[0].provider_ref
    trace = {"number": {"subject": in_subject(number)}, "letter": {"in_reply_to": letter}}[by]
    take_in(desk, reader, a_mail(2, **{"from": "ander@elders.example"}, **trace))
    with desk.database.reading() as session:
        fresh = next(ticket for ticket in tickets(session) if ticket.number != number)
        assert f"Noemt melding {spaced(number)}." in notes(session, fresh)
        outcomes = {contact.ticket_id: contact.outcome for contact in contacts(session)}
        assert outcomes[fresh.id] is Outcome.PROPOSED
        assert len(letters(session)) == 2


def test_a_forward_of_our_letter_by_somebody_else_opens_a_ticket(
    sqlite_desk: Desk, reader: Reader, first: tuple[str, str]
) -> None:
    forward = a_mail(2, **{"from": "ander@elders.example"}, subject="FW: bericht", references=first[0])
    take_in(sqlite_desk, reader, forward)
    with sqlite_desk.database.reading() as session:
        assert len(tickets(session)) == 2
        assert Outcome.PROPOSED not in {contact.outcome for contact in contacts(session)}


def test_a_number_inside_an_enclosed_mail_or_the_text_leads_nowhere(
    sqlite_desk: Desk, reader: Reader, first: tuple[str, str]
) -> None:
    inside = sample("attachments").replace(b"4821 7735", spaced(first[1]).encode())
    take_in(sqlite_desk, reader, inside, a_mail(3, text=f"Het gaat om {in_subject(first[1])}."))
    with sqlite_desk.database.reading() as session:
        assert len(tickets(session)) == 3


def test_a_message_id_that_only_looks_like_ours_leads_nowhere(sqlite_desk: Desk, reader: Reader) -> None:
    take_in(sqlite_desk, reader, a_mail(), a_mail(2, in_reply_to=f"<m.{'0' * 24}.{'0' * 20}@meldpunt.example>"))
    with sqlite_desk.database.reading() as session:
        assert len(tickets(session)) == 2


def test_a_reporter_whose_address_was_noted_by_phone_takes_part(desk: Desk, reader: Reader) -> None:
    from intake.concern import Reporter
    from tests.builders import a_ticket

    number = a_ticket(desk, from_address=None, reporter=Reporter("Hanna", email="Hanna@Vos.example"))
    take_in(desk, reader, a_mail(2, subject=f"Aanvulling {in_subject(number)}"))
    with desk.database.reading() as session:
        only_ticket(session)


def test_a_bounce_joins_the_ticket_of_the_letter_that_it_returns(desk: Desk, reader: Reader) -> None:
    take_in(desk, reader, a_mail())
    with desk.database.reading() as session:
        letter = letters(session)[0].provider_ref
    take_in(desk, reader, sample("bounce").replace(b"<m.letter.mac@meldpunt.example>", letter.encode()))
    with desk.database.reading() as session:
        ticket = only_ticket(session)
        assert [contact.outcome for contact in contacts(session)] == [Outcome.TICKET, Outcome.MACHINE]
        assert "een brief niet aankwam" in notes(session, ticket)
        assert len(letters(session)) == 1


@pytest.mark.parametrize(
    ("action", "outcome"), [("failed", Outcome.FAILED), ("delayed", Outcome.SENT), ("delivered", Outcome.SENT)]
)
def test_a_letter_that_a_report_says_was_not_delivered_is_marked_so(
    desk: Desk, reader: Reader, action: str, outcome: Outcome
) -> None:
    take_in(desk, reader, a_mail())
    with desk.database.writing() as session:
        [letter] = letters(session)
        letter.outcome, letter_id = Outcome.SENT, letter.provider_ref.encode()
    report = sample("bounce").replace(b"<m.letter.mac@meldpunt.example>", letter_id)
    take_in(desk, reader, report.replace(b"Action: failed", f"Action: {action}".encode()))
    with desk.database.reading() as session:
        assert [letter.outcome for letter in letters(session)] == [outcome]
        assert ("Onze brief kwam niet aan." in notes(session, only_ticket(session))) is (outcome is Outcome.FAILED)


def test_a_report_on_a_letter_that_is_not_ours_marks_nothing(
    sqlite_desk: Desk, reader: Reader, first: tuple[str, str]
) -> None:
    take_in(sqlite_desk, reader, sample("bounce"))
    with sqlite_desk.database.reading() as session:
        assert [letter.outcome for letter in letters(session)] == [Outcome.QUEUED]


def test_an_absence_note_joins_and_is_not_answered(desk: Desk, reader: Reader) -> None:
    take_in(desk, reader, a_mail())
    with desk.database.reading() as session:
        letter = letters(session)[0].provider_ref
    take_in(desk, reader, sample("absence").replace(b"<m.0.0@meldpunt.example>", letter.encode()))
    with desk.database.reading() as session:
        only_ticket(session)
        assert len(letters(session)) == 1


@pytest.mark.parametrize(("name", "back"), [("absence", False), ("bounce", True)])
def test_an_absence_note_leaves_a_closed_ticket_closed_and_a_bounce_brings_it_back(
    desk: Desk,
    reader: Reader,
    name: str,
    back: bool,  # noqa: FBT001
) -> None:
    take_in(desk, reader, a_mail())
    who = a_colleague(desk)
    with desk.database.writing() as session:
        ticket, letter = only_ticket(session), letters(session)[0].provider_ref.encode()
        rate(session, ticket, Doing(who.id, desk.clock.now()), Rating(Urgency.THREE_DAYS, "Dat kan wachten."))
        close(session, ticket, Doing(who.id, desk.clock.now()), CloseReason.ADVISED)
    answer = sample(name).replace(b"<m.0.0@meldpunt.example>", letter)
    take_in(desk, reader, answer.replace(b"<m.letter.mac@meldpunt.example>", letter))
    with desk.database.reading() as session:
        assert only_ticket(session).is_open is back
        assert Outcome.MACHINE in {contact.outcome for contact in contacts(session)}
        assert "Er is geen ontvangstbevestiging gestuurd." in notes(session, only_ticket(session))


@pytest.mark.parametrize("mark", [{"auto_submitted": "auto-generated"}, {"precedence": "auto_reply"}])
def test_what_a_person_wrote_in_another_help_desk_brings_a_closed_ticket_back(
    desk: Desk, reader: Reader, mark: dict[str, str]
) -> None:
    take_in(desk, reader, a_mail())
    who = a_colleague(desk)
    with desk.database.writing() as session:
        ticket, letter = only_ticket(session), letters(session)[0].provider_ref
        rate(session, ticket, Doing(who.id, desk.clock.now()), Rating(Urgency.THREE_DAYS, "Dat kan wachten."))
        close(session, ticket, Doing(who.id, desk.clock.now()), CloseReason.ADVISED)
    answer = a_mail(
        2, subject="Re: Zorgen [#123]", in_reply_to=letter, text="Sem is vannacht niet thuisgekomen.", **mark
    )
    take_in(desk, reader, answer)
    with desk.database.reading() as session:
        assert only_ticket(session).is_open


@pytest.mark.parametrize("name", ["bounce", "absence", "list"])
def test_a_machine_that_answers_nothing_of_ours_still_has_a_ticket(desk: Desk, reader: Reader, name: str) -> None:
    take_in(desk, reader, sample(name))
    with desk.database.reading() as session:
        assert "Er is geen ontvangstbevestiging gestuurd." in notes(session, only_ticket(session))
        assert letters(session) == []


def test_our_own_letter_that_comes_back_joins_no_loop(
    sqlite_desk: Desk, reader: Reader, first: tuple[str, str]
) -> None:
    ours = a_mail(9, **{"from": "meldpunt@meldpunt.example"}, message_id=first[0], subject=in_subject(first[1]))
    take_in(sqlite_desk, reader, ours)
    with sqlite_desk.database.reading() as session:
        assert len(contacts(session)) == 2
        assert len(letters(session)) == 1
