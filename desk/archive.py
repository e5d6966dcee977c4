"""The form of a backup: a ZIP of one JSON Lines file a table, and a manifest under a keyed seal.

It holds what the database holds, sealed as it is there, and no key. It is the same for both engines, so that a backup
of one is restored into the other.
"""

import base64
import hashlib
import hmac
import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import Any, cast
from uuid import UUID
from zipfile import BadZipFile, ZipExtFile, ZipFile

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnClause,
    Integer,
    LargeBinary,
    String,
    TableClause,
    Text,
    Uuid,
    column,
    table,
)
from sqlalchemy.types import TypeEngine

from desk.base import UtcDateTime
from desk.vault import Vault

FORM = 1
MANIFEST = "manifest.json"
MOST_MANIFEST = 10_000_000  # bytes; a real one has some ten thousand
MOST_LINE = 50_000_000  # bytes; a piece of a file has 1.4 million, a long story a few
PIECE = 1 << 20  # bytes read at a time
DAMAGE = (BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, LookupError, TypeError, ValueError)
"""What reading a ZIP or JSON raises when bytes are not what they were: a damaged one may say anything of itself."""

Cell = str | int | bytes | bool | datetime | UUID | None
Stored = str | int | bool | None


class BadBackup(Exception):
    """A file that is no backup, was changed, or was made under other keys."""


@dataclass(frozen=True)
class TablePart:
    """One table: its columns with their kinds in the order of each row, and what its file must come to."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    sha256: str

    @property
    def file(self) -> str:
        """Where its rows stand in the ZIP."""
        return f"tables/{self.name}.jsonl"

    @property
    def clause(self) -> TableClause:
        """The table as it was when the backup was made, whatever the models say today."""
        return table(self.name, *(_column(name, kind) for name, kind in self.columns))


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `made_at` is real time, ISO 8601, UTC; tables stand parents first."""

    form: int
    made_at: str
    revision: str
    tables: tuple[TablePart, ...]


KINDS: dict[str, TypeEngine[Any]] = {
    "text": Text(),
    "int": BigInteger(),
    "bool": Boolean(),
    "uuid": Uuid(),
    "moment": UtcDateTime(),
    "bytes": LargeBinary(),
}


def kind_of(type_: TypeEngine[Any]) -> str:
    """The kind under which a column is stored. Raises `TypeError` for a type that no backup knows yet."""
    for base, kind in (
        (UtcDateTime, "moment"),
        (Uuid, "uuid"),
        (Boolean, "bool"),
        (Integer, "int"),
        (LargeBinary, "bytes"),
        (String, "text"),
    ):
        if isinstance(type_, base):
            return kind
    raise TypeError(f"backups cannot hold {type_!r} yet; teach desk/archive.py")


def stored(cells: Sequence[Cell]) -> bytes:
    """One row as it stands in a file, with its line end."""
    return json.dumps([_stored(cell) for cell in cells], separators=(",", ":")).encode() + b"\n"


def loaded(part: TablePart, line: bytes) -> dict[str, Cell]:
    """One row as it goes into a database."""
    cells: list[Stored] = json.loads(line)
    return {name: _loaded(kind, cell) for (name, kind), cell in zip(part.columns, cells, strict=True)}


def put_manifest(archive: ZipFile, manifest: Manifest, vault: Vault) -> None:
    """Close a backup: whoever changes a table or the manifest afterwards needs the site's keys to hide it."""
    body = json.dumps(asdict(manifest))
    archive.writestr(MANIFEST, json.dumps({"body": body, "mac": _mac(vault, body.encode())}))


def open_archive(file: Path) -> ZipFile:
    """The ZIP of a backup. Raises `BadBackup` when it is none."""
    with _damage_told():
        return ZipFile(file)


def read_manifest(archive: ZipFile, vault: Vault) -> Manifest:
    """What a backup holds. Raises `BadBackup` when it is damaged, was changed or belongs to other keys."""
    with _damage_told():
        if archive.getinfo(MANIFEST).file_size > MOST_MANIFEST:
            raise BadBackup("the manifest is too big to be one")
        outer = json.loads(archive.read(MANIFEST))
        body, mac = str(outer["body"]).encode(), str(outer["mac"]).encode()
    if not hmac.compare_digest(mac, _mac(vault, body).encode()):
        raise BadBackup("this backup was made under another key file, or it was changed")
    return _manifest(json.loads(body))


def read_lines(archive: ZipFile, part: TablePart) -> Iterator[bytes]:
    """The lines of a table as they stand there. Raises `BadBackup`, at the end at the latest, when a byte differs."""
    sha256 = hashlib.sha256()
    with _damage_told(), BufferedReader(cast(ZipExtFile, archive.open(part.file)), PIECE) as lines:
        while line := lines.readline(MOST_LINE):
            if len(line) == MOST_LINE:
                raise BadBackup(f"table {part.name} has a line too long to be one")
            sha256.update(line)
            yield line
    if sha256.hexdigest() != part.sha256:
        raise BadBackup(f"table {part.name} was changed or damaged")


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except DAMAGE as error:
        raise BadBackup("this is not a backup of a desk, or it is damaged") from error


def _manifest(body: dict[str, Any]) -> Manifest:
    if body["form"] != FORM:
        raise BadBackup(f"this backup has form {body['form']}; this version reads form {FORM}")
    tables = (_part(**part) for part in body["tables"])
    return Manifest(FORM, str(body["made_at"]), str(body["revision"]), tuple(tables))


def _part(name: str, columns: list[tuple[str, str]], rows: int, sha256: str) -> TablePart:
    return TablePart(name, tuple((column_name, kind) for column_name, kind in columns), rows, sha256)


def _stored(cell: Cell) -> Stored:
    if isinstance(cell, bytes):
        return base64.b64encode(cell).decode()
    if isinstance(cell, datetime):
        return cell.isoformat()
    return str(cell) if isinstance(cell, UUID) else cell


def _loaded(kind: str, cell: Stored) -> Cell:
    if not isinstance(cell, str):
        return cell
    if kind == "bytes":
        return base64.b64decode(cell, validate=True)
    if kind == "moment":
        return datetime.fromisoformat(cell)
    return UUID(cell) if kind == "uuid" else cell


def _column(name: str, kind: str) -> ColumnClause[object]:
    return column(name, KINDS[kind])


def _mac(vault: Vault, body: bytes) -> str:
    return hmac.digest(vault.ring.derived("audit", "backup"), body, "sha256").hex()
