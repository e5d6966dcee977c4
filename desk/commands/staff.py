"""`meldpunt staff add`, `list` and `disable`."""

import secrets
import sys
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.accounts import Role, User
from desk.audit import Act, audit
from desk.base import new_id
from desk.commands.context import Refused, Site, pass_site
from desk.passwords import LONGEST, SHORTEST, normal

LONGEST_NAME = 120  # of the column
ROLES = ("medewerker", "coordinator", "beheerder")


@click.group()
def staff() -> None:
    """Accounts of the people who work at the desk."""


@staff.command()
@click.argument("email")
@click.option("--name", prompt="Name, as colleagues see it", help="The name that colleagues see.")
@click.option("--role", type=click.Choice(ROLES), default=ROLES[0], show_default=True, help="What they may do.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it.")
@pass_site
def add(site: Site, email: str, name: str, role: str, *, password_stdin: bool) -> None:
    """Make an account for EMAIL, or give an existing one another name, role and password and enable it again."""
    address, shown = _address(email), _name(name)
    database = site.desk().database
    hashed = _hashed(_password(from_stdin=password_stdin))

    def put(session: Session) -> bool:
        known = _find(session, address)
        user = known or User(id=new_id(), email=address)
        user.name, user.password, user.active = shown, hashed, True
        user.fs_uniquifier = secrets.token_hex(32)  # ends every session of this account
        user.roles = list(session.scalars(select(Role).where(Role.name == role)))
        session.add(user)
        _tell(session, "change_account" if known else "add_account", user.id, role)
        return known is not None

    known = database.run(put)
    click.echo(f"{'Changed' if known else 'Added'} {address} ({role}).")


@staff.command("list")
@pass_site
def list_accounts(site: Site) -> None:
    """Show every account: address, name, roles, and whether it may sign in."""
    with site.desk().database.reading() as session:
        for user in session.scalars(select(User).order_by(User.email)).unique():
            roles = ", ".join(role.name for role in user.roles)
            click.echo(f"{user.email}\t{user.name}\t{roles}\t{'active' if user.active else 'disabled'}")


@staff.command()
@click.argument("email")
@pass_site
def disable(site: Site, email: str) -> None:
    """Keep EMAIL from signing in and end the sessions of that account. What they did stays in every timeline."""
    address = _address(email)

    def shut(session: Session) -> None:
        user = _find(session, address)
        if user is None:
            raise Refused(f"there is no account for {email}")
        user.active, user.fs_uniquifier = False, secrets.token_hex(32)
        _tell(session, "disable_account", user.id, "ok")

    site.desk().database.run(shut)
    click.echo(f"Disabled {address}.")


def _find(session: Session, address: str) -> User | None:
    return session.scalars(select(User).where(User.email == address)).unique().one_or_none()


def _tell(session: Session, action: str, user_id: UUID, result: str) -> None:
    audit(session, Act("operator", action, f"user:{user_id}", result, "command"))


def _address(email: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        checked = validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise Refused(f"{email} is not a mail address: {error}") from error
    return checked.normalized.casefold()


def _password(*, from_stdin: bool) -> str:
    given = _typed() if from_stdin else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(given) < SHORTEST:
        raise Refused(f"a password has at least {SHORTEST} characters; a sentence is easiest")
    if len(normal(given)) > LONGEST:
        raise Refused(f"a password has at most {LONGEST} characters")
    return given


def _typed() -> str:
    try:
        line = sys.stdin.buffer.readline()
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Refused("the password on standard input is not UTF-8") from None


def _name(given: str) -> str:
    """What stands on pages, in lists and in backups: one line that can be seen."""
    name = given.strip()
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
        raise Refused(f"a name has 1 to {LONGEST_NAME} characters, all of which can be seen")
    return name


def _hashed(password: str) -> str:
    """Argon2id with the defaults of RFC 9106."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(normal(password))
