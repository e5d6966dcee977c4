"""Files: whole or in the range a player asks for, never as a page, each fetch in the audit log."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from desk.audit import AuditLine
from desk.blobs import CHUNK
from desk.desk import Desk
from intake.concern import Enclosure
from tests.builders import a_ticket
from tests.fakes import FixedClock
from triage.models import Attachment

Staff = Callable[..., FlaskClient]
CONTENT = bytes(range(256)) * ((2 * CHUNK + 700) // 256)


def a_file(desk: Desk, name: str, media_type: str, content: bytes = CONTENT, position: str = "1") -> UUID:
    """A file on a new ticket."""
    a_ticket(desk, enclosures=(Enclosure(position, name, media_type, content),))
    with desk.database.reading() as session:
        return session.scalars(select(Attachment.id)).one()


def test_a_file_comes_whole_and_as_a_download(sqlite_desk: Desk, staff: Staff) -> None:
    file = a_file(sqlite_desk, "verslag é.html", "text/html")
    answer = staff().get(f"/bijlage/{file}")
    assert answer.status_code == 200
    assert answer.data == CONTENT
    assert answer.content_length == len(CONTENT)
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-", 0, len(CONTENT)),
        ("bytes=0-0", 0, 1),
        ("bytes=1000-1999", 1000, 2000),
        (f"bytes={CHUNK - 5}-{CHUNK + 4}", CHUNK - 5, CHUNK + 5),
        (f"bytes={CHUNK}-", CHUNK, len(CONTENT)),
        ("bytes=-700", len(CONTENT) - 700, len(CONTENT)),
        (f"bytes=5-{10**9}", 5, len(CONTENT)),
    ],
)
def test_a_player_gets_the_range_it_asks_for(
    sqlite_desk: Desk, staff: Staff, asked: str, start: int, stop: int
) -> None:
    file = a_file(sqlite_desk, "bericht.wav", "audio/wav")
    answer = staff().get(f"/bijlage/{file}", headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.data == CONTENT[start:stop]
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(CONTENT)}"
    assert answer.mimetype == "audio/wav"


@pytest.mark.parametrize("asked", [f"bytes={len(CONTENT)}-", "bytes=0-1,5-6"])
def test_a_range_that_cannot_be_given_is_refused(sqlite_desk: Desk, staff: Staff, asked: str) -> None:
    file = a_file(sqlite_desk, "bericht.wav", "audio/wav")
    assert staff().get(f"/bijlage/{file}", headers={"Range": asked}).status_code == 416


def test_a_range_that_is_no_range_gets_the_whole_file(sqlite_desk: Desk, staff: Staff) -> None:
    file = a_file(sqlite_desk, "bericht.wav", "audio/wav", b"kort")
    answer = staff().get(f"/bijlage/{file}", headers={"Range": "regels=1-2"})
    assert answer.data == b"kort"


def test_an_empty_file_is_a_file(sqlite_desk: Desk, staff: Staff) -> None:
    file = a_file(sqlite_desk, "leeg.txt", "text/plain", b"")
    answer = staff().get(f"/bijlage/{file}", headers={"Range": "bytes=0-"})
    assert (answer.status_code, answer.data) == (200, b"")


def test_a_name_with_line_breaks_ends_no_header(sqlite_desk: Desk, staff: Staff) -> None:
    file = a_file(sqlite_desk, 'x"\r\nSet-Cookie: a=b\r\n.pdf', "application/pdf", b"x")
    answer = staff().get(f"/bijlage/{file}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def written_down(desk: Desk, action: str) -> list[str]:
    with desk.database.reading() as session:
        return list(session.scalars(select(AuditLine.result).where(AuditLine.action == action)))


def test_every_fetch_is_written_down_also_of_a_piece(sqlite_desk: Desk, staff: Staff) -> None:
    file, iris = a_file(sqlite_desk, "verslag.pdf", "application/pdf"), staff()
    for asked in ("bytes=0-", f"bytes={CHUNK}-"):
        iris.get(f"/bijlage/{file}", headers={"Range": asked})
    assert written_down(sqlite_desk, "download") == [f"attachment:{file}"] * 2


def test_a_play_is_written_down_once_however_often_its_player_asks(
    sqlite_desk: Desk, staff: Staff, clock: FixedClock
) -> None:
    file, iris = a_file(sqlite_desk, "bericht.wav", "audio/wav"), staff()
    played = [f"attachment:{file}"]
    for asked in (f"bytes={CHUNK}-", "bytes=0-", f"bytes={CHUNK}-"):
        iris.get(f"/bijlage/{file}", headers={"Range": asked})
    assert written_down(sqlite_desk, "play") == played
    staff("Bas Zogenaamd").get(f"/bijlage/{file}")
    assert written_down(sqlite_desk, "play") == played * 2
    clock.advance(timedelta(hours=1))
    iris.get(f"/bijlage/{file}", headers={"Range": "bytes=5-9"})
    assert written_down(sqlite_desk, "play") == played * 3


def test_a_message_is_shown_with_its_length_and_keys_to_listen_by(sqlite_desk: Desk, staff: Staff) -> None:
    spoken = Enclosure("RE1", "ingesproken-bericht.wav", "audio/x-wav", b"RIFF", 42)
    number = a_ticket(sqlite_desk, enclosures=(spoken,))
    page = staff().get(f"/melding/{number}").text
    assert '<span aria-hidden="true">0.42</span><span class="sr">42 seconden</span>' in page
    assert 'aria-label="Ingesproken bericht, 42 seconden"' in page
    assert 'data-back="10"' in page


def test_the_original_of_a_mail_has_a_name_without_a_person_in_it(sqlite_desk: Desk, staff: Staff) -> None:
    file = a_file(sqlite_desk, "Zorgen over Sem.eml", "message/rfc822", b"From: x", "raw")
    disposition = staff().get(f"/bijlage/{file}").headers["Content-Disposition"]
    assert "Sem" not in disposition
    assert disposition.endswith(".eml")


def test_a_file_that_is_not_there_is_a_page_that_is_not_there(staff: Staff) -> None:
    assert staff().get(f"/bijlage/{uuid4()}").status_code == 404
