"""Knobs with which a test makes the network behave badly. What is left to chance is repeated by the same seed."""

import random
from dataclasses import dataclass, field
from enum import StrEnum

from demo.carrier.mishaps import CUT, REFUSED, Mishap, behind_proxy, proxied, stalled

PROXY_STATUSES = (403, 429, 502, 503, 504)


class Media(StrEnum):
    """What may be wrong with one fetch of a recording's sound."""

    MISSING = "missing"
    UNAUTHORIZED = "unauthorized"
    SHORT = "short"
    CUT = "cut"


@dataclass
class Faults:
    """What goes wrong from now on; change it at any time. Shares are between 0 and 1, counts are of the next ones."""

    # Every webhook, those that a caller waits for and callbacks
    duplicate: float = 0.0
    """The share of webhooks that arrive twice, with the same idempotency token."""
    refuse: int = 0
    """So many connections are refused."""
    unreachable: float = 0.0
    """The share of connections that are refused."""
    stall: int = 0
    """So many requests reach the desk, but the answer comes `stall_seconds` later."""
    stall_seconds: float = 20.0
    """More than the carrier ever waits, unless set lower."""
    cut: int = 0
    """So many requests reach the desk, but the connection is lost before the answer."""
    lose: float = 0.0
    """The share of requests that reach the desk, but whose answer is lost."""
    proxy: list[int] = field(default_factory=list)
    """Statuses with which something in between answers the next requests; the desk never sees them."""
    proxy_after: list[int] = field(default_factory=list)
    """The same, but the desk did see them, and its own answers are lost."""
    garble: float = 0.0
    """The share of requests that something in between answers; by chance the desk sees them or not."""
    fresh_token: bool = False
    """A retry carries a new idempotency token; that it is the same one is likely but stated nowhere."""
    no_last_action: bool = False
    """A Dial whose caller hangs up does not ask its action any more; the real carrier does, and ignores the answer."""

    # Callbacks only
    drop: float = 0.0
    """The share of callbacks that never leave."""
    delay: float = 0.0
    """Callbacks come up to so many seconds late, each by chance, and so out of order."""
    reorder: float = 0.0
    """The share of callbacks that wait until the next one of their call has arrived."""

    # The REST face
    rest: list[int] = field(default_factory=list)
    """Statuses with which the next REST requests are answered instead of properly: 401, 429, 500, 503."""
    rest_broken: float = 0.0
    """The share of REST requests that are answered so, 429 or 503."""
    rest_slow: list[float] = field(default_factory=list)
    """Seconds of real time that the next REST answers take; what was asked is done first."""
    media: list[Media] = field(default_factory=list)
    """What is wrong with the next fetches of a recording's sound."""
    media_missing: int = 0
    """So many fetches of a recording's sound find nothing yet (404)."""
    delete_fails: int = 0
    """So many deletions of a recording end in an error (500); it stays."""

    chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311  repeatable on purpose

    def mishap(self) -> Mishap | None:
        """What goes wrong with this try to deliver a webhook, if anything."""
        return self._counted() or self._chanced()

    def doubled(self) -> bool:
        """Whether this webhook arrives twice."""
        return self._by_chance(self.duplicate)

    def dropped(self) -> bool:
        """Whether this callback never leaves."""
        return self._by_chance(self.drop)

    def kept_back(self) -> bool:
        """Whether this callback waits for the next one."""
        return self._by_chance(self.reorder)

    def lateness(self) -> float:
        """How many seconds this callback is late."""
        return self.chance.uniform(0, self.delay) if self.delay else 0.0

    def rest_status(self) -> int | None:
        """With which error this REST request is answered, if any."""
        if self.rest:
            return self.rest.pop(0)
        return self.chance.choice((429, 503)) if self._by_chance(self.rest_broken) else None

    def rest_seconds(self) -> float:
        """How long this REST answer takes."""
        return self.rest_slow.pop(0) if self.rest_slow else 0.0

    def of_media(self) -> Media | None:
        """What is wrong with this fetch of a sound, if anything."""
        if self._next("media_missing"):
            return Media.MISSING
        return self.media.pop(0) if self.media else None

    def undeletable(self) -> bool:
        """Whether this deletion fails."""
        return self._next("delete_fails")

    def _counted(self) -> Mishap | None:
        if self._next("refuse"):
            return REFUSED
        if self.proxy:
            return proxied(self.proxy.pop(0))
        if self.proxy_after:
            return behind_proxy(self.proxy_after.pop(0))
        if self._next("stall"):
            return stalled(self.stall_seconds)
        return CUT if self._next("cut") else None

    def _chanced(self) -> Mishap | None:
        if self._by_chance(self.unreachable):
            return REFUSED
        if self._by_chance(self.lose):
            return CUT
        if self._by_chance(self.garble):
            return self.chance.choice((proxied, behind_proxy))(self.chance.choice(PROXY_STATUSES))
        return None

    def _next(self, count: str) -> bool:
        left: int = getattr(self, count)
        setattr(self, count, max(0, left - 1))
        return left > 0

    def _by_chance(self, share: float) -> bool:
        return share > 0 and self.chance.random() < share
