"""A process that brings in what waited and kills itself at a given step; run by test_killed."""

import json
import os
import signal
import sys
from pathlib import Path

from app import open_site
from desk.settings import load_settings
from desk.vault import Vault
from intake.phone.away.replay import Replay
from intake.phone.away.spool import FOLDER, Spool
from intake.phone.away.spooled import Spooled

BEFORE, COMMITTED, REMOVED = "before the transaction", "after its commit", "after the removal"


class KillingSpool(Spool):
    """Ends this process with SIGKILL the nth time that a step is reached."""

    def __init__(self, folder: Path, vault: Vault, *, step: str, nth: int) -> None:
        super().__init__(folder, vault)
        self._fatal, self._left_over = step, nth

    def read(self, name: str) -> Spooled:
        spooled = super().read(name)
        self._reached(BEFORE)
        return spooled

    def remove(self, name: str) -> None:
        self._reached(COMMITTED)
        super().remove(name)
        self._reached(REMOVED)

    def _reached(self, step: str) -> None:
        if step == self._fatal:
            self._left_over -= 1
            if self._left_over == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    given, step, nth = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    desk = open_site(load_settings(**given))
    folder = desk.settings.data_dir / FOLDER
    Replay(desk, KillingSpool(folder, desk.vault, step=step, nth=nth))()
    desk.database.close()


if __name__ == "__main__":
    main()
