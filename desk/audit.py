"""The audit log: who did or saw what, in a keyed hash chain that shows every change and gap.

Lines are gathered during a transaction and written directly before its commit, when the head row is locked: the
lock is held for a moment only. The head is sealed as well, so that nobody without the key cuts lines off unseen.
Fields follow BIO2 8.15.01: action, object, result, origin, actor, time.
"""

import hmac
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, LargeBinary, ScalarResult, String, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.base import Base, BigId, UtcDateTime
from desk.clock import Clock
from desk.database import before_commit
from desk.vault import Vault

GENESIS = b"\0" * 32


class AuditLine(Base):
    """One line; append-only (the database refuses changes by trigger)."""

    __tablename__ = "audit"

    n: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(64), index=True)
    action: Mapped[str] = mapped_column(String(40))
    object: Mapped[str] = mapped_column(String(80), index=True)
    result: Mapped[str] = mapped_column(String(80))
    origin: Mapped[str] = mapped_column(String(64))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditHead(Base):
    """The end of the chain: one row, locked last. `seal` is keyed: who has no key makes no earlier line the end."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))


@dataclass(frozen=True)
class Act:
    """What a line says. Ids and codes only: never a name, number, address or text."""

    actor: str
    action: str
    object: str
    result: str = "ok"
    origin: str = "desk"


@dataclass(frozen=True)
class ChainReport:
    """What a check of the whole chain found; `broken_at` is the first line that does not fit."""

    lines: int
    broken_at: int | None
    head: bytes


def begin(session: Session) -> None:
    """Make the head of an empty chain. Only for a fresh database: a head that is gone later is a broken chain."""
    session.execute(insert(AuditHead).values(id=1, n=0, mac=GENESIS, seal=_seal(_key(session), 0, GENESIS)))


def audit(session: Session, act: Act) -> None:
    """Have `act` written to the chain in the same transaction, directly before its commit."""
    session.info.setdefault("acts", []).append(act)
    before_commit(session, "audit", _write, very_last=True)


def audit_once(session: Session, act: Act, within: timedelta) -> None:
    """The same, unless an equal line was written less than `within` ago: what goes on is told when it begins."""
    clock: Clock = session.info["clock"]
    equal = [getattr(AuditLine, name) == value for name, value in asdict(act).items()]
    known = select(AuditLine.n).where(*equal, AuditLine.at > clock.real() - within).limit(1)
    if session.scalar(known) is None:
        audit(session, act)


def audit_at_once(session: Session, act: Act) -> None:
    """Write `act` now, in a transaction that another part begins and commits: that of a restore."""
    session.info["acts"] = [act]
    _write(session)


def verify(session: Session, tell: Callable[[int], None] = lambda _lines: None) -> ChainReport:
    """Walk the chain from its first line to its head. Reads every line; nothing is changed.

    `tell` hears of every line that was read, for whoever shows how far it is.
    """
    key = _key(session)
    mac, n = GENESIS, 0
    with _lines(session) as lines:
        for line in lines:
            n += 1
            mac = _mac(key, mac, line.n, line.at, Act(line.actor, line.action, line.object, line.result, line.origin))
            if line.n != n or not hmac.compare_digest(mac, line.mac):
                return ChainReport(n, line.n, mac)
            tell(1)
    head = session.scalars(select(AuditHead)).one_or_none()
    whole = head is not None and (head.n, head.mac) == (n, mac) and _fits(key, head.n, head.mac, head.seal)
    return ChainReport(n, None if whole else n + 1, mac)


def _lines(session: Session) -> ScalarResult[AuditLine]:
    return session.scalars(select(AuditLine).order_by(AuditLine.n).execution_options(yield_per=1000))


def _write(session: Session) -> None:
    acts: list[Act] = session.info.pop("acts")
    clock: Clock = session.info["clock"]
    key, at = _key(session), clock.real()
    session.flush()
    head = select(AuditHead.n, AuditHead.mac, AuditHead.seal).where(AuditHead.id == 1).with_for_update()
    n, mac, seal = session.execute(head).one()
    sound = _fits(key, n, mac, seal)
    rows: list[dict[str, object]] = []
    for act in acts:
        n += 1
        mac = _mac(key, mac, n, at, act)
        rows.append({"n": n, "at": at, "mac": mac, **asdict(act)})
    session.execute(insert(AuditLine.metadata.tables[AuditLine.__tablename__]), rows)
    # A head that somebody rewrote keeps its false seal: the next line must not make a cut chain whole again.
    seal = _seal(key, n, mac) if sound else seal
    session.execute(update(AuditHead).where(AuditHead.id == 1).values(n=n, mac=mac, seal=seal))


def _mac(key: bytes, previous: bytes, n: int, at: datetime, act: Act) -> bytes:
    line = json.dumps([n, at.isoformat(timespec="microseconds"), *asdict(act).values()], ensure_ascii=True)
    return hmac.digest(key, previous + line.encode(), "sha256")


def _seal(key: bytes, n: int, mac: bytes) -> bytes:
    return hmac.digest(key, b"head" + n.to_bytes(8, "big") + mac, "sha256")  # shorter than a line: never one's mac


def _fits(key: bytes, n: int, mac: bytes, seal: bytes) -> bool:
    return n >= 0 and hmac.compare_digest(_seal(key, n, mac), seal)


def _key(session: Session) -> bytes:
    vault: Vault = session.info["vault"]
    return vault.ring.permanent["audit"]
