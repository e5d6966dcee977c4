"""Signing in and out: who gets in, who must wait, how long it lasts, and what is written down."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from desk.accounts import LoginAttempt, User
from desk.audit import AuditLine
from desk.desk import Desk
from desk.sign_in_limit import count_attempt
from tests.builders import PASSWORD, Colleague, a_colleague, sign_in
from tests.fakes import FixedClock

OURS = {"Sec-Fetch-Site": "same-origin"}
WRONG = "Het e-mailadres of het wachtwoord klopt niet."
WAIT = "Wacht een kwartier"


@pytest.fixture
def iris(sqlite_desk: Desk) -> Colleague:
    return a_colleague(sqlite_desk, "Iris Bedacht")


def knock(client: FlaskClient, email: str, password: str = "fout", place: str = "127.0.0.1") -> tuple[int, str]:
    form, came_from = {"email": email, "password": password}, {"REMOTE_ADDR": place}
    answer = client.post("/aanmelden", data=form, headers=OURS, environ_overrides=came_from)
    fault = re.search(r'id="fout">([^<]*)<', answer.text)
    return answer.status_code, fault[1] if fault else ""


def audited(desk: Desk, action: str = "sign_in") -> list[tuple[str, str, str]]:
    with desk.database.reading() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.action == action).order_by(AuditLine.n))
        return [(line.actor, line.object, line.result) for line in lines]


def test_a_colleague_gets_in_and_that_is_written_down(sqlite_desk: Desk, client: FlaskClient, iris: Colleague) -> None:
    sign_in(client, iris)
    assert client.get("/werklijst").status_code == 200
    assert audited(sqlite_desk) == [(f"user:{iris.id}", f"user:{iris.id}", "ok")]
    with sqlite_desk.database.reading() as session:
        user = session.get_one(User, iris.id)
        assert (user.login_count, user.current_login_at) == (1, sqlite_desk.clock.real())


def test_an_address_is_known_in_capitals_too(client: FlaskClient, iris: Colleague) -> None:
    assert knock(client, f" {iris.email.upper()} ", PASSWORD)[0] == 302


@pytest.mark.parametrize(
    "email", ["iris.bedacht@meldpunt.example", "niemand@meldpunt.example", "geen adres", "' or 1=1 --"]
)
def test_every_failure_reads_the_same(sqlite_desk: Desk, client: FlaskClient, iris: Colleague, email: str) -> None:
    assert knock(client, email) == (200, WRONG)
    known = email == iris.email
    assert audited(sqlite_desk) == [("nobody", f"user:{iris.id}" if known else "user:unknown", "refused")]


@pytest.mark.parametrize("form", [{"email": "iris.bedacht@meldpunt.example"}, {"password": "x"}, {}])
def test_an_empty_field_is_no_attempt(
    sqlite_desk: Desk, client: FlaskClient, iris: Colleague, form: dict[str, str]
) -> None:
    answer = client.post("/aanmelden", data=form, headers=OURS)
    assert "Vul uw e-mailadres en uw wachtwoord in." in answer.text
    with sqlite_desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LoginAttempt)) == 0


def test_a_disabled_account_gets_out_at_once_and_not_in_again(
    sqlite_desk: Desk, client: FlaskClient, iris: Colleague
) -> None:
    sign_in(client, iris)
    with sqlite_desk.database.writing() as session:
        session.get_one(User, iris.id).active = False
    assert client.get("/werklijst").status_code == 302
    assert knock(client, iris.email, PASSWORD) == (200, WRONG)


def test_after_ten_failures_one_waits_a_quarter_of_an_hour(
    sqlite_desk: Desk, client: FlaskClient, iris: Colleague, clock: FixedClock
) -> None:
    assert [knock(client, iris.email)[0] for _ in range(10)] == [200] * 10
    code, fault = knock(client, iris.email.upper(), PASSWORD)
    assert code == 429
    assert WAIT in fault
    clock.advance(timedelta(minutes=14))
    assert knock(client, iris.email, PASSWORD)[0] == 429
    clock.advance(timedelta(minutes=2))
    assert knock(client, iris.email, PASSWORD)[0] == 302


def test_waiting_for_one_account_keeps_nobody_else_out(sqlite_desk: Desk, app: Flask, iris: Colleague) -> None:
    for _ in range(11):
        knock(app.test_client(), iris.email)
    bas = a_colleague(sqlite_desk, "Bas Verzonnen")
    assert knock(app.test_client(), bas.email, PASSWORD)[0] == 302


def test_a_stranger_elsewhere_keeps_no_colleague_out(client: FlaskClient, app: Flask, iris: Colleague) -> None:
    codes = [knock(app.test_client(), iris.email, place="192.0.2.7")[0] for _ in range(11)]
    assert codes == [200] * 10 + [429]
    assert knock(client, iris.email, PASSWORD)[0] == 302
    assert knock(app.test_client(), iris.email, PASSWORD, "192.0.2.7")[0] == 429


def test_one_account_that_is_tried_from_everywhere_waits_as_well(
    sqlite_desk: Desk, client: FlaskClient, iris: Colleague
) -> None:
    with sqlite_desk.database.writing() as session:
        places = [f"192.0.2.{n % 10}" for n in range(100)]
        assert all(count_attempt(session, iris.email, place) for place in places)
    assert knock(client, iris.email, PASSWORD)[0] == 429


def test_who_gets_in_has_a_clean_sheet(sqlite_desk: Desk, client: FlaskClient, app: Flask, iris: Colleague) -> None:
    for _ in range(9):
        knock(client, iris.email)
    sign_in(client, iris)
    with sqlite_desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LoginAttempt)) == 0
    assert knock(app.test_client(), iris.email) == (200, WRONG)


def test_one_place_that_tries_every_account_waits_as_well(app: Flask, sqlite_desk: Desk, iris: Colleague) -> None:
    client = app.test_client()
    with sqlite_desk.database.writing() as session:
        assert all(count_attempt(session, f"a{n}@x.example", "127.0.0.1") for n in range(100))
    assert knock(client, iris.email, PASSWORD)[0] == 429


def test_attempts_are_kept_without_address_and_no_longer_than_a_day(
    sqlite_desk: Desk, client: FlaskClient, iris: Colleague, clock: FixedClock
) -> None:
    knock(client, iris.email)
    clock.advance(timedelta(days=2))
    knock(client, "bas@meldpunt.example")
    with sqlite_desk.database.reading() as session:
        kept = session.scalars(select(LoginAttempt)).all()
    assert [len(each.account_hash) for each in kept] == [16]


def test_a_session_ends_with_the_working_day(client: FlaskClient, iris: Colleague, clock: FixedClock) -> None:
    sign_in(client, iris)
    clock.advance(timedelta(hours=9, minutes=59))
    assert client.get("/werklijst").status_code == 200
    clock.advance(timedelta(minutes=2))
    assert client.get("/werklijst").headers["Location"].startswith("/aanmelden")


def test_signing_out_is_a_form_and_ends_it(client: FlaskClient, iris: Colleague) -> None:
    sign_in(client, iris)
    assert client.get("/afmelden").status_code == 405
    answer = client.post("/afmelden", headers=OURS)
    assert answer.headers["Location"] == "/aanmelden"
    assert client.get("/werklijst").status_code == 302


def test_a_copy_of_the_cookie_opens_nothing_after_signing_out(
    sqlite_desk: Desk, client: FlaskClient, app: Flask, iris: Colleague
) -> None:
    sign_in(client, iris)
    cookie, copy = client.get_cookie("meldpunt"), app.test_client()
    assert cookie is not None
    copy.set_cookie(cookie.key, cookie.value)
    assert copy.get("/werklijst").status_code == 200
    client.post("/afmelden", headers=OURS)
    copy.set_cookie(cookie.key, cookie.value)
    assert copy.get("/werklijst").status_code == 302
    assert audited(sqlite_desk, "sign_out") == [(f"user:{iris.id}", f"user:{iris.id}", "ok")]
    sign_in(client, iris)
    assert client.get("/werklijst").status_code == 200


def test_a_session_that_runs_out_leaves_a_newer_one_of_the_same_colleague(
    client: FlaskClient, app: Flask, iris: Colleague, clock: FixedClock
) -> None:
    older = sign_in(app.test_client(), iris)
    clock.advance(timedelta(hours=6))
    sign_in(client, iris)
    clock.advance(timedelta(hours=5))
    assert older.get("/werklijst").status_code == 302
    assert client.get("/werklijst").status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elders.example/", "//elders.example", "////elders.example", "\\\\elders.example", "/\\elders.example",
        "https:elders.example", "http:///elders.example", "/\t/elders.example", " //elders.example",
        "javascript:alert(1)", "/afmelden", "/oproepen/afvinken", "/bestaat/niet", "/werklijst?x=//elders.example", "",
    ],
)  # fmt: skip
def test_whoever_signs_in_never_goes_elsewhere_or_to_what_is_no_page(app: Flask, iris: Colleague, wanted: str) -> None:
    form = {"email": iris.email, "password": PASSWORD}
    asked = app.test_client().post("/aanmelden", data=form | {"next": wanted}, headers=OURS)
    linked = app.test_client().post("/aanmelden", query_string={"next": wanted}, data=form, headers=OURS)
    assert [(each.status_code, each.headers["Location"]) for each in (asked, linked)] == [(302, "/")] * 2


@pytest.mark.parametrize("wanted", ["/oproepen", "/werklijst?weergave=mijn", "/melding/48217739"])
def test_one_goes_on_to_where_one_was_going(client: FlaskClient, iris: Colleague, wanted: str) -> None:
    form = {"email": iris.email, "password": PASSWORD, "next": wanted}
    assert client.post("/aanmelden", data=form, headers=OURS).headers["Location"] == wanted


def test_who_is_signed_in_needs_no_sign_in_page(client: FlaskClient, iris: Colleague) -> None:
    sign_in(client, iris)
    assert client.get("/aanmelden").status_code == 302


def test_there_is_no_remembering_and_no_token(client: FlaskClient, app: Flask, iris: Colleague) -> None:
    client.post(
        "/aanmelden?include_auth_token",
        json={"email": iris.email, "password": PASSWORD, "remember": True},
        headers=OURS | {"Accept": "application/json"},
    )
    assert client.get_cookie("remember_token") is None
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert not {"/verify", "/register", "/reset", "/change", "/login", "/logout"} & rules


def test_a_cookie_that_somebody_made_up_opens_nothing(client: FlaskClient) -> None:
    client.set_cookie("meldpunt", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert client.get("/werklijst").status_code == 302


def test_an_older_hash_is_made_anew_when_its_owner_signs_in(
    sqlite_desk: Desk, client: FlaskClient, iris: Colleague
) -> None:
    with sqlite_desk.database.reading() as session:
        before = session.get_one(User, iris.id).password
    sign_in(client, iris)
    with sqlite_desk.database.reading() as session:
        after = session.get_one(User, iris.id).password
    assert after != before
    assert after is not None
    assert after.startswith("$argon2id$")
    client.post("/afmelden", headers=OURS)
    sign_in(client, iris)


def test_only_the_web_server_pays_for_flask_security() -> None:
    code = "import sys, triage.models, triage.actions, desk.accounts; sys.exit('flask_security' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_guard_brings_one_back_where_one_was_going(client: FlaskClient) -> None:
    assert client.get("/oproepen").headers["Location"] == "/aanmelden?next=/oproepen"
    sent_away = client.get("/werklijst?weergave=mijn").headers["Location"]
    assert 'name="next" value="/werklijst?weergave=mijn"' in client.get(sent_away).text
    assert client.post("/oproepen/melding", headers=OURS).headers["Location"] == "/aanmelden"


def test_callers_of_staff_are_different_people(sqlite_desk: Desk, staff: Callable[..., FlaskClient]) -> None:
    pages = [staff(name).get("/werklijst").text for name in ("Iris Bedacht", "Bas Verzonnen")]
    assert "Aangemeld als Iris Bedacht" in pages[0]
    assert "Aangemeld als Bas Verzonnen" in pages[1]


@pytest.mark.parametrize("password", ["p" * 5000, "\ufdfa" * 1024, "p" * 1025], ids=["huge", "unfolding", "long"])
def test_a_password_that_is_too_long_is_a_wrong_one_for_everybody(
    sqlite_desk: Desk, client: FlaskClient, iris: Colleague, password: str
) -> None:
    assert [knock(client, email, password) for email in (iris.email, "bas@x.example")] == [(200, WRONG)] * 2
    assert [whom for _who, whom, _result in audited(sqlite_desk)] == [f"user:{iris.id}", "user:unknown"]
