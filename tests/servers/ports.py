"""Ports on loopback, and waiting until something listens on one."""

import socket

from tests.waiting import until


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def free_pair() -> int:
    """A port that nobody listens on now, nor on the one above it."""
    return until(_pair, what="two free ports side by side")


def _pair() -> int | None:
    port = free_port()
    with socket.socket() as above:
        try:
            above.bind(("127.0.0.1", port + 1))
        except (OSError, OverflowError):
            return None
    return port


def wait_for_port(port: int, seconds: float = 30) -> None:
    """Wait until something listens. Raises `TimeoutError`."""
    until(lambda: _listens(port), seconds, f"a server on port {port}")


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
