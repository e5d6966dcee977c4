"""Every route of the whole application: who gets in, what an unsigned webhook gets, and what a GET leaves alone."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, MetaData, select
from werkzeug.routing import AnyConverter, Rule, UUIDConverter
from werkzeug.test import TestResponse

from app import metadata
from desk.desk import Desk
from intake.concern import Enclosure
from tests.builders import a_ticket
from triage.models import Attachment, Contact

SAFE = ("GET", "HEAD")
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
# Everybody may knock here. Whatever is new and stands not here asks for a sign-in.
PUBLIC = {
    "/healthz",
    "/readyz",
    "/thema.css",
    "/static/<path:filename>",
    "/aanmelden",
    "/geluid/wachttoon.wav",
    "/geluid/<name>",
}
WEBHOOKS = "/phone/"
# Mails, bookmarks and the carrier's settings point here: these must go on working.
LASTING = {
    "/", "/healthz", "/readyz", "/aanmelden", "/afmelden", "/werklijst", "/melding/<number>", "/oproepen", "/zoeken",
    "/noteren", "/terugbellen", "/toestand", "/phone/incoming", "/phone/status",
}  # fmt: skip
NOBODYS = UUID(int=0)  # an id where the desk of this test has nothing to show
READ_TRACES = {"audit", "audit_head"}  # who read what is recorded, and must be


@dataclass(frozen=True)
class Door:
    """One rule with one of its methods, and an address that fits it."""

    rule: str
    method: str
    url: str

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


@pytest.fixture
def number(sqlite_desk: Desk) -> str:
    """A ticket with a file, so that every page has something to show."""
    file = Enclosure("1", "verslag.txt", "text/plain", b"Een verzonnen verslag.")
    return a_ticket(sqlite_desk, enclosures=(file,))


@pytest.fixture
def doors(app: Flask, sqlite_desk: Desk, number: str) -> list[Door]:
    with sqlite_desk.database.reading() as session:
        rows = {
            "contact": session.scalars(select(Contact.id)).first(),
            "attachment": session.scalars(select(Attachment.id)).first(),
        }
    ids = {name: row for name, row in rows.items() if row is not None}
    return [
        Door(rule.rule, method, url)
        for rule in app.url_map.iter_rules()
        for url in _addresses(app, rule, number, ids)
        for method in sorted((rule.methods or set()) - {"OPTIONS"})
    ]


def test_the_addresses_that_others_know_are_there(app: Flask) -> None:
    assert not LASTING - {rule.rule for rule in app.url_map.iter_rules()}


def test_the_public_doors_are_these_and_no_others(client: FlaskClient, doors: list[Door]) -> None:
    opened = {
        str(door)
        for door in _guarded(doors)
        if not _sent_to_sign_in(client.open(door.url, method=door.method, headers=SAME_ORIGIN))
    }
    assert not opened


def test_a_visitor_who_is_sent_away_leaves_nothing(client: FlaskClient, doors: list[Door], sqlite_desk: Desk) -> None:
    before = _content(sqlite_desk.database.engine, ignored=set())
    for door in _guarded(doors):
        client.open(door.url, method=door.method, headers=SAME_ORIGIN)
    assert _content(sqlite_desk.database.engine, ignored=set()) == before


def test_every_public_page_answers(client: FlaskClient, doors: list[Door]) -> None:
    answers = {
        str(door): client.open(door.url).status_code for door in doors if door.rule in PUBLIC and door.method == "GET"
    }
    assert set(answers.values()) <= {200, 404}, answers
    assert answers["GET /healthz"] == answers["GET /readyz"] == answers["GET /aanmelden"] == 200


def test_no_webhook_answers_without_a_signature(client: FlaskClient, doors: list[Door], sqlite_desk: Desk) -> None:
    before = _content(sqlite_desk.database.engine, ignored=set())
    webhooks = [door for door in doors if door.rule.startswith(WEBHOOKS)]
    form = {"CallSid": "CA" + "1" * 32, "AccountSid": "AC" + "0" * 32, "From": "+31600000142", "CallStatus": "ringing"}
    answers = {str(door): client.open(door.url, method=door.method, data=form).status_code for door in webhooks}
    assert {door.method for door in webhooks} == {"POST"}
    assert set(answers.values()) == {403}, answers
    assert _content(sqlite_desk.database.engine, ignored=set()) == before


def test_reading_every_page_changes_nothing(
    staff: Callable[..., FlaskClient], doors: list[Door], sqlite_desk: Desk
) -> None:
    iris = staff()
    before = _content(sqlite_desk.database.engine, ignored=READ_TRACES)
    answers = {str(door): iris.open(door.url, method=door.method).status_code for door in doors if door.method in SAFE}
    assert _content(sqlite_desk.database.engine, ignored=READ_TRACES) == before
    assert not {door: status for door, status in answers.items() if status >= 500}


def test_every_page_opens_for_staff(staff: Callable[..., FlaskClient], doors: list[Door]) -> None:
    iris = staff()
    pages = [door for door in _guarded(doors) if door.method == "GET" and str(NOBODYS) not in door.url]
    answers = {str(door): iris.get(door.url, follow_redirects=True).status_code for door in pages}
    assert len(answers) > 5
    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elders.example"}],
    ids=["nothing said", "another site", "a neighbour", "an older browser elsewhere"],
)
def test_no_form_of_another_site_is_taken(
    staff: Callable[..., FlaskClient], doors: list[Door], sqlite_desk: Desk, headers: dict[str, str]
) -> None:
    iris = staff()
    before = _content(sqlite_desk.database.engine, ignored=set())
    forms = [door for door in doors if door.method not in SAFE and not door.rule.startswith(WEBHOOKS)]
    answers = {str(door): iris.open(door.url, method=door.method, headers=headers).status_code for door in forms}
    assert len(answers) > 5
    assert set(answers.values()) == {403}, answers
    assert _content(sqlite_desk.database.engine, ignored=set()) == before


def test_an_empty_form_is_never_a_fault_of_ours(staff: Callable[..., FlaskClient], doors: list[Door]) -> None:
    iris = staff()
    forms = [door for door in _guarded(doors) if door.method not in SAFE and door.rule != "/afmelden"]
    answers = {str(door): iris.open(door.url, method=door.method, headers=SAME_ORIGIN).status_code for door in forms}
    assert not {door: status for door, status in answers.items() if status >= 500}


def _guarded(doors: list[Door]) -> list[Door]:
    return [door for door in doors if door.rule not in PUBLIC and not door.rule.startswith(WEBHOOKS)]


def _sent_to_sign_in(answer: TestResponse) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("/aanmelden")


def _addresses(app: Flask, rule: Rule, number: str, ids: dict[str, UUID]) -> list[str]:
    """The rule with a real ticket number and ids where it has places for them; every word of a choice in turn."""
    places = [_values(rule, name, number, ids) for name in sorted(rule.arguments)]
    urls = app.url_map.bind("localhost")
    return [
        str(urls.build(rule.endpoint, dict(zip(sorted(rule.arguments), values, strict=True))))
        for values in product(*places)
    ]


def _values(rule: Rule, name: str, number: str, ids: dict[str, UUID]) -> Sequence[object]:
    converter = rule._converters[name]  # noqa: SLF001  werkzeug has no public way to ask
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)
    if isinstance(converter, UUIDConverter):
        return [next((row for word, row in ids.items() if word in f"{name} {rule.endpoint}"), NOBODYS)]
    return [{"number": number, "filename": "app.css"}.get(name, 1)]


def _content(engine: Engine, ignored: set[str]) -> dict[str, str]:
    """A fingerprint of every table."""
    return dict(_fingerprints(engine, metadata(), ignored))


def _fingerprints(engine: Engine, tables: MetaData, ignored: set[str]) -> Iterator[tuple[str, str]]:
    with engine.connect() as connection:
        for table in tables.sorted_tables:
            if table.name not in ignored:
                rows = sorted(map(repr, connection.execute(select(table))))
                yield table.name, hashlib.sha256("\n".join(rows).encode()).hexdigest()
