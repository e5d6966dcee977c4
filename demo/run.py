"""`meldpunt demo`: sets a demonstration up, starts everything, and stops everything."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType

from werkzeug.serving import make_server

from demo import mailbox, seeding
from demo.children import Child, Family
from demo.clockface import first_moment
from demo.folder import Folder, check_free
from demo.people import PASSWORD, STAFF
from demo.telephone import Telephone, telephone
from demo.web import create_demo
from desk import __file__ as desk_room
from hours import Calendar

PATH = Path(".demo")
COMMAND = str(Path(sys.executable).with_name("meldpunt"))
NEWEST = Path(desk_room).parent / "migrations" / "CURRENT"
DESK, REST = ("serve",), ("mail-server", "mail", "work")  # a page that answers first: four at once would delay it

Say = Callable[[str], None]


def run_demo(port: int, say: Say, *, fresh: bool = False, path: Path = PATH) -> None:
    """Run until Ctrl-C or SIGTERM. The desk listens on `port`, the demonstration's page on the next one.

    Raises `PortTaken` when either port is in use, `CalledProcessError` when the set-up failed and `TimeoutError` when
    the desk does not answer.
    """
    folder = Folder(path.resolve(), port)
    check_free(folder.port, folder.demo_port)
    if fresh:
        shutil.rmtree(folder.path, ignore_errors=True)
    current = _up_to_date(folder)
    if not current:
        _set_up(folder, say)
    stop = _on_signal()
    with closing(telephone(folder)) as line, Family(_children(folder, DESK), say), _pages(folder, line):
        seeding.wait_for_desk(folder, stop)
        _invite(folder, say)
        if current:  # only to look after texts that a newer version brings
            _meldpunt(folder, "migrate", "--demo")
        folder.fallback.write_bytes(_meldpunt(folder, "phone", "fallback"))
        with Family(_children(folder, REST), say):
            _put_samples_in(folder, line, say, stop)
            stop.wait()
            say("Stopping …")


def _up_to_date(folder: Folder) -> bool:
    """Whether the database stands at the newest migration: then the desk need not wait for `migrate`."""
    try:
        with closing(sqlite3.connect(f"{folder.database.as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:  # there is no database yet, or not a whole one
        return False
    return bool(found) and found[0] == NEWEST.read_text("ascii").partition("_")[0]


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


def _meldpunt(folder: Folder, *words: str, typed: str = "") -> bytes:
    """Run a command of the desk, and give what it said."""
    done = subprocess.run(
        [COMMAND, *words], env=folder.environment(), input=typed.encode(), check=True, stdout=subprocess.PIPE
    )
    return done.stdout


def _children(folder: Folder, names: tuple[str, ...]) -> list[Child]:
    environment = folder.environment()
    words = {
        "mail-server": mailbox.server_words(folder),
        "serve": [COMMAND, "serve", "--bind", f"127.0.0.1:{folder.port}"],
        "mail": [COMMAND, "mail"],
        "work": [COMMAND, "work"],
    }
    return [Child(name, words[name], environment, folder.path / f"{name}.log") for name in names]


@contextmanager
def _pages(folder: Folder, line: Telephone) -> Iterator[None]:
    """The demonstration's own pages, and the carrier's REST face, until the block ends."""
    server = make_server("127.0.0.1", folder.demo_port, create_demo(folder, *line.blueprints), threaded=True)
    threading.Thread(target=server.serve_forever, name="demo", daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()


def _invite(folder: Folder, say: Say) -> None:
    say(f"The desk:          {folder.desk_url}")
    say(f"Phone it, mail it: {folder.demo_url}   <- begin here")
    say("Stop with Ctrl-C.")
    webbrowser.open(folder.demo_url)


def _put_samples_in(folder: Folder, line: Telephone, say: Say, stop: threading.Event) -> None:
    told = (folder, line.leave_message, say, stop)
    threading.Thread(target=seeding.put_in, args=told, name="samples", daemon=True).start()


def _on_signal() -> threading.Event:
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return stop
