"""A wire to a database server that can be cut and mended at any time, as often as one likes."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.engine import make_url


@dataclass
class Wire:
    """While it is cut, connections end at once, and so do new ones."""

    url: str
    """Of the same database, by this wire."""
    _whole: bool = True
    _ends: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def cut(self) -> None:
        with self._lock:
            self._whole = False
            for end in self._ends:
                _shut(end)
            self._ends.clear()

    def mend(self) -> None:
        with self._lock:
            self._whole = True

    def carry(self, listener: socket.socket, far: "_Far") -> None:
        """Take connections until the listener is closed."""
        while True:
            try:
                near, _address = listener.accept()
            except OSError:
                return
            with self._lock:
                if self._whole:
                    self._join(near, far.connect())
                else:
                    near.close()

    def _join(self, near: socket.socket, far: socket.socket) -> None:
        self._ends += [near, far]
        for source, target in ((near, far), (far, near)):
            threading.Thread(target=_pour, args=(source, target), daemon=True).start()


@dataclass(frozen=True)
class _Far:
    """Where PostgreSQL listens: a socket in a folder, or a port."""

    host: str
    port: int

    def connect(self) -> socket.socket:
        if not self.host.startswith("/"):
            return socket.create_connection((self.host, self.port))
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{self.host}/.s.PGSQL.{self.port}")
        return far


@contextmanager
def wired(url: str) -> Iterator[Wire]:
    """A wire to the PostgreSQL of this URL."""
    there = make_url(url)
    host = there.query.get("host") or there.host or "127.0.0.1"
    port = there.query.get("port") or there.port or 5432
    listener = socket.create_server(("127.0.0.1", 0))
    here = there.set(host="127.0.0.1", port=listener.getsockname()[1], query={})
    wire = Wire(here.render_as_string(hide_password=False))
    threading.Thread(target=wire.carry, args=(listener, _Far(str(host), int(str(port)))), daemon=True).start()
    try:
        yield wire
    finally:
        wire.cut()
        _shut(listener)


def _pour(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while content := source.recv(65_536):
            target.sendall(content)
    _shut(source)
    _shut(target)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
