"""The timeline: one line for each thing that happened, in the words of who said it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from desk.desk import Desk
from intake.concern import Enclosure
from intake.receive import receive
from routing.letters import Letter, write_letter
from tests.builders import a_colleague, a_concern, a_ticket, ticket_of
from tests.fakes import FixedClock
from tests.triage.pages import do, words_of
from triage.actions import Doing, note
from triage.case import MOST_LINES, find_ticket, seen_by, story_of
from triage.marks import held
from triage.models import Contact
from triage.timeline import PREVIEW, days_of
from triage.values import Channel, Outcome
from triage.written import newly_written

Staff = Callable[..., FlaskClient]


def titles(desk: Desk, number: str) -> list[str]:
    with desk.database.reading() as session:
        return [line.title for line in story_of(session, find_ticket(session, number)).lines]


def add(desk: Desk, number: str, text: str = "Gebeld.") -> None:
    who = a_colleague(desk).id
    desk.database.run(lambda session: note(session, held(session, number), Doing(who, desk.clock.now()), text))


def test_what_happened_last_stands_on_top(desk: Desk, clock: FixedClock) -> None:
    number = a_ticket(desk, from_name="Hanna Papier")
    clock.advance(timedelta(minutes=1))
    add(desk, number)
    assert titles(desk, number) == ["Notitie van Iris Bedacht", "E-mail van Hanna Papier: Zorgen over Sem Fictief"]


def test_a_letter_stands_there_before_it_left_and_once_afterwards(desk: Desk) -> None:
    number = a_ticket(desk)

    def write(session: Session) -> None:
        letter = Letter("hanna@vos.example", "Wij hebben uw bericht", "Goedendag")
        write_letter(session, find_ticket(session, number), letter, domain="meldpunt.example", told="M1")

    desk.database.run(write)
    with desk.database.reading() as session:
        lines = story_of(session, find_ticket(session, number)).lines
    sent = [line for line in lines if line.title.startswith("E-mail aan hanna@vos.example")]
    assert [(line.hint, line.fault) for line in sent] == [("Nog niet verstuurd.", False)]


def test_a_letter_that_failed_asks_for_attention(desk: Desk) -> None:
    number = a_ticket(desk)

    def write(session: Session) -> None:
        letter = Letter("hanna@vos.example", "Wij hebben uw bericht", "Goedendag")
        contact: Contact = write_letter(
            session, find_ticket(session, number), letter, domain="meldpunt.example", told="M1"
        )
        contact.outcome = Outcome.FAILED

    desk.database.run(write)
    with desk.database.reading() as session:
        line = next(each for each in story_of(session, find_ticket(session, number)).lines if each.ours)
    assert (line.hint, line.fault) == ("Niet aangekomen.", True)


def test_a_long_mail_is_folded_with_its_beginning_in_sight(desk: Desk) -> None:
    number = a_ticket(desk)
    add(desk, number, "woord " * 400)
    with desk.database.reading() as session:
        line = story_of(session, find_ticket(session, number)).lines[0]
    assert len(newly_written(line.passages)) > 2_000
    assert len(line.preview) <= PREVIEW + 2
    assert line.preview.endswith("woord …")


def test_a_long_story_is_read_in_pieces(desk: Desk) -> None:
    number, who = a_ticket(desk), a_colleague(desk).id

    def fill(session: Session) -> None:
        ticket = held(session, number)
        for n in range(MOST_LINES + 5):
            note(session, ticket, Doing(who, desk.clock.now()), f"Regel {n}")

    desk.database.run(fill)
    with desk.database.reading() as session:
        ticket = find_ticket(session, number)
        newest = story_of(session, ticket)
        older = story_of(session, ticket, newest.older)
    assert (len(newest.lines), len(older.lines), older.older) == (MOST_LINES, 6, None)
    assert not {line.key for line in newest.lines} & {line.key for line in older.lines}


def test_files_of_the_first_contact_stand_with_the_story_and_later_ones_with_their_line(desk: Desk) -> None:
    number = a_ticket(desk, enclosures=(Enclosure("1", "scherm.png", "image/png", b"x"),))
    ticket_id = ticket_of(desk, number).id
    later = a_concern(joins=ticket_id, enclosures=(Enclosure("1", "brief.pdf", "application/pdf", b"y"),))
    desk.database.run(lambda session: receive(session, later))
    with desk.database.reading() as session:
        story = story_of(session, find_ticket(session, number))
    assert [file.name for file in story.opening_files] == ["scherm.png"]
    assert [file.name for line in story.lines for file in line.files] == ["brief.pdf"]


def test_days_have_a_heading_that_people_say(desk: Desk, clock: FixedClock) -> None:
    number = a_ticket(desk)
    for days in (1, 3):
        clock.advance(timedelta(days=days))
        add(desk, number)
    with desk.database.reading() as session:
        lines = story_of(session, find_ticket(session, number)).lines
    headings = [day.heading for day in days_of(lines, clock.now())]
    assert headings == ["Vandaag, zaterdag 18 april", "wo 15 april", "di 14 april"]


def test_who_opened_a_ticket_is_shown_to_the_next(sqlite_desk: Desk, staff: Staff) -> None:
    number = a_ticket(sqlite_desk)
    staff("Lotte Denkbeeld").get(f"/melding/{number}")
    page = words_of(staff("Iris Bedacht").get(f"/melding/{number}"))
    assert "Wie zag dit Lotte Denkbeeld, vandaag 10.00" in page
    with sqlite_desk.database.reading() as session:
        assert [name for name, _at in seen_by(session, number)] == ["Iris Bedacht", "Lotte Denkbeeld"]
        assert seen_by(session, uuid4().hex) == []


def test_words_of_a_stranger_are_only_ever_text(sqlite_desk: Desk, staff: Staff) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"
    number = a_ticket(sqlite_desk, subject=nasty, text=nasty, from_name=nasty, from_address=f"{nasty}@x.example")
    iris = staff()
    do(iris, number, "notitie", {"tekst": nasty})
    for path in ("/werklijst", f"/melding/{number}", f"/melding/{number}/beschrijven"):
        page = iris.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page


def test_words_that_were_written_stand_above_and_a_recording_is_listened_to(desk: Desk) -> None:
    hints = []
    for outcome in (Outcome.CALLBACK, Outcome.VOICEMAIL):
        number = a_ticket(desk, channel=Channel.PHONE, outcome=outcome, from_address="+31600000142")
        with desk.database.reading() as session:
            (line,) = story_of(session, find_ticket(session, number)).lines
            hints.append(line.hint)
    assert hints == [
        "Vroeg om terugbellen. De tekst staat hierboven.",
        "Sprak een bericht in. Luister naar de opname.",
    ]
