"""The key file: what is damaged or doubtful is refused, and replacing it leaves the old one or the new one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk.keyring import KeyFault, KeyRing, read_key_file, replace_key_file, write_key_file

Stored = dict[str, Any]
DOUBTFUL: dict[str, Callable[[Stored], object]] = {
    "no wrapping key": lambda stored: stored["wrapping"].clear(),
    "no index key": lambda stored: stored["index"].clear(),
    "one id twice": lambda stored: stored["wrapping"][1].update(id=stored["wrapping"][0]["id"]),
    "one index id twice": lambda stored: stored["index"][1].update(id=stored["index"][0]["id"]),
    "an id that is a number": lambda stored: stored["wrapping"][0].update(id=7),
    "an id that is nothing": lambda stored: stored["index"][0].update(id=None),
    "an empty id": lambda stored: stored["wrapping"][0].update(id=""),
    "an id that no column holds": lambda stored: stored["wrapping"][0].update(id="x" * 17),
}


@pytest.mark.parametrize("what", DOUBTFUL)
def test_a_doubtful_key_file_is_refused(tmp_path: Path, what: str) -> None:
    path = tmp_path / "keys"
    write_key_file(path, KeyRing.new().rotated())
    stored = json.loads(path.read_text())
    DOUBTFUL[what](stored)
    path.write_text(json.dumps(stored))
    with pytest.raises(KeyFault, match="cannot be read"):
        read_key_file(path)


def test_a_replaced_key_file_keeps_the_account_that_reads_it_and_its_link(tmp_path: Path) -> None:
    path, link = tmp_path / "keys", tmp_path / "link"
    ring = KeyRing.new()
    write_key_file(path, ring)
    path.chmod(0o640)
    link.symlink_to(path)
    replace_key_file(link, ring.rotated())
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert len(read_key_file(path).wrapping) == 2


def test_a_key_file_never_goes_through_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "keys").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_key_file(tmp_path / "keys", KeyRing.new())
    assert not (tmp_path / "elsewhere").exists()
