"""Waiting for a condition instead of for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
STEP = 0.05  # seconds between two looks


def until(found: Callable[[], T | None], seconds: float = 30, what: str = "what was waited for") -> T:
    """The first answer of `found` that counts as true. Raises `TimeoutError` when there is none in time."""
    last = time.monotonic() + seconds
    while not (answer := found()):
        if time.monotonic() > last:
            raise TimeoutError(f"{what} did not come within {seconds:g} s")
        time.sleep(STEP)
    return answer
