"""Large sealed content in the database, in chunks of 1 MiB, so that several machines share it."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from desk.base import Base, SealedText, Uuid, new_id
from desk.data_keys import DataKey
from desk.vault import SealBroken, seal, unseal

CHUNK = 1024 * 1024


class Blob(Base):
    """A raw mail, attachment or recording; its bytes stand in `blob_chunk`."""

    __tablename__ = "blob"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    data_key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"), index=True)
    size: Mapped[int] = mapped_column(Integer)
    sha256_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)
    sha256 = SealedText()
    """Hexadecimal; sealed, because the hash of a known file would tell that it is here."""


class BlobChunk(Base):
    """One sealed piece of a blob."""

    __tablename__ = "blob_chunk"

    blob_id: Mapped[UUID] = mapped_column(ForeignKey("blob.id"), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    blob: Mapped[Blob] = relationship()


def store(session: Session, key: DataKey, content: bytes) -> Blob:
    """Seal `content` under `key` in this transaction."""
    blob = Blob(id=new_id(), data_key=key, size=len(content))
    blob.sha256 = hashlib.sha256(content).hexdigest()
    secret = key.secret
    if secret is None:
        raise ValueError("the data key was destroyed")
    count = _chunks(len(content))
    pieces = (content[n * CHUNK : (n + 1) * CHUNK] for n in range(count))
    session.add(blob)
    session.add_all(
        BlobChunk(blob=blob, n=n, sealed=seal(secret, piece, _place(blob.id, n, count)))
        for n, piece in enumerate(pieces)
    )
    return blob


def chunks_of(session: Session, blob: Blob) -> Iterator[bytes]:
    """Open a blob piece by piece. Raises `SealBroken` when a piece is missing, moved or changed."""
    yield from _opened(
        blob,
        session.execute(
            select(BlobChunk.n, BlobChunk.sealed).where(BlobChunk.blob_id == blob.id).order_by(BlobChunk.n)
        ),
    )


def _opened(blob: Blob, rows: Iterable[tuple[int, bytes]]) -> Iterator[bytes]:
    secret = blob.data_key.secret
    if secret is None:
        return
    count = _chunks(blob.size)
    seen = 0
    for n, sealed in rows:
        yield unseal(secret, sealed, _place(blob.id, n, count))
        seen += 1
    if seen != count:
        raise SealBroken(f"blob:{blob.id} has {seen} of {count} chunks")


def bytes_between(session: Session, blob: Blob, start: int, stop: int) -> Iterator[bytes]:
    """The bytes from `start` up to but not including `stop`, opening only the chunks that hold them.

    Raises `SealBroken` when a piece is missing, moved or changed.
    """
    secret = blob.data_key.secret
    if secret is None:
        return
    count, first, last = _chunks(blob.size), start // CHUNK, max(start, stop - 1) // CHUNK
    rows = session.execute(
        select(BlobChunk.n, BlobChunk.sealed)
        .where(BlobChunk.blob_id == blob.id, BlobChunk.n.between(first, last))
        .order_by(BlobChunk.n)
    )
    expected = first
    for n, sealed in rows:
        if n != expected:
            break
        begin = n * CHUNK
        yield unseal(secret, sealed, _place(blob.id, n, count))[max(0, start - begin) : stop - begin]
        expected += 1
    if expected <= last:
        raise SealBroken(f"blob:{blob.id} lacks chunk {expected}")


def contents_of(session: Session, blobs: Sequence[Blob]) -> dict[UUID, bytes]:
    """The whole contents of several blobs, in one question. Raises `SealBroken` like `chunks_of`."""
    rows = session.execute(
        select(BlobChunk.blob_id, BlobChunk.n, BlobChunk.sealed)
        .where(BlobChunk.blob_id.in_([blob.id for blob in blobs]))
        .order_by(BlobChunk.blob_id, BlobChunk.n)
    )
    pieces: dict[UUID, list[tuple[int, bytes]]] = {}
    for blob_id, n, sealed in rows:
        pieces.setdefault(blob_id, []).append((n, sealed))
    return {blob.id: b"".join(_opened(blob, pieces.get(blob.id, []))) for blob in blobs}


def content_of(session: Session, blob: Blob) -> bytes:
    """The whole content; empty when its key was destroyed."""
    return b"".join(chunks_of(session, blob))


def _chunks(size: int) -> int:
    return max(1, -(-size // CHUNK))


def _place(blob_id: UUID, n: int, count: int) -> str:
    return f"blob:{blob_id}:{n}/{count}"
