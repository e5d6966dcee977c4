"""The demonstration's processes: started together, restarted when one dies, stopped together."""

import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE = 10  # seconds that a process gets to end by itself


@dataclass
class Child:
    """One process to keep running; what it says goes to `log`."""

    name: str
    words: list[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it in a process group of its own, so that Ctrl-C reaches it only through `stop`."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.words, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def running(self) -> bool:
        """Whether it is alive."""
        return self.process is not None and self.process.poll() is None


class Family:
    """Children of the demonstration that live and end together: `with Family(...)` starts and stops them."""

    def __init__(self, children: list[Child], say: Callable[[str], None], *, patience: float = PATIENCE) -> None:
        self._children = children
        self._say = say
        self._patience = patience
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start every child and a thread that looks after them."""
        for child in self._children:
            child.start()
        threading.Thread(target=self._look_after, name="children", daemon=True).start()

    def stop(self) -> None:
        """Ask every child to end; whoever takes too long is killed."""
        self._ended.set()
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in running:
            try:
                process.wait(self._patience)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _look_after(self) -> None:
        while not self._ended.wait(1):
            for child in self._children:
                if not child.running and not self._ended.is_set():
                    self._say(f"{child.name} stopped; starting it again")
                    child.start()
