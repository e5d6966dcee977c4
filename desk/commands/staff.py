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
    database, address = site.desk().database, _address(email)
    hashed = _hashed(_password(from_stdin=password_stdin))
    with database.writing() as session:
        known = _find(session, address)
        user = known or User(id=new_id(), email=address)
        user.name, user.password, user.active = name.strip(), hashed, True
        user.fs_uniquifier = secrets.token_hex(32)  # ends every session of this account
        user.roles = list(session.scalars(select(Role).where(Role.name == role)))
        session.add(user)
        _tell(session, "change_account" if known else "add_account", user.id, role)
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
    with site.desk().database.writing() as session:
        user = _find(session, _address(email))
        if user is None:
            raise Refused(f"there is no account for {email}")
        user.active, user.fs_uniquifier = False, secrets.token_hex(32)
        _tell(session, "disable_account", user.id, "ok")
        click.echo(f"Disabled {user.email}.")


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
    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    else:
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(given) < SHORTEST:
        raise Refused(f"a password has at least {SHORTEST} characters; a sentence is easiest")
    if len(normal(given)) > LONGEST:
        raise Refused(f"a password has at most {LONGEST} characters")
    return given


def _hashed(password: str) -> str:
    """Argon2id with the defaults of RFC 9106."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(normal(password))
