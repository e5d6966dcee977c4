"""`meldpunt keys` and `meldpunt staff`: keys are never overwritten, rotation loses nothing, accounts open the door."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import current_app
from flask_security.password_util import PasswordUtil
from flask_security.utils import verify_password
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app import create_app, meldpunt
from desk.accounts import User
from desk.audit import AuditLine
from desk.data_keys import DataKey
from desk.desk import Desk
from desk.keyring import read_key_file, replace_key_file
from desk.search import analyse
from desk.vault import Vault
from intake.contacts import address_hash
from tests.builders import a_ticket
from tests.desk.conftest import Command, environment_of
from triage.models import Contact, Term, Ticket
from triage.values import Channel

SENTENCE = "een lang verzonnen wachtwoord"


def _ring_keys(desk: Desk) -> set[str]:
    with desk.database.reading() as session:
        return set(session.scalars(select(DataKey.ring_key).where(DataKey.wrapped.is_not(None))))


def _actions(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        return list(
            session.scalars(select(AuditLine.action).where(AuditLine.actor == "operator").order_by(AuditLine.n))
        )


def test_new_makes_a_key_file_and_says_where_and_what_to_do_with_it(sqlite_command: Command, tmp_path: Path) -> None:
    path = tmp_path / "deeper" / "new.keys"
    said = sqlite_command("keys", "new", key_file=str(path))
    assert said.exit_code == 0
    assert str(path) in said.output
    assert "apart from the backups" in said.output
    assert read_key_file(path).wrapping


def test_new_never_overwrites(sqlite_command: Command, sqlite_desk: Desk) -> None:
    before = sqlite_desk.settings.key_file.read_text()
    said = sqlite_command("keys", "new")
    assert said.exit_code == 1
    assert "there already" in said.output
    assert sqlite_desk.settings.key_file.read_text() == before


def test_after_rotation_everything_is_wrapped_anew_and_still_opens_and_is_found(desk: Desk, command: Command) -> None:
    number = a_ticket(desk)
    old = read_key_file(desk.settings.key_file)
    said = command("keys", "rotate", "--stopped")
    assert said.exit_code == 0, said.output
    new = read_key_file(desk.settings.key_file)
    assert (new.wrapping[1:], new.index[1:], new.permanent) == (old.wrapping, old.index, old.permanent)
    assert _ring_keys(desk) == {new.wrapping[0].id}
    with desk.database.reading() as session:
        session.info["vault"] = Vault(new)
        assert session.scalars(select(Ticket).where(Ticket.number == number)).one().subject == "Zorgen over Sem Fictief"
        hashes = Vault(new).lookups("mail", "hanna@vos.example")
        assert len(session.scalars(select(Contact).where(Contact.from_hash.in_(hashes))).all()) == 1
    assert _actions(desk)[-1] == "rotate_keys"
    assert command("audit", "verify").exit_code == 0


def test_words_sealed_before_and_after_a_rotation_are_found_together(desk: Desk, command: Command) -> None:
    a_ticket(desk)
    command("keys", "rotate", "--stopped")
    vault = Vault(read_key_file(desk.settings.key_file))
    with desk.database.writing() as session:
        session.info["vault"] = vault
        before, after = desk.vault.terms(analyse("laptop")), vault.terms(analyse("laptop"))
        assert before != after
        assert session.scalars(select(Term.ticket_id).where(Term.hash.in_(before))).all()
        assert address_hash(session, Channel.MAIL, "hanna@vos.example") not in desk.vault.lookups(
            "mail", "hanna@vos.example"
        )


def test_a_rotation_that_was_broken_off_is_finished_without_further_keys(desk: Desk, command: Command) -> None:
    for _ in range(3):
        a_ticket(desk)
    ring = read_key_file(desk.settings.key_file).rotated()
    replace_key_file(desk.settings.key_file, ring)
    _rewrap_one(desk, Vault(ring))
    assert len(_ring_keys(desk)) == 2
    finished = command("keys", "rotate", "--stopped")
    assert finished.exit_code == 0
    assert "No new keys were made" in finished.stdout
    assert read_key_file(desk.settings.key_file) == ring
    assert _ring_keys(desk) == {ring.wrapping[0].id}


def _rewrap_one(desk: Desk, vault: Vault) -> None:
    with desk.database.writing() as session:
        session.scalars(select(DataKey).limit(1)).one().rewrap(vault)


def test_a_destroyed_key_stays_destroyed_through_a_rotation(desk: Desk, command: Command) -> None:
    number = a_ticket(desk)
    with desk.database.writing() as session:
        _ticket(session, number).data_key.destroy(desk.clock.real())
    assert command("keys", "rotate", "--stopped").exit_code == 0
    with desk.database.reading() as session:
        assert _ticket(session, number).data_key.wrapped is None


def _ticket(session: Session, number: str) -> Ticket:
    return session.scalars(select(Ticket).where(Ticket.number == number)).one()


def test_rotation_asks_whether_the_desk_stands_still(sqlite_command: Command, sqlite_desk: Desk) -> None:
    before = read_key_file(sqlite_desk.settings.key_file)
    assert sqlite_command("keys", "rotate", typed="n\n").exit_code == 1
    assert read_key_file(sqlite_desk.settings.key_file) == before


def test_keys_of_another_site_are_refused_before_anything_changes(sqlite_command: Command, tmp_path: Path) -> None:
    other = tmp_path / "other.keys"
    sqlite_command("keys", "new", key_file=str(other))
    before = other.read_text()
    said = sqlite_command("keys", "rotate", "--stopped", key_file=str(other))
    assert said.exit_code == 1
    assert "does not belong to this database" in said.output
    assert other.read_text() == before


@dataclass(frozen=True)
class Account:
    """An account as it stands in the database."""

    email: str
    name: str
    roles: list[str]
    password: str
    active: bool
    session: str


def _account(desk: Desk) -> Account:
    with desk.database.reading() as session:
        user = session.scalars(select(User)).unique().one()
        roles = [role.name for role in user.roles]
        return Account(user.email, user.name, roles, user.password or "", user.active, user.fs_uniquifier)


def test_an_account_that_was_added_signs_in(desk: Desk, command: Command) -> None:
    words = ("staff", "add", "Iris.Bedacht@meldpunt.nl", "--name", "Iris Bedacht", "--password-stdin")
    assert command(*words, typed=SENTENCE + "\n").exit_code == 0
    account = _account(desk)
    assert (account.email, account.name, account.active) == ("iris.bedacht@meldpunt.nl", "Iris Bedacht", True)
    assert account.roles == ["medewerker"]
    with create_app(desk.settings, desk).app_context():
        assert verify_password(SENTENCE, account.password)
        assert not verify_password("iets anders", account.password)
    assert _actions(desk)[-1] == "add_account"


def test_accents_sign_in_however_the_keyboard_makes_them(sqlite_desk: Desk, sqlite_command: Command) -> None:
    words = ("staff", "add", "zoe@meldpunt.nl", "--name", "Zoë", "--password-stdin")
    sqlite_command(*words, typed="wachtwoord van Zo\u00eb\n")
    with create_app(sqlite_desk.settings, sqlite_desk).app_context():
        form = PasswordUtil(current_app)
        for typed in ("wachtwoord van Zo\u00eb", "wachtwoord van Zoe\u0308"):
            assert verify_password(form.normalize(typed), _account(sqlite_desk).password)


def test_adding_again_changes_the_account_and_ends_its_sessions(sqlite_desk: Desk, sqlite_command: Command) -> None:
    words = ("staff", "add", "iris@meldpunt.nl", "--password-stdin", "--name")
    sqlite_command(*words, "Iris", typed=SENTENCE)
    before = _account(sqlite_desk)
    said = sqlite_command(*words, "Iris Bedacht", "--role", "coordinator", typed=SENTENCE + "!")
    assert "Changed" in said.output
    after = _account(sqlite_desk)
    assert (after.name, after.roles) == ("Iris Bedacht", ["coordinator"])
    assert after.session != before.session


@pytest.mark.parametrize(
    ("words", "typed", "about"),
    [
        (("iris",), SENTENCE, "not a mail address"),
        (("iris@meldpunt.nl",), "kort", "at least 12"),
        (("iris@meldpunt.nl",), "p" * 1025, "at most 1024"),
        (("iris@meldpunt.nl",), "\ufdfa" * 1024, "at most 1024"),
        (("iris@meldpunt.nl", "--role", "baas"), SENTENCE, "--role"),
    ],
    ids=["no address", "short password", "long password", "unfolding password", "unknown role"],
)
def test_an_account_that_would_not_work_is_not_made(
    sqlite_desk: Desk, sqlite_command: Command, words: tuple[str, ...], typed: str, about: str
) -> None:
    said = sqlite_command("staff", "add", *words, "--name", "Iris", "--password-stdin", typed=typed)
    assert said.exit_code != 0
    assert about in said.output
    with sqlite_desk.database.reading() as session:
        assert session.scalar(text('SELECT count(*) FROM "user"')) == 0


def test_a_disabled_account_stays_in_the_list(sqlite_desk: Desk, sqlite_command: Command) -> None:
    sqlite_command("staff", "add", "iris@meldpunt.nl", "--name", "Iris", "--password-stdin", typed=SENTENCE)
    assert sqlite_command("staff", "disable", "IRIS@meldpunt.nl").exit_code == 0
    assert sqlite_command("staff", "list").output == "iris@meldpunt.nl\tIris\tmedewerker\tdisabled\n"
    assert _actions(sqlite_desk)[-1] == "disable_account"
    said = sqlite_command("staff", "disable", "niemand@meldpunt.nl")
    assert said.exit_code == 1
    assert "no account" in said.output


@pytest.mark.parametrize("name", ["n" * 121, " ", "Iris\nbas@x.nl\tBas", "Iris\x1b[2J", "Iris\u202esirI"])
def test_a_name_that_would_not_stand_on_a_page_is_refused(
    sqlite_desk: Desk, sqlite_command: Command, name: str
) -> None:
    said = sqlite_command("staff", "add", "iris@meldpunt.nl", "--password-stdin", "--name", name, typed=SENTENCE)
    assert said.exit_code == 1
    assert "1 to 120 characters" in said.output
    with sqlite_desk.database.reading() as session:
        assert session.scalar(text('SELECT count(*) FROM "user"')) == 0


def test_a_password_that_is_not_utf8_is_refused(sqlite_desk: Desk) -> None:
    words = ["staff", "add", "iris@meldpunt.nl", "--name", "Iris", "--password-stdin"]
    said = CliRunner().invoke(
        meldpunt, words, input=SENTENCE.encode() + b"\xe9\n", env=environment_of(sqlite_desk.settings)
    )
    assert said.output == "Error: the password on standard input is not UTF-8\n"
    assert said.exit_code == 1
