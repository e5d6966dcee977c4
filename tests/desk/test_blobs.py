"""Large content in sealed pieces: whole or not at all."""

from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update

from desk.blobs import CHUNK, Blob, BlobChunk, chunks_of, content_of, store
from desk.data_keys import new_data_key
from desk.desk import Desk
from desk.vault import SealBroken


def _stored(desk: Desk, content: bytes) -> UUID:
    with desk.database.writing() as session:
        return store(session, new_data_key(session, "mail"), content).id


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 7])
def test_content_of_every_length_comes_back(desk: Desk, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    blob_id = _stored(desk, content[:size])
    with desk.database.reading() as session:
        blob = session.get_one(Blob, blob_id)
        assert content_of(session, blob) == content[:size]
        assert blob.size == size


def test_a_missing_piece_is_noticed(desk: Desk) -> None:
    blob_id = _stored(desk, b"x" * (2 * CHUNK + 1))
    with desk.database.writing() as session:
        session.execute(delete(BlobChunk).where(BlobChunk.n == 2))
    with desk.database.reading() as session, pytest.raises(SealBroken, match="2 of 3"):
        content_of(session, session.get_one(Blob, blob_id))


def test_pieces_cannot_change_places(desk: Desk) -> None:
    blob_id = _stored(desk, b"a" * CHUNK + b"b" * CHUNK)
    with desk.database.writing() as session:
        for n, other in ((0, 7), (1, 0), (7, 1)):
            session.execute(update(BlobChunk).where(BlobChunk.n == n).values(n=other))
    with desk.database.reading() as session, pytest.raises(SealBroken):
        content_of(session, session.get_one(Blob, blob_id))


def test_a_shortened_blob_does_not_pass_for_a_whole_one(desk: Desk) -> None:
    blob_id = _stored(desk, b"a" * CHUNK + b"b" * CHUNK)
    with desk.database.writing() as session:
        session.execute(delete(BlobChunk).where(BlobChunk.n == 1))
        session.execute(update(Blob).values(size=CHUNK))
    with desk.database.reading() as session, pytest.raises(SealBroken):
        content_of(session, session.get_one(Blob, blob_id))


def test_a_piece_of_another_blob_does_not_open(desk: Desk) -> None:
    one, other = _stored(desk, b"een"), _stored(desk, b"twee")
    with desk.database.writing() as session:
        sealed = session.scalar(select(BlobChunk.sealed).where(BlobChunk.blob_id == one))
        session.execute(update(BlobChunk).where(BlobChunk.blob_id == other).values(sealed=sealed))
    with desk.database.reading() as session, pytest.raises(SealBroken):
        content_of(session, session.get_one(Blob, other))


def test_a_destroyed_key_takes_the_content_with_it(desk: Desk) -> None:
    blob_id = _stored(desk, b"een stem")
    with desk.database.writing() as session:
        session.get_one(Blob, blob_id).data_key.destroy(desk.clock.real())
    with desk.database.writing() as session:
        blob = session.get_one(Blob, blob_id)
        assert list(chunks_of(session, blob)) == []
        assert blob.sha256 is None
        assert session.scalar(text("SELECT wrapped FROM data_key")) is None
        with pytest.raises(ValueError, match="destroyed"):
            store(session, blob.data_key, b"nog een stem")
