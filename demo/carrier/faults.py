"""Knobs with which a test makes the network behave badly."""

import random
from dataclasses import dataclass, field


@dataclass
class Faults:
    """What goes wrong from now on; change it at any time. Shares are between 0 and 1."""

    duplicate: float = 0.0
    """The share of webhooks that arrive twice, with the same idempotency token."""
    drop: float = 0.0
    """The share of status callbacks that never leave."""
    delay: float = 0.0
    """Status callbacks come up to so many seconds late, each by chance, and so out of order."""
    refuse: int = 0
    """So many of the next connections are refused."""
    stall: int = 0
    """So many of the next requests reach the desk, but the answer comes too late."""
    fresh_token: bool = False
    """A retry carries a new idempotency token; that it is the same one is likely but stated nowhere."""
    no_last_action: bool = False
    """A Dial whose caller hangs up does not ask its action any more; the real carrier does, and ignores the answer."""
    media_missing: int = 0
    """So many of the next fetches of a recording's sound find nothing yet (404)."""
    rest: list[int] = field(default_factory=list)
    """Statuses with which the next REST requests are answered instead of properly: 429, 500, 503."""
    chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311  repeatable on purpose

    def refused(self) -> bool:
        """Whether this connection is refused."""
        self.refuse, now = max(0, self.refuse - 1), self.refuse > 0
        return now

    def stalled(self) -> bool:
        """Whether the answer to this request comes too late."""
        self.stall, now = max(0, self.stall - 1), self.stall > 0
        return now

    def no_media(self) -> bool:
        """Whether the sound is not there yet."""
        self.media_missing, now = max(0, self.media_missing - 1), self.media_missing > 0
        return now

    def doubled(self) -> bool:
        """Whether this webhook arrives twice."""
        return self.duplicate > 0 and self.chance.random() < self.duplicate

    def dropped(self) -> bool:
        """Whether this status callback never leaves."""
        return self.drop > 0 and self.chance.random() < self.drop

    def lateness(self) -> float:
        """How many seconds this status callback is late."""
        return self.chance.uniform(0, self.delay) if self.delay else 0.0
