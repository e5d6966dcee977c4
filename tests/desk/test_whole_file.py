"""Files that must never be half there: written beside their place, then put there whole."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

import pytest

from desk.whole_file import lasting_folder, new_file, put_file, replaced_file

Opened = Callable[[Path], AbstractContextManager[BinaryIO]]


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_stands_there_when_it_is_whole_and_not_before(tmp_path: Path) -> None:
    with new_file(tmp_path / "all") as out:
        out.write(b"half")
        out.flush()
        assert not (tmp_path / "all").exists()
        out.write(b" and half")
    assert (tmp_path / "all").read_bytes() == b"half and half"
    assert _names(tmp_path) == ["all"]


def test_nothing_stays_of_a_file_that_was_broken_off(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        _break_off(new_file, tmp_path / "all")
    assert _names(tmp_path) == []


def _break_off(opened: Opened, path: Path) -> None:
    with opened(path) as out:
        out.write(b"half")
        raise ZeroDivisionError


def test_a_file_that_is_there_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "all").write_bytes(b"first")
    with pytest.raises(FileExistsError), new_file(tmp_path / "all"):
        pass
    assert (tmp_path / "all").read_bytes() == b"first"


def test_of_two_writers_of_one_name_the_first_to_end_wins_and_stays_whole(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError), new_file(tmp_path / "all") as slow:
        _write_twice(slow, tmp_path / "all")
    assert (tmp_path / "all").read_bytes() == b"quick"
    assert _names(tmp_path) == ["all"]


def _write_twice(slow: BinaryIO, path: Path) -> None:
    slow.write(b"slow")
    with new_file(path) as quick:
        quick.write(b"quick")


def test_only_its_owner_reads_a_new_file_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o277)
    try:
        with new_file(tmp_path / "all"):
            pass
    finally:
        os.umask(before)
    assert (tmp_path / "all").stat().st_mode & 0o777 == 0o600


def test_a_replaced_file_keeps_its_mode_and_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "all"
    path.write_bytes(b"old")
    path.chmod(0o640)
    before = path.stat()
    with replaced_file(path) as out:
        out.write(b"new")
    after = path.stat()
    assert path.read_bytes() == b"new"
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_another_account_stays_that_accounts(tmp_path: Path) -> None:
    path = tmp_path / "all"
    path.write_bytes(b"old")
    os.chown(path, 12345, 23456)
    with replaced_file(path) as out:
        out.write(b"new")
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_folder_that_hands_on_its_group_does_not_change_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "all"
    path.write_bytes(b"old")
    before = path.stat().st_gid
    os.chown(tmp_path, -1, 23456)
    tmp_path.chmod(0o2700)
    with replaced_file(path) as out:
        out.write(b"new")
    assert path.stat().st_gid == before


def test_a_link_goes_on_pointing_to_the_replaced_file(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    real, link = tmp_path / "there" / "all", tmp_path / "link"
    real.write_bytes(b"old")
    link.symlink_to(real)
    with replaced_file(link) as out:
        out.write(b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_the_old_file_stays_when_replacing_it_was_broken_off(tmp_path: Path) -> None:
    (tmp_path / "all").write_bytes(b"old")
    with pytest.raises(ZeroDivisionError):
        _break_off(replaced_file, tmp_path / "all")
    assert (tmp_path / "all").read_bytes() == b"old"
    assert _names(tmp_path) == ["all"]


def test_a_file_that_is_put_takes_the_place_of_another_only_when_it_is_whole(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        with put_file(tmp_path / "all") as out:
            out.write(content)
    with pytest.raises(ZeroDivisionError):
        _break_off(put_file, tmp_path / "all")
    assert (tmp_path / "all").read_bytes() == b"second"
    assert (_names(tmp_path), (tmp_path / "all").stat().st_mode & 0o777) == (["all"], 0o600)


def test_a_folder_is_made_with_those_above_it_for_its_owner_only(tmp_path: Path) -> None:
    for _ in range(2):
        lasting_folder(tmp_path / "one" / "two")
    assert (tmp_path / "one" / "two").stat().st_mode & 0o777 == 0o700
