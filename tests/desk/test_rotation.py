"""Two rotations at once: no data key may ever lose the key that opens it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from desk.data_keys import DataKey, new_data_key
from desk.desk import Desk
from desk.keyring import KeyBusy, KeyFault, KeyRing, alone_with, read_key_file, replace_key_file, write_key_file
from desk.rotation import alone_in
from desk.vault import Vault
from tests.desk.conftest import Command, environment_of

ROOT = Path(__file__).parents[2]
AT_A_WORD = "import sys, app; sys.stdin.readline(); app.main()"
HOLDING = (
    "import sys, desk.keyring as k, pathlib\nwith k.alone_with(pathlib.Path(sys.argv[1])): print(flush=True); input()"
)


def _python(code: str, *words: str, desk: Desk) -> subprocess.Popen[str]:
    given = {name: value for name, value in environment_of(desk.settings).items() if value is not None}
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=ROOT, env=os.environ | given, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def _all_open(desk: Desk) -> bool:
    vault = Vault(read_key_file(desk.settings.key_file))
    with desk.database.reading() as session:
        session.info["vault"] = vault
        return all(key.secret for key in session.scalars(select(DataKey)))


def test_two_rotations_at_once_lose_no_data_key(desk: Desk) -> None:
    with desk.database.writing() as session:
        for _ in range(600):
            new_data_key(session, "mail")
    both = [_python(AT_A_WORD, "keys", "rotate", "--stopped", desk=desk) for _ in range(2)]
    for one in both:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    said = [one.communicate(timeout=60)[0] for one in both]
    assert 0 in {one.returncode for one in both}, said
    assert all(one.returncode == 0 or "another rotation" in words for one, words in zip(both, said, strict=True)), said
    assert _all_open(desk)


def test_a_rotation_beside_another_is_refused_before_anything_changes(
    sqlite_desk: Desk, sqlite_command: Command
) -> None:
    path = sqlite_desk.settings.key_file
    before = path.read_bytes()
    other = _python(HOLDING, str(path), desk=sqlite_desk)
    assert other.stdout is not None
    other.stdout.readline()
    said = sqlite_command("keys", "rotate", "--stopped")
    other.communicate("\n", timeout=60)
    assert said.exit_code == 1
    assert "another rotation is going on" in said.output
    assert path.read_bytes() == before
    assert sqlite_command("keys", "rotate", "--stopped").exit_code == 0


def test_a_link_to_the_key_file_stands_under_the_same_lock(tmp_path: Path) -> None:
    write_key_file(tmp_path / "keys", KeyRing.new())
    (tmp_path / "link").symlink_to(tmp_path / "keys")
    with alone_with(tmp_path / "keys"), pytest.raises(KeyBusy), alone_with(tmp_path / "link"):
        pass


def test_rotations_of_two_machines_with_key_files_of_their_own_exclude_each_other(desk: Desk, command: Command) -> None:
    if desk.database.on_sqlite:
        pytest.skip("SQLite stays on one machine")
    before = desk.settings.key_file.read_bytes()
    with alone_in(desk.database):
        said = command("keys", "rotate", "--stopped")
    assert (said.exit_code, "another rotation is going on" in said.output) == (1, True)
    assert desk.settings.key_file.read_bytes() == before


def test_no_ring_takes_the_place_of_one_that_holds_more(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    first = KeyRing.new()
    write_key_file(path, first.rotated())
    for other in (first, first.rotated(), KeyRing.new()):
        with pytest.raises(KeyFault, match="would be lost"):
            replace_key_file(path, other)
    replace_key_file(path, read_key_file(path).rotated())
    assert len(read_key_file(path).wrapping) == 3
