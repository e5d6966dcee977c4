"""Sealing: nothing opens in another place, under another key, or changed; and hashes find what rotation left behind."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from desk.base import new_id
from desk.data_keys import DataKey, new_data_key
from desk.desk import Desk
from desk.keyring import KeyFault, KeyRing, read_key_file, write_key_file
from desk.vault import SealBroken, Vault, seal, unseal
from intake.contacts import address_hash
from tests.builders import a_ticket
from triage.models import Ticket
from triage.values import Channel

SECRET = b"\x07" * 32


@given(st.binary(max_size=200), st.text(max_size=30))
def test_what_is_sealed_opens_in_its_own_place(plain: bytes, place: str) -> None:
    assert unseal(SECRET, seal(SECRET, plain, place), place) == plain


def test_the_same_words_are_never_sealed_alike() -> None:
    assert seal(SECRET, b"Sem", "ticket.text:1") != seal(SECRET, b"Sem", "ticket.text:1")


@pytest.mark.parametrize(
    ("secret", "place"),
    [(SECRET, "ticket.text:2"), (SECRET, "ticket.subject:1"), (b"\x08" * 32, "ticket.text:1")],
    ids=["another row", "another column", "another key"],
)
def test_it_opens_nowhere_else(secret: bytes, place: str) -> None:
    with pytest.raises(SealBroken):
        unseal(secret, seal(SECRET, b"Sem Fictief", "ticket.text:1"), place)


@given(st.integers(min_value=0))
def test_no_bit_of_a_sealed_value_can_be_changed(position: int) -> None:
    sealed = bytearray(seal(SECRET, b"Sem Fictief", "place"))
    sealed[position % len(sealed)] ^= 1 << (position % 8)
    with pytest.raises(SealBroken):
        unseal(SECRET, bytes(sealed), "place")


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x01" * 12, b"\x02" * 40])
def test_what_was_never_sealed_is_refused(broken: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(SECRET, broken, "place")


def test_a_cell_that_was_moved_to_another_row_does_not_open(desk: Desk) -> None:
    one, other = a_ticket(desk), a_ticket(desk)
    with desk.database.writing() as session:
        statement = "UPDATE ticket SET {0}=(SELECT {0} FROM ticket WHERE number=:one) WHERE number=:other"
        for column in ("subject_sealed", "data_key_id"):
            session.execute(text(statement.format(column)), {"one": one, "other": other})
    with desk.database.reading() as session:
        moved = session.query(Ticket).filter_by(number=other).one()
        with pytest.raises(SealBroken):
            assert moved.subject


def test_a_cell_that_was_moved_to_another_column_does_not_open(desk: Desk) -> None:
    number = a_ticket(desk)
    with desk.database.writing() as session:
        session.execute(text("UPDATE ticket SET reporter_name_sealed = subject_sealed"))
    with desk.database.reading() as session:
        moved = session.query(Ticket).filter_by(number=number).one()
        assert moved.subject
        with pytest.raises(SealBroken):
            assert moved.reporter_name


def test_text_of_broken_mail_comes_back_as_it_was(desk: Desk) -> None:
    broken = "half een teken \udcff en \x00"
    number = a_ticket(desk, text=broken)
    with desk.database.reading() as session:
        assert session.query(Ticket).filter_by(number=number).one().text == broken


def test_a_destroyed_key_leaves_a_shell(desk: Desk) -> None:
    number = a_ticket(desk)
    with desk.database.writing() as session:
        session.query(Ticket).filter_by(number=number).one().data_key.destroy(desk.clock.real())
    with desk.database.writing() as session:
        ticket = session.query(Ticket).filter_by(number=number).one()
        assert (ticket.subject, ticket.text, ticket.reporter_name) == (None, None, None)
        with pytest.raises(ValueError, match="destroyed"):
            ticket.subject = "opnieuw"


def test_a_row_gets_its_key_before_its_words() -> None:
    with pytest.raises(ValueError, match="id and data_key"):
        Ticket().subject = "te vroeg"


def test_a_wrapped_key_opens_only_as_itself(desk: Desk) -> None:
    with desk.database.writing() as session:
        one, other = new_data_key(session, "ticket"), new_data_key(session, "ticket")
        session.flush()
        one_id, other_id, wrapped = one.id, other.id, one.wrapped
    with desk.database.writing() as session:
        session.get_one(DataKey, other_id).wrapped = wrapped
    with desk.database.reading() as session:
        assert len(session.get_one(DataKey, one_id).secret or b"") == 32
        with pytest.raises(SealBroken):
            assert session.get_one(DataKey, other_id).secret


def test_a_key_that_is_not_on_the_ring_is_named(desk: Desk) -> None:
    wrapped_by, wrapped = Vault(KeyRing.new()).wrap(SECRET, "place")
    with pytest.raises(KeyFault, match=wrapped_by):
        desk.vault.unwrap(wrapped_by, wrapped, "place")


def test_a_rotated_ring_still_finds_and_opens_what_is_there() -> None:
    old = KeyRing.new()
    new = old.rotated()
    before, after = Vault(old), Vault(new)
    key_id, wrapped = before.wrap(SECRET, "place")
    assert after.unwrap(key_id, wrapped, "place") == SECRET
    assert before.lookup("mail", "a@example.nl") in after.lookups("mail", "a@example.nl")
    assert after.lookup("mail", "a@example.nl") not in before.lookups("mail", "a@example.nl")
    assert before.content_key([b"a", b"b"]) == after.content_key([b"a", b"b"])


def test_hashes_tell_kinds_and_boundaries_apart(sqlite_desk: Desk) -> None:
    vault = sqlite_desk.vault
    assert vault.lookup("mail", "x") != vault.lookup("phone", "x")
    assert vault.content_key([b"ab", b"c"]) != vault.content_key([b"a", b"bc"])
    assert [len(item) for item in vault.terms(["sem", "laptop"])] == [8, 8]


def test_an_address_is_found_whatever_its_capitals(sqlite_desk: Desk) -> None:
    with sqlite_desk.database.reading() as session:
        hashes = {address_hash(session, Channel.MAIL, item) for item in ("Hanna@Vos.example", "hanna@vos.example")}
        assert len(hashes) == 1
        assert address_hash(session, Channel.MAIL, None) is None


def test_the_key_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    ring = KeyRing.new().rotated()
    write_key_file(tmp_path / "keys", ring)
    assert read_key_file(tmp_path / "keys") == ring
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        write_key_file(tmp_path / "keys", KeyRing.new())


@pytest.mark.parametrize("content", ["", "{}", '{"wrapping": 1}', '{"wrapping": [{"id": "a", "secret": "YQ=="}]}'])
def test_a_damaged_key_file_is_a_fault_not_a_new_one(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys"
    path.write_text(content)
    with pytest.raises(KeyFault, match="cannot be read"):
        read_key_file(path)
    assert path.read_text() == content


def test_a_missing_key_file_tells_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="meldpunt keys new"):
        read_key_file(tmp_path / "none")


def test_secrets_do_not_show_when_a_ring_is_printed() -> None:
    ring = KeyRing.new()
    assert "secret" not in repr(ring)
    assert "permanent" not in repr(ring)
    assert new_id() != new_id()
