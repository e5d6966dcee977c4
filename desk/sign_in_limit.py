"""Guessing passwords is made slow: ten tries for one account in a quarter of an hour, then one waits."""

from datetime import timedelta

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from desk.accounts import LoginAttempt
from desk.clock import Clock
from desk.vault import Vault

WINDOW = timedelta(minutes=15)
MOST_OF_ONE_ACCOUNT = 10
MOST_OF_ONE_ORIGIN = 100  # a whole office may share one network address
KEPT = timedelta(days=1)


def count_attempt(session: Session, account: str, origin: str) -> bool:
    """Count a try before its password is looked at; False when this account or origin must wait first.

    A refused try is not counted: otherwise a patient stranger would keep a colleague out for ever. Real time.
    """
    clock: Clock = session.info["clock"]
    now, (whom, where) = clock.real(), _hashes(session, account, origin)
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < now - KEPT))
    recent = LoginAttempt.at > now - WINDOW
    of_account = select(func.count()).where(LoginAttempt.account_hash == whom, recent)
    of_origin = select(func.count()).where(LoginAttempt.origin_hash == where, recent)
    tries, from_there = session.execute(select(of_account.scalar_subquery(), of_origin.scalar_subquery())).one()
    if tries >= MOST_OF_ONE_ACCOUNT or from_there >= MOST_OF_ONE_ORIGIN:
        return False
    session.execute(insert(LoginAttempt).values(at=now, account_hash=whom, origin_hash=where))
    return True


def forget_attempts(session: Session, account: str) -> None:
    """The account got in: its tries no longer count, neither against it nor against where it came from."""
    vault: Vault = session.info["vault"]
    known = [LoginAttempt.account_hash == item for item in vault.lookups("sign-in", _normal(account))]
    session.execute(delete(LoginAttempt).where(or_(*known)))


def _hashes(session: Session, account: str, origin: str) -> tuple[bytes, bytes]:
    vault: Vault = session.info["vault"]
    return vault.lookup("sign-in", _normal(account)), vault.lookup("origin", origin)


def _normal(account: str) -> str:
    return account.strip().casefold()
