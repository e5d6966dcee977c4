"""Guessing passwords is made slow: ten tries for one account from one place in a quarter of an hour, then one waits.

An account and a place have a wider limit each, against guessing from many places or at many accounts.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, ScalarSelect, delete, func, insert, select
from sqlalchemy.orm import Session

from desk.accounts import LoginAttempt
from desk.clock import Clock
from desk.database import one_at_a_time
from desk.vault import Vault

WINDOW = timedelta(minutes=15)
MOST_OF_BOTH = 10  # of one account from one place: a stranger elsewhere does not keep its owner out
MOST_OF_ONE_ACCOUNT = 100
MOST_OF_ONE_ORIGIN = 100  # a whole office may share one network address
KEPT = timedelta(days=1)


def count_attempt(session: Session, account: str, origin: str) -> bool:
    """Count a try before its password is looked at; False when who tries must wait first. Real time.

    `origin` is a network address. Ten tries from there at this account, a hundred at this account from anywhere or a
    hundred from there at any account are the most within `WINDOW`. A refused try is not counted: otherwise waiting
    would never end for who keeps trying.
    """
    clock: Clock = session.info["clock"]
    now, (whom, where) = clock.real(), _hashes(session, account, origin)
    for mark in sorted((whom, where)):  # else guesses made at once all see the others uncounted; sorted: none crosses
        one_at_a_time(session, mark)
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < now - KEPT))
    at_it, from_there = LoginAttempt.account_hash == whom, LoginAttempt.origin_hash == where
    recent = LoginAttempt.at > now - WINDOW
    counted = _count(recent, at_it, from_there), _count(recent, at_it), _count(recent, from_there)
    most = MOST_OF_BOTH, MOST_OF_ONE_ACCOUNT, MOST_OF_ONE_ORIGIN
    if any(tries >= limit for tries, limit in zip(session.execute(select(*counted)).one(), most, strict=True)):
        return False
    session.execute(insert(LoginAttempt).values(at=now, account_hash=whom, origin_hash=where))
    return True


def forget_attempts(session: Session, account: str, origin: str) -> None:
    """The account got in from there: its own tries no longer count. Those of strangers elsewhere still do."""
    vault: Vault = session.info["vault"]
    whom, where = vault.lookups("sign-in", _normal(account)), vault.lookups("origin", origin)
    own = LoginAttempt.account_hash.in_(whom), LoginAttempt.origin_hash.in_(where)
    session.execute(delete(LoginAttempt).where(*own))


def _count(*which: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(LoginAttempt).where(*which).scalar_subquery()


def _hashes(session: Session, account: str, origin: str) -> tuple[bytes, bytes]:
    vault: Vault = session.info["vault"]
    return vault.lookup("sign-in", _normal(account)), vault.lookup("origin", origin)


def _normal(account: str) -> str:
    return account.strip().casefold()
