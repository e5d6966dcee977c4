"""A recording of one of our own texts: played for exactly those words, from the next call on, until they change."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.audit import AuditLine
from desk.blobs import BlobChunk
from desk.desk import Desk
from desk.documents import write
from intake.phone.facts import sounds_of
from intake.phone.texts import prompts, recorded, sound_list
from intake.phone.texts.prompts import SEED
from intake.phone.texts.recorded import RECORDABLE, TextChanged
from intake.phone.texts.sound_list import BadSounds, Sound, read_sounds, text_hash
from tests.fakes import FixedClock
from tests.intake.phone.files import a_wav, an_mp3
from tests.intake.phone.line import Line

SHIPPED = prompts.read_prompts(SEED.read_text("utf-8")).texts
GREETING = SHIPPED["T1"]
LONGER = GREETING.replace("Meldpunt", "Welkom bij het Meldpunt")


def recorded_greeting(desk: Desk, content: bytes = b"", code: str = "T1") -> Sound:
    """Put a recording of a text in force."""
    content = content or a_wav(7)
    speaks = text_hash(SHIPPED[code])
    sound: Sound = desk.database.run(
        lambda session: recorded.put_in_force(session, code, content, speaks=speaks, by="user:iris")
    )
    return sound


def change_greeting(desk: Desk, text: str) -> None:
    with desk.database.writing() as session:
        write(session, prompts.NAME, SEED.read_text("utf-8").replace(GREETING, text), "test")


def test_a_recording_is_played_from_the_next_call_on(line: Line) -> None:
    assert GREETING in line.dial().said
    sound = recorded_greeting(line.desk)
    call = line.dial()
    answer = call.again()
    assert f"<Play>{line.desk.settings.public_url}/geluid/{sound.sha256}.wav</Play><Say" in answer.text
    assert GREETING not in call.said
    assert call.said[-1] == SHIPPED["T2"], "a text without a recording is spoken"
    assert line.contacts()[-1].told == "T1 T2"


def test_a_recording_belongs_to_the_exact_text(sqlite_line: Line) -> None:
    recorded_greeting(sqlite_line.desk)
    change_greeting(sqlite_line.desk, LONGER)
    assert sqlite_line.dial().said[0] == LONGER
    change_greeting(sqlite_line.desk, GREETING)
    assert GREETING not in sqlite_line.dial().said, "the words are back, and so is their recording"


def test_a_recording_of_a_text_that_changed_meanwhile_is_not_put_in_force(sqlite_desk: Desk) -> None:
    change_greeting(sqlite_desk, LONGER)
    with pytest.raises(TextChanged):
        recorded_greeting(sqlite_desk)


def test_what_is_withdrawn_is_spoken_again_and_still_there_for_calls_that_play_it(
    sqlite_line: Line, clock: FixedClock
) -> None:
    desk, client = sqlite_line.desk, sqlite_line.app.test_client()
    sound = recorded_greeting(desk)
    clock.advance(timedelta(days=1))
    assert desk.database.run(lambda session: recorded.withdraw(session, "T1", by="user:iris"))
    assert not desk.database.run(lambda session: recorded.withdraw(session, "T1", by="user:iris"))
    assert sqlite_line.dial().said[0] == GREETING
    assert client.get(f"/geluid/{sound.file}").status_code == 200
    clock.advance(timedelta(minutes=61))
    assert client.get(f"/geluid/{sound.file}").status_code == 404


def test_everybody_may_fetch_what_every_caller_hears_and_keep_it(line: Line) -> None:
    content = an_mp3()
    sound = recorded_greeting(line.desk, content)
    answer = line.app.test_client().get(f"/geluid/{sound.file}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, content, "audio/mpeg")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with line.desk.database.reading() as session:
        assert {each.action for each in session.scalars(select(AuditLine))} == {"migrate", "record_text"}
        assert content[:200] not in session.scalars(select(BlobChunk.sealed)).one(), "it is sealed all the same"


def test_a_piece_of_a_recording_can_be_fetched(sqlite_line: Line) -> None:
    content = a_wav()
    sound = recorded_greeting(sqlite_line.desk, content)
    answer = sqlite_line.app.test_client().get(f"/geluid/{sound.file}", headers={"Range": "bytes=44-99"})
    assert (answer.status_code, answer.data) == (206, content[44:100])


@pytest.mark.parametrize("name", ["x", "0" * 64, "0" * 64 + ".wav", "%2e%2e", "T1.wav"])
def test_what_is_no_recording_of_ours_is_not_there(sqlite_line: Line, name: str) -> None:
    sound = recorded_greeting(sqlite_line.desk)
    client = sqlite_line.app.test_client()
    assert client.get(f"/geluid/{name}").status_code == 404
    assert client.get(f"/geluid/{sound.sha256}.mp3").status_code == 404


@pytest.mark.parametrize(
    "body", ["[T1", "T1 = 3", "[T1]\nsha256 = 'x'", "[T1]\ntext_sha256 = 1\nsha256 = 1\nmedia_type = 1\nblob = ''"]
)
def test_a_document_of_sounds_that_cannot_be_read_costs_no_call(sqlite_line: Line, body: str) -> None:
    with pytest.raises(BadSounds):
        read_sounds(body)
    with sqlite_line.desk.database.writing() as session:
        write(session, sound_list.NAME, body, "test")
    assert sqlite_line.dial().said[0] == GREETING
    assert sqlite_line.app.test_client().get(f"/geluid/{'0' * 64}.wav").status_code == 404


def test_several_recordings_stand_beside_each_other(sqlite_desk: Desk) -> None:
    first, second = recorded_greeting(sqlite_desk), recorded_greeting(sqlite_desk, an_mp3(), "T14")
    with sqlite_desk.database.reading() as session:
        assert sounds_of(session) == {"T1": first, "T14": second}


def test_only_texts_that_are_always_the_same_can_be_recorded() -> None:
    assert {"T1", "T2", "T6_vraag", "T14", "F1"} < RECORDABLE
    assert not RECORDABLE & {"T5", "T6_controle", "T7", "T9", "T10", "T11", "T12"}
