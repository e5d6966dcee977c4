"""What `doctor` looks at on this machine: keys, database, disk and clock."""

import shutil
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from desk.check import Check, Fault
from desk.database import Database
from desk.keyring import read_key_file
from desk.migrate import newest, standing
from desk.settings import Settings
from desk.site import check_site

NETWORK = (
    "9p afs beegfs ceph cifs coda fuse.glusterfs fuse.s3fs fuse.sshfs gfs2 glusterfs lustre ncpfs nfs nfs4 ocfs2 "
    "orangefs smb3 smbfs vboxsf virtiofs"
)
"""File systems on which SQLite's locks or its shared memory do not work as it needs (sqlite.org, "WAL": same host)."""

LEAST_FREE = 1 << 30
MOST_SKEW = timedelta(seconds=2)
EARLIEST, LATEST = 2020, 2100


def checks_here(settings: Settings, open_database: Callable[[], Database]) -> list[Check]:
    """Everything that can be looked at without leaving this machine and its database."""
    return [
        Check("keys", lambda: key_file(settings.key_file)),
        Check("database", lambda: database_answers(open_database())),
        Check("migrations", lambda: migrated(open_database(), demo=settings.demo)),
        Check("proxy", lambda: proxy(settings)),
        Check("file system", lambda: file_system(settings.database_url)),
        Check("disk", lambda: disk(settings)),
        Check("clock", lambda: clock(open_database())),
    ]


def key_file(path: Path) -> str:
    """The ring can be read, and not by everybody."""
    ring = read_key_file(path)
    if path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        raise Fault(f"everybody on this machine may read {path}; run: chmod 600 {path}")
    return f"{len(ring.wrapping)} wrapping, {len(ring.index)} index"


def database_answers(database: Database) -> str:
    """The engine answers, takes a write, and keeps what it confirmed."""
    with database.engine.execution_options(writes=True).connect() as connection:
        return _sqlite(connection) if database.on_sqlite else _postgresql(connection)


def migrated(database: Database, *, demo: bool) -> str:
    """The tables are those of this version, and the keys belong to them."""
    with database.engine.connect() as connection:
        found = standing(connection)
    if found != newest():
        raise Fault(f"at {found or 'nothing'} instead of {newest()}; run: meldpunt migrate")
    check_site(database, demo=demo)
    return f"at {found}, opened by these keys"


def proxy(settings: Settings) -> str:
    """Whoever takes HTTPS in for the desk is known to it: the desk itself speaks HTTP only."""
    behind = settings.trusted_proxies
    if settings.public_url.startswith("https:") and not behind:
        raise Fault(
            "public_url is https, so a proxy stands in front, but trusted_proxies is 0: all visitors seem to be one,"
            " and who guesses passwords locks everybody out; set MELDPUNT_TRUSTED_PROXIES to the number of proxies"
        )
    return f"{behind} trusted" if behind else "none, and none needed"


def file_system(url: str, mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """A database file does not lie on a network file system, where two machines would damage it."""
    if not url.startswith("sqlite"):
        return "not used by the database"
    if not mounts.exists():
        return "unknown on this system; see to it that it is a local one"
    kind = mounted_as(Path(make_url(url).database or ".").absolute(), mounts.read_text("utf-8"))
    if kind in NETWORK.split():
        raise Fault(f"the database lies on {kind}, a network file system; use a local disk, or PostgreSQL")
    return kind


def mounted_as(path: Path, mountinfo: str) -> str:
    """The type of the file system that a path lies on, by the lines of Linux's mountinfo (proc(5))."""
    best, kind = 0, "unknown"
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        point = Path(before.split()[4].encode().decode("unicode_escape"))
        if path.resolve().is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split()[0]
    return kind


def disk(settings: Settings) -> str:
    """There is room for what comes in."""
    places = [settings.data_dir]
    if settings.database_url.startswith("sqlite"):
        places.append(Path(make_url(settings.database_url).database or ".").absolute().parent)
    free = min(shutil.disk_usage(_existing(place)).free for place in places)
    if free < LEAST_FREE:
        raise Fault(f"{free >> 20} MiB free; the desk stops taking mail when the disk is full")
    return f"{free >> 30} GiB free"


def clock(database: Database) -> str:
    """The year can be true, and the database's clock agrees."""
    here = database.clock.real()
    if not EARLIEST <= here.year <= LATEST:
        raise Fault(f"this machine thinks it is {here.year}")
    if database.on_sqlite:
        return here.isoformat(timespec="seconds")
    with database.engine.connect() as connection:
        there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    skew = abs(there.astimezone(UTC) - database.clock.real())
    if skew > MOST_SKEW:
        raise Fault(f"the database's clock differs by {skew.total_seconds():.0f} s; leases and jobs need one time")
    return f"{here.isoformat(timespec='seconds')}, as the database has it"


def _sqlite(connection: Connection) -> str:
    found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")}
    if found != {"journal_mode": "wal", "synchronous": 2}:
        raise Fault(f"journal_mode={found['journal_mode']}, synchronous={found['synchronous']} instead of WAL and FULL")
    return "SQLite, WAL, synchronous FULL, writable"


def _postgresql(connection: Connection) -> str:
    names = ("fsync", "synchronous_commit", "transaction_read_only")
    shown = {name: connection.scalar(text(f"SHOW {name}")) for name in names}
    if shown["transaction_read_only"] == "on":
        raise Fault("this PostgreSQL is read-only; is it a standby?")
    if "off" in {shown["fsync"], shown["synchronous_commit"]}:
        raise Fault("fsync or synchronous_commit is off: a power cut would lose confirmed contacts")
    return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}, writable"


def _existing(path: Path) -> Path:
    absolute = path.absolute()
    return absolute if absolute.exists() else _existing(absolute.parent)
