"""Who gets an acknowledgement, which one, and who never."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desk.database import Database
from desk.dates import long_moment
from desk.desk import Desk
from desk.documents import write
from intake.mail.reader import Reader
from tests.builders import a_colleague, closed_for_good
from tests.fakes import FixedClock
from tests.intake.mail.inbox import contacts, fetch, notes, process, take_in, tickets
from tests.intake.mail.mails import a_mail
from triage.actions import Doing, Rating, rate
from triage.values import Direction, Urgency

TUESDAY = datetime(2020, 4, 14, 8, 0, tzinfo=UTC)
OPENING = datetime(2020, 4, 14, 7, 0, tzinfo=UTC)
SUNDAY = datetime(2020, 4, 19, 10, 0, tzinfo=UTC)


def told(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        return [letter.told for letter in contacts(session, Direction.OUT)]


def said(desk: Desk) -> str:
    with desk.database.reading() as session:
        return " ".join(notes(session, ticket) for ticket in tickets(session))


def test_when_the_desk_is_open_m1_is_written(sqlite_desk: Desk, reader: Reader) -> None:
    take_in(sqlite_desk, reader, a_mail())
    assert told(sqlite_desk) == ["M1"]


def test_when_the_desk_is_closed_m2_is_written(desk: Desk, reader: Reader, clock: FixedClock) -> None:
    clock.set(SUNDAY)
    take_in(desk, reader, a_mail(), internaldate=SUNDAY)
    assert told(desk) == ["M2"]
    with desk.database.reading() as session:
        text = contacts(session, Direction.OUT)[0].text or ""
    assert "0800-2000" in text
    assert "maandag 20 april" in text


@pytest.mark.parametrize("at", [TUESDAY, SUNDAY])
def test_a_ticket_is_due_no_later_than_the_first_reaction_that_the_letter_promises(
    desk: Desk, reader: Reader, clock: FixedClock, at: datetime
) -> None:
    clock.set(at)
    who = a_colleague(desk)
    take_in(desk, reader, a_mail(), internaldate=at)
    with desk.database.writing() as session:
        [ticket], [letter] = tickets(session), contacts(session, Direction.OUT)
        promised = ticket.promised_at
        assert promised is not None
        assert f"uiterlijk {long_moment(promised)} een eerste reactie" in (letter.text or "")
        assert ticket.due_at <= promised
        rate(session, ticket, Doing(who.id, at), Rating(Urgency.THREE_DAYS, "Dat kan wachten."))
        assert ticket.due_at == promised


def test_nothing_is_promised_to_who_gets_no_letter(sqlite_desk: Desk, reader: Reader) -> None:
    take_in(sqlite_desk, reader, a_mail(auto_submitted="auto-replied"))
    with sqlite_desk.database.reading() as session:
        assert [ticket.promised_at for ticket in tickets(session)] == [None]


def test_a_mail_older_than_a_week_is_not_acknowledged(desk: Desk, reader: Reader, clock: FixedClock) -> None:
    old = clock.real() - timedelta(days=7, seconds=1)
    take_in(desk, reader, a_mail(1), internaldate=old)
    take_in(desk, reader, a_mail(2), internaldate=old + timedelta(seconds=2))
    assert told(desk) == ["M1"]
    assert "Ouder dan een week" in said(desk)


def test_an_address_gets_three_a_day_and_the_fourth_is_said_not_to_be_sent(
    desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    take_in(desk, reader, *(a_mail(n) for n in range(1, 6)), a_mail(6, **{"from": "ander@vos.example"}))
    assert told(desk) == ["M1"] * 4
    assert said(desk).count("kreeg in een dag al 3 ontvangstbevestigingen") == 2
    clock.advance(timedelta(days=1, minutes=2))
    take_in(desk, reader, a_mail(7), internaldate=clock.real())
    assert len(told(desk)) == 5


def test_the_ration_holds_for_mails_that_came_in_days_apart_and_are_answered_at_once(
    desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    for n in range(1, 6):
        fetch(desk, a_mail(n), internaldate=clock.real())
        clock.advance(timedelta(days=1))
    for _ in range(5):
        process(desk, reader)
    clock.advance(timedelta(hours=23))
    take_in(desk, reader, a_mail(6), internaldate=clock.real())
    assert len(told(desk)) == 3


class Flickering(FixedClock):
    """Tells two looks long that it is a second before opening, then that it is the moment itself, and so on."""

    looks = 0

    def now(self) -> datetime:
        self.looks += 1
        return OPENING - timedelta(seconds=0 if self.looks % 3 == 0 else 1)


def test_letter_and_ticket_promise_the_same_day_though_the_desk_opens_meanwhile(
    sqlite_desk: Desk, reader: Reader
) -> None:
    clock, vault = Flickering(OPENING), sqlite_desk.vault
    desk = replace(sqlite_desk, clock=clock, database=Database(sqlite_desk.database.url, vault, clock))
    take_in(desk, reader, a_mail(1), a_mail(2), a_mail(3))
    with desk.database.reading() as session:
        promises = {ticket.id: ticket.promised_at for ticket in tickets(session)}
        for letter in contacts(session, Direction.OUT):
            promised = promises[letter.ticket_id] if letter.ticket_id else None
            assert promised is not None
            assert f"uiterlijk {long_moment(promised)} een eerste reactie" in (letter.text or "")
    desk.database.close()


def test_a_calendar_without_any_opening_costs_the_letter_and_never_the_ticket(desk: Desk, reader: Reader) -> None:
    closed_for_good(desk)
    take_in(desk, reader, a_mail())
    assert told(desk) == []
    assert "Er kon geen ontvangstbevestiging worden geschreven." in said(desk)
    with desk.database.reading() as session:
        [ticket] = tickets(session)
        assert (ticket.due_at, ticket.promised_at) == (TUESDAY, None)


def test_a_text_that_cannot_be_told_costs_the_letter_and_never_the_ticket(desk: Desk, reader: Reader) -> None:
    with desk.database.writing() as session:
        write(session, "texts", "[M1", "test")
    take_in(desk, reader, a_mail())
    assert told(desk) == []
    assert "Er kon geen ontvangstbevestiging worden geschreven." in said(desk)


@pytest.mark.parametrize("sender", ["zoë@vos.example", "a@localhost"])
def test_an_address_that_cannot_be_written_to_is_said(sqlite_desk: Desk, reader: Reader, sender: str) -> None:
    mail = a_mail(1).replace(b"Hanna Papier <hanna@vos.example>", sender.encode())
    take_in(sqlite_desk, reader, mail)
    assert told(sqlite_desk) == []
    assert len(said(sqlite_desk)) > 0


def test_a_desk_without_an_address_writes_to_nobody(sqlite_desk: Desk, reader: Reader) -> None:
    mute = replace(sqlite_desk, settings=sqlite_desk.settings.model_copy(update={"mail_from": ""}))
    take_in(mute, reader, a_mail())
    assert told(mute) == []
    with mute.database.reading() as session:
        assert len(tickets(session)) == 1
