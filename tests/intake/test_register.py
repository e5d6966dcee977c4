"""*Melding noteren* and tickets made of calls that had none: once, through the one door."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.base import new_id
from desk.desk import Desk
from intake.concern import Reporter
from intake.contacts import new_contact
from intake.register import Noted, note_call, open_for_contact
from tests.builders import a_colleague
from triage.models import Contact, Entry, Ticket
from triage.values import Area, Channel, EntryKind, Outcome

Staff = Callable[..., FlaskClient]
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
FILLED = {
    "titel": "Meisje (9) zegt dat vader slaat",
    "verhaal": "Directeur: Mila Verzonnen zegt dat vader slaat.\r\nHij haalt haar om twaalf uur.",
    "naam": "Joris Papier",
    "organisatie": "Basisschool De Verzonnen Vos",
    "telefoon": "06 - 0000 0199",
    "email": "joris@vos.example",
    "via": "14010",
    "doorverbonden_door": "Ans van der Zin",
    "gebied": "Feijenoord",
}


def some_noted(**differences: object) -> Noted:
    given: dict[str, object] = {
        "form_key": uuid4().hex,
        "subject": "Kleuter heeft blauwe plekken",
        "text": "Advies, zonder naam.",
        "reporter": Reporter(name="Ans Voorbeeld", phone="06 - 0000 0111"),
        "via": "Rechtstreeks gebeld.",
        "area": Area.NOORD,
    }
    return Noted(**(given | differences))  # type: ignore[arg-type]


def note(desk: Desk, noted: Noted) -> str:
    by = a_colleague(desk).id
    return desk.database.run(lambda session: note_call(session, noted, by=by).number)


def counts(desk: Desk) -> tuple[int, int, int]:
    with desk.database.reading() as session:
        contacts, tickets, entries = (
            session.scalar(select(func.count()).select_from(model)) or 0 for model in (Contact, Ticket, Entry)
        )
        return contacts, tickets, entries


def notes(desk: Desk) -> list[str | None]:
    with desk.database.reading() as session:
        return [
            entry.text for entry in session.scalars(select(Entry).where(Entry.kind == EntryKind.NOTE).order_by(Entry.n))
        ]


def test_a_noted_call_is_an_answered_contact_with_an_unread_ticket(desk: Desk) -> None:
    number = note(desk, some_noted())
    with desk.database.reading() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        assert (ticket.subject, ticket.text, ticket.area) == (
            "Kleuter heeft blauwe plekken", "Advies, zonder naam.", Area.NOORD,
        )  # fmt: skip
        assert (ticket.channel, ticket.rank, ticket.claimed_by_id) == (Channel.PHONE, 1, None)
        assert (ticket.reporter_name, ticket.reporter_phone) == ("Ans Voorbeeld", "06 - 0000 0111")
        contact = session.scalars(select(Contact)).one()
        assert (contact.outcome, contact.channel) == (Outcome.ANSWERED, Channel.PHONE)
        assert contact.ended_at is not None
        assert contact.from_hash is None
        entry = session.scalars(select(Entry).where(Entry.kind == EntryKind.NOTE)).one()
        assert (entry.text, entry.actor_id) == ("Rechtstreeks gebeld.", a_colleague(desk).id)


def test_the_same_form_twice_is_one_call(desk: Desk) -> None:
    noted = some_noted()
    assert note(desk, noted) == note(desk, noted)
    assert counts(desk) == (1, 1, 2)


def test_words_that_were_typed_on_before_the_second_post_are_kept_once(desk: Desk) -> None:
    noted = some_noted()
    number = note(desk, noted)
    longer = some_noted(form_key=noted.form_key, text="Advies, zonder naam. Ook op de rug.")
    assert [note(desk, longer), note(desk, longer), note(desk, noted)] == [number] * 3
    assert notes(desk) == [
        "Rechtstreeks gebeld.",
        "Opnieuw genoteerd: Kleuter heeft blauwe plekken\nAdvies, zonder naam. Ook op de rug.",
    ]
    with desk.database.reading() as session:
        facts = [fact for fact in session.scalars(select(Entry.fact)) if fact]
        assert all(re.fullmatch(r"(contact|form):[0-9a-f:-]+", fact) for fact in facts)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            {"reporter": Reporter("Ans Voorbeeld", phone="06 - 0000 0222")},
            "Telefoon: 06 - 0000 0222 (was: 06 - 0000 0111)",
        ),
        ({"reporter": Reporter(phone="06 - 0000 0111")}, "Naam: leeg (was: Ans Voorbeeld)"),
        ({"area": Area.CHARLOIS}, "Gebied: Charlois (was: Noord)"),
        ({"area": None}, "Gebied: leeg (was: Noord)"),
        ({"via": "Via 14 010."}, "Hoe gebeld: Via 14 010. (was: Rechtstreeks gebeld.)"),
    ],
)
def test_a_correction_before_the_second_post_is_kept_as_a_note(
    desk: Desk, change: dict[str, object], line: str
) -> None:
    noted = some_noted()
    corrected = some_noted(form_key=noted.form_key, **change)
    assert len({note(desk, each) for each in (noted, corrected, corrected, noted)}) == 1
    assert notes(desk) == ["Rechtstreeks gebeld.", f"Opnieuw genoteerd: {line}"]


@pytest.mark.parametrize(
    ("outcome", "subject"),
    [(Outcome.TOLD_CLOSED, "Belde toen wij dicht waren"), (Outcome.ABANDONED, "Gemiste oproep")],
)
def test_a_call_without_a_ticket_gets_one_and_only_one(desk: Desk, outcome: Outcome, subject: str) -> None:
    def missed(session: Session) -> Contact:
        contact = new_contact(
            session, Channel.PHONE, f"CA{new_id().hex}", started_at=desk.clock.now(), outcome=outcome,
            from_address="+31600000142",
        )  # fmt: skip
        contact.told, contact.to_tick_off = "T8", True
        session.flush()
        return contact

    def open_twice(session: Session) -> tuple[str, str]:
        contact = missed(session)
        return open_for_contact(session, contact).number, open_for_contact(session, contact).number

    first, second = desk.database.run(open_twice)
    assert first == second
    assert counts(desk) == (1, 1, 1)
    with desk.database.reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert (ticket.subject, ticket.reporter_phone) == (subject, "+31600000142")
        contact = session.scalars(select(Contact)).one()
        assert (contact.outcome, contact.told, contact.ticket_id) == (outcome, "T8", ticket.id)
        assert contact.from_address == "+31600000142"


def test_a_number_that_stands_for_many_people_is_not_the_reporter_s(desk: Desk) -> None:
    def put_through(session: Session) -> str:
        contact = new_contact(
            session, Channel.PHONE, f"CA{new_id().hex}", started_at=desk.clock.now(), outcome=Outcome.ABANDONED,
            from_address="+31100000000",
        )  # fmt: skip
        contact.from_hash = None
        return open_for_contact(session, contact).number

    desk.database.run(put_through)
    with desk.database.reading() as session:
        assert session.scalars(select(Ticket)).one().reporter_phone is None
        assert session.scalars(select(Contact)).one().from_address == "+31100000000"


def key_in(page: str) -> str:
    found = re.search(r'name="form_key" value="([0-9a-f]{32})"', page)
    assert found
    return found[1]


def test_the_form_leads_to_the_ticket_that_it_opened(staff: Staff, sqlite_desk: Desk) -> None:
    iris = staff()
    form = FILLED | {"form_key": key_in(iris.get("/noteren").text)}
    answer = iris.post("/noteren", data=form, headers=SAME_SITE)
    assert answer.status_code == 303
    again = iris.post("/noteren", data=form, headers=SAME_SITE)
    assert again.location == answer.location
    with sqlite_desk.database.reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert answer.location == f"/melding/{ticket.number}"
        assert ticket.text == "Directeur: Mila Verzonnen zegt dat vader slaat.\nHij haalt haar om twaalf uur."
        assert (ticket.area, ticket.reporter_email) == (Area.FEIJENOORD, "joris@vos.example")
    assert notes(sqlite_desk) == ["Via 14 010, doorverbonden door Ans van der Zin."]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"titel": " "}, "Schrijf in een paar woorden waar het om gaat."),
        ({"verhaal": ""}, "Schrijf op wat de beller vertelde."),
        ({"email": "joris bij de vos"}, "Dit is geen e-mailadres."),
        ({"telefoon": "abc"}, "Dit is geen telefoonnummer."),
        ({"naam": "x" * 201}, "Dit is te lang: hooguit 200 tekens."),
        ({"verhaal": "x" * 20_001}, "Dit is te lang: hooguit 20.000 tekens."),
        ({"form_key": "../../etc"}, "Deze pagina was verlopen."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    staff: Staff, sqlite_desk: Desk, wrong: dict[str, str], sentence: str
) -> None:
    answer = staff().post("/noteren", data=FILLED | {"form_key": uuid4().hex} | wrong, headers=SAME_SITE)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Hij haalt haar om twaalf uur." in answer.text or "verhaal" in wrong
    assert 'value="Ans van der Zin"' in answer.text
    assert key_in(answer.text)
    assert counts(sqlite_desk) == (0, 0, 0)


def test_an_area_or_a_way_that_does_not_exist_is_left_open(staff: Staff, sqlite_desk: Desk) -> None:
    form = FILLED | {"form_key": uuid4().hex, "gebied": "Utrecht", "via": "duif", "doorverbonden_door": ""}
    assert staff().post("/noteren", data=form, headers=SAME_SITE).status_code == 303
    with sqlite_desk.database.reading() as session:
        assert session.scalars(select(Ticket)).one().area is None
    assert notes(sqlite_desk) == ["Rechtstreeks gebeld."]


def test_signs_that_no_keyboard_makes_are_left_out_and_words_stay_apart(staff: Staff, sqlite_desk: Desk) -> None:
    pasted = {"titel": "Zorg\x00 over\u202e\r\nBo\tX", "verhaal": "Eén\x07\r\n\r\nTwee\u00a0drie"}
    form = FILLED | {"form_key": uuid4().hex} | pasted
    assert staff().post("/noteren", data=form, headers=SAME_SITE).status_code == 303
    with sqlite_desk.database.reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert (ticket.subject, ticket.text) == ("Zorg over Bo X", "Eén\n\nTwee drie")


def test_whoever_did_not_sign_in_does_that_first(client: FlaskClient, sqlite_desk: Desk) -> None:
    assert client.get("/noteren").location == "/aanmelden?next=/noteren"
    form = FILLED | {"form_key": uuid4().hex}
    assert client.post("/noteren", data=form, headers=SAME_SITE).status_code == 401
    assert counts(sqlite_desk) == (0, 0, 0)


def test_a_form_of_another_site_is_refused(staff: Staff, sqlite_desk: Desk) -> None:
    form = FILLED | {"form_key": uuid4().hex}
    answer = staff().post("/noteren", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert counts(sqlite_desk) == (0, 0, 0)
