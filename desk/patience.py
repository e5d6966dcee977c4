"""How long somebody waits for an answer: one amount, shared by everything that is done for it."""

import math
import time


class Patience:
    """Runs out so many seconds after it was made, by a clock that no calendar and no demonstration sets."""

    def __init__(self, seconds: float = math.inf) -> None:
        self._until = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds, never less than nought."""
        return max(0.0, self._until - time.monotonic())

    @property
    def over(self) -> bool:
        """Whether nobody waits any more."""
        return not self.left
