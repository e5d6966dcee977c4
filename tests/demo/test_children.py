"""The demonstration's processes live and end together."""

import sys
from pathlib import Path

from demo.children import Child, Family
from tests.waiting import until

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable, "-c",
    "import signal, time; signal.signal(signal.SIGTERM, lambda *_: None); print('ready', flush=True); time.sleep(600)",
]  # fmt: skip


def test_a_child_that_dies_is_started_again_and_said_so(tmp_path: Path) -> None:
    said: list[str] = []
    child = Child("sleeper", SLEEPER, {}, tmp_path / "log")
    family = Family([child], said.append)
    family.start()
    try:
        first = child.process
        assert first is not None
        first.kill()
        until(lambda: child.process is not first and child.running, 10, "a new process")
        assert said == ["sleeper stopped; starting it again"]
    finally:
        family.stop()


def test_stopping_leaves_no_process(tmp_path: Path) -> None:
    children = [Child(f"sleeper {n}", SLEEPER, {}, tmp_path / "log") for n in range(3)]
    family = Family(children, lambda _: None)
    family.start()
    family.stop()
    assert not [child for child in children if child.running]


def test_a_child_that_will_not_end_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    child = Child("stubborn", STUBBORN, {}, log)
    family = Family([child], lambda _: None, patience=0.5)
    family.start()
    until(lambda: b"ready" in log.read_bytes(), 10, "a deaf process")
    family.stop()
    assert not child.running
