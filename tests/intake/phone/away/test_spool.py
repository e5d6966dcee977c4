"""What waits on this machine for the database: safe before it is answered, sealed, in order, never too much."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.keyring import KeyRing
from desk.vault import Vault
from intake.phone.away.spool import ASIDE, Spool, SpoolFull, Unreadable
from intake.phone.away.spooled import Spooled
from intake.phone.script import Line

CAME = datetime(2020, 4, 14, 8, 0, tzinfo=UTC)
VAULT = Vault(KeyRing.new())
LAST = Line("T11", "Door een storing kunnen wij u nu niet helpen.")
LATER = timedelta(minutes=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "phone-spool"


@pytest.fixture
def spool(folder: Path) -> Spool:
    return Spool(folder, VAULT)


def a_webhook(n: int = 0, *, at: datetime = CAME) -> Spooled:
    form = (("CallSid", f"CA{n:032x}"), ("From", "+31600000142"), ("From", "tweede"), ("Naam", "Jos\u00e9 \ud800 \x00"))
    return Spooled("/phone/turn/3", form, at, at + timedelta(days=2000), LAST)


def sids(spool: Spool) -> list[str]:
    return [dict(spool.read(name).form)["CallSid"][-4:] for name in spool.waiting()]


def test_a_webhook_comes_back_as_it_was(spool: Spool, folder: Path) -> None:
    spool.put(a_webhook())
    (name,) = Spool(folder, VAULT).waiting()
    assert Spool(folder, VAULT).read(name) == a_webhook()


def test_nothing_in_it_can_be_read_without_the_keys_and_no_name_tells_anything(spool: Spool, folder: Path) -> None:
    spool.put(a_webhook())
    (path,) = folder.iterdir()
    assert not [word for word in (b"316", b"CallSid", b"phone/turn", b"Jos", b"storing") if word in path.read_bytes()]
    assert path.name.removesuffix(".event").isdigit()
    assert (path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    with pytest.raises(Unreadable):
        Spool(folder, Vault(KeyRing.new())).read(path.name)


def test_what_came_first_is_first_also_when_the_clock_stands_still_or_is_set_back(spool: Spool) -> None:
    for n, minutes in enumerate((5, 5, 5, -60, 0)):
        spool.put(a_webhook(n, at=CAME + timedelta(minutes=minutes)))
    assert sids(spool) == [f"{n:04x}" for n in range(5)]


def test_two_processes_with_the_same_clock_take_no_name_twice(spool: Spool, folder: Path) -> None:
    other = Spool(folder, VAULT)
    for n in range(3):
        spool.put(a_webhook(n))
        other.put(a_webhook(n + 10))
    assert len(spool.waiting()) == 6


def test_fifty_callers_at_once_all_wait_in_it(spool: Spool) -> None:
    with ThreadPoolExecutor(50) as threads:
        list(threads.map(lambda n: spool.put(a_webhook(n)), range(50)))
    assert sorted(sids(spool)) == [f"{n:04x}" for n in range(50)]


def test_a_webhook_that_was_taken_out_is_gone(spool: Spool) -> None:
    spool.put(a_webhook(1))
    spool.put(a_webhook(2))
    spool.remove(spool.waiting()[0])
    spool.remove("0000000000000000.event")
    assert sids(spool) == ["0002"]


def test_there_is_a_limit_and_room_again_after_some_were_taken_out(folder: Path) -> None:
    spool, other = Spool(folder, VAULT, most=3), Spool(folder, VAULT)
    for n in range(3):
        spool.put(a_webhook(n))
    with pytest.raises(SpoolFull):
        spool.put(a_webhook(3))
    other.remove(other.waiting()[0])
    spool.put(a_webhook(4))
    assert sids(spool) == ["0001", "0002", "0004"]


def test_there_is_a_limit_to_its_size(folder: Path) -> None:
    spool = Spool(folder, VAULT, most_bytes=2000)
    for n in range(4):
        spool.put(a_webhook(n))
    with pytest.raises(SpoolFull):
        spool.put(replace(a_webhook(), path="/" * 2000))


def no_folder(folder: Path) -> None:
    folder.parent.write_text("a file where the folder should be")


def read_only(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.rmdir()
    folder.symlink_to("/proc/nowhere")


@pytest.mark.parametrize("broken", [no_folder, read_only])
def test_what_cannot_be_kept_is_an_error(spool: Spool, folder: Path, broken: Callable[[Path], None]) -> None:
    broken(folder)
    with pytest.raises(OSError, match=r"phone-spool|data"):
        spool.put(a_webhook())


@pytest.mark.parametrize("keep", [0, 1, 40, -1])
def test_a_file_that_is_cut_short_or_swapped_is_known_for_it(spool: Spool, folder: Path, keep: int) -> None:
    spool.put(a_webhook(1))
    spool.put(a_webhook(2))
    first, second = spool.waiting()
    content = (folder / second).read_bytes()
    (folder / first).write_bytes(content if keep == -1 else content[:keep])
    with pytest.raises(Unreadable):
        spool.read(first)
    spool.set_aside(first)
    assert (sids(spool), spool.aside()) == (["0002"], [first])


def test_what_was_written_whole_before_a_power_cut_gets_its_name_and_what_was_torn_is_set_aside(
    spool: Spool, folder: Path
) -> None:
    for n in range(3):
        spool.put(a_webhook(n))
    whole, torn, both = spool.waiting()
    shutil.copy(folder / both, folder / f"{both}.z.part")
    (folder / whole).rename(folder / f"{whole}.x.part")
    (folder / f"{torn}.y.part").write_bytes((folder / torn).read_bytes()[:100])
    (folder / torn).unlink()
    now = datetime.fromtimestamp((folder / f"{torn}.y.part").stat().st_mtime, UTC)
    assert (spool.name_parts(now), len(spool.waiting())) == ([], 1)  # somebody may be writing them
    assert spool.name_parts(now + LATER) == [f"{torn}.y.part"]
    assert sids(spool) == ["0000", "0002"]
    assert spool.aside() == [f"{torn}.y.part"]
    assert sorted(path.name for path in folder.iterdir()) == [whole, both, ASIDE]


def test_one_process_at_a_time_takes_out(spool: Spool, folder: Path) -> None:
    with spool.alone() as first, Spool(folder, VAULT).alone() as second:
        assert (first, second) == (True, False)
    with Spool(folder, VAULT).alone() as again:
        assert again


def test_a_spool_that_was_never_used_is_empty_and_makes_no_folder(spool: Spool, folder: Path) -> None:
    assert (spool.waiting(), spool.aside(), spool.name_parts(CAME)) == ([], [], [])
    assert not folder.exists()
