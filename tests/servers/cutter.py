"""A wire that is cut after so many bytes."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cutting(port: int, after: int) -> Iterator[int]:
    """A port that leads to `port` on loopback for one connection and goes dead after `after` bytes of answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_carry, args=(listener, port, after))
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(10)


def _carry(listener: socket.socket, port: int, after: int) -> None:
    near, _address = listener.accept()
    far = socket.create_connection(("127.0.0.1", port))
    upstream = threading.Thread(target=_pour, args=(near, far, None))
    upstream.start()
    _pour(far, near, after)
    for end in (near, far):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
    upstream.join(10)
    near.close()
    far.close()


def _pour(source: socket.socket, target: socket.socket, most: int | None) -> None:
    carried = 0
    with contextlib.suppress(OSError):
        while content := source.recv(16_384):
            if most is not None and carried + len(content) > most:
                target.sendall(content[: most - carried])
                return
            target.sendall(content)
            carried += len(content)
