"""Promises to call back: joined by a confirmed number, shown on the ticket, kept by a person."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import render_template_string
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.calendar import calendar_of
from desk.slots import Slot
from intake import phone
from intake.phone.calling_back.callbacks import mark_done
from intake.phone.models import Callback
from tests.builders import a_colleague, sign_in
from tests.conftest import TUESDAY
from tests.fakes import FixedClock
from tests.intake.phone.line import Line, with_settings
from tests.intake.phone.test_open import ask_to_be_called_back
from triage.actions import Doing, Rating, Refused
from triage.actions import close as close_for_good
from triage.actions import rate as act
from triage.deadlines import due, unread_due
from triage.marks import held
from triage.models import Entry, Ticket
from triage.values import CloseReason, EntryKind, Outcome, Status, Urgency


def close(line: Line) -> None:
    with line.desk.database.writing() as session:
        ticket = session.scalars(select(Ticket)).one()
        ticket.status, ticket.is_open = Status.CLOSED, False


def kept_by(line: Line, *ids: UUID, note: str = "") -> None:
    colleague = a_colleague(line.desk)
    number = line.tickets()[0].number
    line.desk.database.run(lambda session: mark_done(session, number, ids, colleague.id, note))


def panel_of(line: Line) -> str:
    slot: Slot = phone.slots(line.desk)["callback"]
    with line.app.test_request_context("/"), line.desk.database.reading() as session:
        return str(slot(session, session.scalars(select(Ticket)).one()))


def test_a_repeated_request_of_a_confirmed_number_joins_its_open_ticket(line: Line, clock: FixedClock) -> None:
    ask_to_be_called_back(line)
    clock.advance(timedelta(minutes=5))
    ask_to_be_called_back(line, From="anonymous")
    (ticket,) = line.tickets()
    contacts = line.contacts()
    assert [contact.ticket_id for contact in contacts] == [ticket.id, ticket.id]
    assert [contact.outcome for contact in contacts] == [Outcome.CALLBACK, Outcome.CALLBACK]
    assert len(line.callbacks()) == 2


def test_another_number_joins_nothing(line: Line) -> None:
    ask_to_be_called_back(line, "0600000142")
    ask_to_be_called_back(line, "0600000777")
    assert len(line.tickets()) == 2


def test_caller_id_alone_joins_nothing(line: Line) -> None:
    call = line.dial()
    call.press("0")
    call.speak()
    ask_to_be_called_back(line)
    assert len(line.tickets()) == 2


def test_a_number_that_was_never_confirmed_joins_nothing(line: Line) -> None:
    line.busy()
    call = line.dial()
    for keys in ("0", "9", "0600000142"):
        call.press(keys)
    call.hang_up()
    ask_to_be_called_back(line)
    assert len(line.tickets()) == 1


def test_a_closed_ticket_is_not_joined(line: Line) -> None:
    ask_to_be_called_back(line)
    close(line)
    ask_to_be_called_back(line)
    assert len(line.tickets()) == 2


def test_the_panel_shows_the_promise_and_the_number(sqlite_line: Line) -> None:
    ask_to_be_called_back(sqlite_line)
    panel = panel_of(sqlite_line)
    assert 'href="tel:+31600000142"' in panel
    assert "06 - 0000 0142" in panel
    assert "uiterlijk vandaag om vijf uur" in panel
    assert "<summary>Teruggebeld</summary>" in panel


def test_one_number_is_one_call_however_often_it_was_asked_for(sqlite_line: Line) -> None:
    ask_to_be_called_back(sqlite_line)
    ask_to_be_called_back(sqlite_line)
    panel = panel_of(sqlite_line)
    assert panel.count("Bel 06 - 0000 0142") == 1
    assert "De beller vroeg het 2 keer." in panel


def test_the_panel_of_a_message_asks_to_listen_for_a_number(sqlite_line: Line) -> None:
    call = sqlite_line.dial()
    call.press("0")
    call.speak()
    assert "Luister</a>: misschien noemt de beller een nummer." in panel_of(sqlite_line)


def test_a_ticket_without_a_promise_has_no_panel(sqlite_line: Line) -> None:
    ask_to_be_called_back(sqlite_line)
    with sqlite_line.desk.database.writing() as session:
        session.delete(session.scalars(select(Callback)).one())
    assert panel_of(sqlite_line) == ""


def test_calling_back_is_noted_once(line: Line) -> None:
    ask_to_be_called_back(line)
    (promise,) = line.callbacks()
    kept_by(line, promise.id, note="Morgen opnieuw bellen.")
    first = line.callbacks()[0].done_at
    kept_by(line, promise.id, note="Nog een keer.")
    assert first is not None
    assert line.callbacks()[0].done_at == first
    with line.desk.database.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.kind == EntryKind.CALLBACK)).one()
        assert entry.text == "Morgen opnieuw bellen."


def test_however_it_is_rated_a_ticket_is_due_no_later_than_its_promise(line: Line) -> None:
    ask_to_be_called_back(line)
    promised_at = line.callbacks()[0].promised_at
    rate(line, Urgency.THREE_DAYS)
    assert line.tickets()[0].due_at == promised_at
    kept_by(line, line.callbacks()[0].id)
    assert line.tickets()[0].due_at > promised_at


@pytest.mark.parametrize("urgency", [*Urgency, None])
def test_a_kept_promise_leaves_the_time_that_the_ticket_has_without_it(line: Line, urgency: Urgency | None) -> None:
    ask_to_be_called_back(line)
    with line.desk.database.reading() as session:
        calendar, ticket = calendar_of(session), line.tickets()[0]
    by = due(calendar, urgency, TUESDAY, TUESDAY) if urgency else unread_due(calendar, TUESDAY)
    assert ticket.due_at == unread_due(calendar, TUESDAY)
    if urgency:
        rate(line, urgency)
    kept_by(line, line.callbacks()[0].id)
    assert line.tickets()[0].due_at == by


def test_what_came_in_since_the_rating_is_still_due_as_news(line: Line, clock: FixedClock) -> None:
    ask_to_be_called_back(line)
    rate(line, Urgency.THREE_DAYS)
    clock.advance(timedelta(minutes=30))
    ask_to_be_called_back(line)
    kept_by(line, *(promise.id for promise in line.callbacks()))
    assert line.tickets()[0].due_at == TUESDAY + timedelta(minutes=90)


def test_a_promise_for_the_same_moment_is_noticed_by_whoever_is_busy_with_the_ticket(line: Line) -> None:
    ask_to_be_called_back(line)
    before = line.tickets()[0].version
    ask_to_be_called_back(line)
    assert line.tickets()[0].version > before


def rate(line: Line, urgency: Urgency) -> None:
    doing = Doing(a_colleague(line.desk).id, line.desk.clock.now())
    with line.desk.database.writing() as session:
        act(session, session.scalars(select(Ticket)).one(), doing, Rating(urgency, "Gelezen.", "112: niet nodig."))


def test_one_call_keeps_every_promise_that_stood_on_the_page(line: Line) -> None:
    ask_to_be_called_back(line)
    ask_to_be_called_back(line)
    kept_by(line, *(promise.id for promise in line.callbacks()))
    assert all(promise.done_at for promise in line.callbacks())
    with line.desk.database.reading() as session:
        assert len(session.scalars(select(Entry).where(Entry.kind == EntryKind.CALLBACK)).all()) == 1


def test_a_request_that_came_after_the_page_was_drawn_stays_to_be_kept(line: Line, clock: FixedClock) -> None:
    ask_to_be_called_back(line)
    (on_the_page,) = line.callbacks()
    clock.advance(timedelta(minutes=5))
    ask_to_be_called_back(line, From="+31600000186")  # somebody else behind the same switchboard
    kept_by(line, on_the_page.id)
    (waiting,) = [promise for promise in line.callbacks() if promise.done_at is None]
    assert waiting.id != on_the_page.id
    assert line.tickets()[0].promised_at == waiting.promised_at
    kept_by(line, on_the_page.id, waiting.id)
    assert all(promise.done_at for promise in line.callbacks())
    assert line.tickets()[0].promised_at is None


def test_the_panel_posts_the_promises_that_stand_on_it(sqlite_line: Line) -> None:
    ask_to_be_called_back(sqlite_line)
    ask_to_be_called_back(sqlite_line)
    ids = {str(promise.id) for promise in sqlite_line.callbacks()}
    forms = panel_of(sqlite_line).split("<form")[1:]
    assert [set(re.findall(r'name="belofte" value="([^"]+)"', form)) for form in forms] == [ids, ids]


def test_a_ticket_is_not_closed_while_somebody_waits_to_be_called_back(line: Line) -> None:
    ask_to_be_called_back(line)
    rate(line, Urgency.TODAY)
    doing = Doing(a_colleague(line.desk).id, line.desk.clock.now())
    number = line.tickets()[0].number

    def closing(session: Session) -> None:
        close_for_good(session, held(session, number), doing, CloseReason.ADVISED)

    with pytest.raises(Refused, match="nog een belofte om terug te bellen"):
        line.desk.database.run(closing)
    assert line.tickets()[0].is_open
    kept_by(line, line.callbacks()[0].id)
    line.desk.database.run(closing)
    assert not line.tickets()[0].is_open


def test_a_kept_promise_shows_who_kept_it(sqlite_line: Line) -> None:
    ask_to_be_called_back(sqlite_line)
    kept_by(sqlite_line, sqlite_line.callbacks()[0].id)
    panel = panel_of(sqlite_line)
    assert "vandaag 10.00, door Iris Bedacht" in panel
    assert "<button" not in panel


@pytest.mark.parametrize("which", ["another ticket", "no such promise"])
def test_a_promise_of_another_ticket_is_not_found(sqlite_line: Line, which: str) -> None:
    ask_to_be_called_back(sqlite_line)
    promise_id = sqlite_line.callbacks()[0].id if which == "another ticket" else uuid4()
    number = "00000000" if which == "another ticket" else sqlite_line.tickets()[0].number
    with pytest.raises(LookupError), sqlite_line.desk.database.writing() as session:
        mark_done(session, number, [promise_id], uuid4(), "")


def test_the_form_asks_to_sign_in_first(sqlite_line: Line) -> None:
    ask_to_be_called_back(sqlite_line)
    path = f"/melding/{sqlite_line.tickets()[0].number}/terugbellen"
    form = {"belofte": str(sqlite_line.callbacks()[0].id), "note": ""}
    client = sqlite_line.app.test_client()
    assert client.post(path, data=form).status_code == 403  # a form of no page of ours
    answer = client.post(path, data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 401
    assert sqlite_line.callbacks()[0].done_at is None


def test_a_form_signed_in_marks_the_promise(sqlite_line: Line) -> None:
    ask_to_be_called_back(sqlite_line)
    client = sign_in(sqlite_line.app.test_client(), a_colleague(sqlite_line.desk))
    number, promise = sqlite_line.tickets()[0].number, sqlite_line.callbacks()[0]
    for _ in range(2):
        answer = client.post(
            f"/melding/{number}/terugbellen", data={"belofte": str(promise.id), "note": "Ingelicht."},
            headers={"Sec-Fetch-Site": "same-origin"},
        )  # fmt: skip
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/melding/{number}#terugbellen")
    assert sqlite_line.callbacks()[0].done_at is not None
    for unknown in (str(uuid4()), "made up"):
        answer = client.post(
            f"/melding/{number}/terugbellen", data={"belofte": unknown}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code == 404


def test_a_slot_fills_a_template(sqlite_line: Line) -> None:
    ask_to_be_called_back(sqlite_line)
    with sqlite_line.app.test_request_context("/"), sqlite_line.desk.database.reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert "Terugbellen" in render_template_string('{{ slot("callback", ticket) }}', ticket=ticket)


def test_the_desk_never_promises_to_call_itself(sqlite_line: Line) -> None:
    call = with_settings(sqlite_line, phone_number="+31100000000").dial()
    call.ask_for_a_call()
    call.press("0100000000")
    assert call.spoken == ["Op welk nummer bereiken wij u rechtstreeks? Toets het in, met een hekje erachter."]
