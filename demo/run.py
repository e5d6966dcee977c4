"""`meldpunt demo`: sets a demonstration up, starts everything, and stops everything."""

import shutil
import signal
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from werkzeug.serving import make_server

from demo import mailbox, seeding
from demo.children import Child, Family
from demo.clockface import first_moment
from demo.folder import Folder, check_free
from demo.people import PASSWORD, STAFF
from demo.telephone import telephone
from demo.web import create_demo
from hours import Calendar

PATH = Path(".demo")
COMMAND = str(Path(sys.executable).with_name("meldpunt"))

Say = Callable[[str], None]


def run_demo(port: int, say: Say, *, fresh: bool = False, path: Path = PATH) -> None:
    """Run until Ctrl-C or SIGTERM. The desk listens on `port`, the demonstration's page on the next one.

    Raises `PortTaken` when either port is in use and `CalledProcessError` when the set-up failed.
    """
    folder = Folder(path.resolve(), port)
    check_free(folder.port, folder.demo_port)
    if fresh:
        shutil.rmtree(folder.path, ignore_errors=True)
    _set_up(folder, say)
    family = Family(_children(folder), say)
    stop = _on_signal()
    family.start()
    try:
        _show(folder, say, stop)
    finally:
        say("Stopping …")
        family.stop()


def _set_up(folder: Folder, say: Say) -> None:
    """Keys, a marked database, sample staff; what is there already is left as it is."""
    folder.path.mkdir(parents=True, exist_ok=True)
    folder.settings.write_text("")
    first = not (folder.path / "demo.keys").exists()
    if first:
        say("Setting up the demonstration …")
        _meldpunt(folder, "keys", "new")
    _meldpunt(folder, "migrate", "--demo")
    if first:
        for colleague in STAFF:
            words = ("staff", "add", colleague.email, "--name", colleague.name, "--role", colleague.role)
            _meldpunt(folder, *words, "--password-stdin", typed=PASSWORD)
        folder.clock.set(first_moment(folder.clock.real(), Calendar()))


def _meldpunt(folder: Folder, *words: str, typed: str = "") -> None:
    subprocess.run(
        [COMMAND, *words], env=folder.environment(), input=typed.encode(), check=True, stdout=subprocess.DEVNULL
    )


def _children(folder: Folder) -> list[Child]:
    environment = folder.environment()
    words = {
        "mail-server": mailbox.server_words(folder),
        "serve": [COMMAND, "serve", "--bind", f"127.0.0.1:{folder.port}"],
        "mail": [COMMAND, "mail"],
        "work": [COMMAND, "work"],
    }
    return [Child(name, line, environment, folder.path / f"{name}.log") for name, line in words.items()]


def _show(folder: Folder, say: Say, stop: threading.Event) -> None:
    line = telephone(folder)
    server = make_server("127.0.0.1", folder.demo_port, create_demo(folder, *line.blueprints), threaded=True)
    threading.Thread(target=server.serve_forever, name="demo", daemon=True).start()
    threading.Thread(
        target=seeding.put_in, args=(folder, line.leave_message, say, stop), name="samples", daemon=True
    ).start()
    seeding.wait_for_desk(folder, stop)
    say(f"The desk:          {folder.desk_url}")
    say(f"Phone it, mail it: {folder.demo_url}   <- begin here")
    say("Stop with Ctrl-C.")
    webbrowser.open(folder.demo_url)
    stop.wait()
    server.shutdown()
    line.close()


def _on_signal() -> threading.Event:
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return stop
