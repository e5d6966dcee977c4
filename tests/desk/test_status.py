"""*Toestand*: what is away or behind, in words."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app import conditions
from desk.backup_time import note_backup
from desk.condition import Condition, State
from desk.desk import Desk
from desk.jobs import Job, JobStatus, bury, claim, enqueue
from desk.status import summary
from tests.desk.conftest import Command
from tests.fakes import FixedClock


def found(desk: Desk) -> dict[str, Condition]:
    """What every part has to say, by name."""
    with desk.database.reading() as session:
        every = [part(session, desk.settings, desk.clock.real()) for part in conditions()]
    return {each.name: each for lines in every for each in lines}


def test_every_colleague_sees_what_stands_still_the_worst_first(
    staff: Callable[..., FlaskClient], sqlite_desk: Desk, clock: FixedClock
) -> None:
    sqlite_desk.database.run(lambda session: note_backup(session, clock.real()))
    clock.advance(timedelta(days=4))
    page = staff().get("/toestand").text
    words = re.findall(r"</svg>(Storing|Let op|In orde)</span>", page)
    assert words == sorted(words, key=["Storing", "Let op", "In orde"].index)
    assert "De laatste back-up is te oud." in page
    assert "sinds di 14 april" in page
    assert "1 storing en" in page


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/toestand").status_code == 302


def test_every_page_leads_to_it(staff: Callable[..., FlaskClient], app: Flask) -> None:
    assert 'href="/toestand"' in staff().get("/werklijst").text


def test_nothing_secret_stands_on_it(staff: Callable[..., FlaskClient], sqlite_desk: Desk) -> None:
    page = staff().get("/toestand").text
    settings = sqlite_desk.settings
    secrets = [token.get_secret_value() for token in settings.twilio_auth_tokens]
    assert not [word for word in (*secrets, settings.twilio_account_sid, str(settings.key_file)) if word in page]


def test_the_summary_counts_both_kinds() -> None:
    made = [Condition("a", State.OK, ""), Condition("b", State.ATTENTION, ""), Condition("c", State.ALARM, "")]
    assert summary(made[:1]) == "Alles werkt."
    assert summary(made[:2]) == "1 punt om op te letten. Vraag de beheerder om te helpen."
    assert summary([*made, made[1]]) == "1 storing en 2 punten om op te letten. Vraag de beheerder om te helpen."
    assert summary([made[2], made[2]]) == "2 storingen. Vraag de beheerder om te helpen."


def test_a_backup_is_watched(sqlite_desk: Desk, sqlite_command: Command, clock: FixedClock, tmp_path: Path) -> None:
    assert found(sqlite_desk)["Back-up"].state is State.ATTENTION
    sqlite_desk.database.run(lambda session: note_backup(session, clock.real()))
    for hours, state in ((25, State.OK), (2, State.ATTENTION), (72, State.ALARM)):
        clock.advance(timedelta(hours=hours))
        assert found(sqlite_desk)["Back-up"].state is state


def test_jobs_that_wait_fail_or_were_given_up_are_told(desk: Desk, clock: FixedClock) -> None:
    assert found(desk)["Taken"].state is State.OK
    desk.database.run(partial(enqueue, kind="iets", payload={}))
    clock.advance(timedelta(minutes=11))
    waits = found(desk)["Taken"]
    assert (waits.state, waits.sentence) == (State.ALARM, "1 taak wacht langer dan tien minuten.")
    with desk.database.writing() as session:
        (job,) = claim(session, "een werker")
        bury(session, job, "weg")
    assert found(desk)["Taken"].sentence == "1 taak is opgegeven."
    with desk.database.writing() as session:
        row = session.query(Job).one()
        row.status, row.attempts, row.run_at = JobStatus.READY, 8, clock.real()
    assert found(desk)["Taken"].state is State.ATTENTION


def test_a_desk_without_mailbox_or_telephone_says_so(sqlite_desk: Desk) -> None:
    bare = sqlite_desk.settings.model_copy(update={"twilio_account_sid": ""})
    with sqlite_desk.database.reading() as session:
        said = [each.sentence for part in conditions() for each in part(session, bare, sqlite_desk.clock.real())]
    assert "Er is geen telefoonlijn ingesteld." in said
    assert "Er is geen mailbox ingesteld." in said
