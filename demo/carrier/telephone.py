"""The called side: a telephone that the network makes ring, answered by hand or by the habit of whoever has it.

By hand for a page, by habit for tests; a habit does nothing that a hand could not.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Self

from demo.carrier.call import Call
from demo.carrier.events import Key, Status

LOOKS_EVERY = 0.5  # seconds; how soon somebody notices that a key is asked for
SPEAKS_AFTER = 0.5  # seconds
BOX_ANSWERS_AFTER, BOX_LASTS = 15.0, 60.0  # seconds; a voicemail box of a mobile telephone


class Line(StrEnum):
    """What the network meets when it rings a telephone."""

    FREE = "free"
    BUSY = "busy"
    DEAD = "dead"


@dataclass(frozen=True)
class Habit:
    """What is done whenever this telephone rings; seconds, None for never."""

    answers_after: float | None = None
    declines_after: float | None = None
    presses: str = ""
    """Keys, once they are asked for."""
    says: str = ""
    """Once connected to the other side."""
    talks: float | None = None
    """Hangs up so long after being connected."""


@dataclass
class Telephone:
    """One telephone, at one number (E.164). Without a habit it rings until a hand answers it."""

    number: str
    line: Line = Line.FREE
    habit: Habit = field(default_factory=Habit)
    calls: list[Call] = field(default_factory=list)
    """Every leg that ever rang here, the newest last."""

    # Whose telephone it is

    def will(
        self, answer_after: float | None = None, press: str = "", *, say: str = "", talk: float | None = None
    ) -> Self:
        """Answer, press keys when asked, say something once connected and hang up after talking so long."""
        self.line, self.habit = Line.FREE, Habit(answer_after, presses=press, says=say, talks=talk)
        return self

    def will_decline(self, after: float = 3.0) -> Self:
        """Refuse each call, which sounds busy."""
        self.line, self.habit = Line.FREE, Habit(declines_after=after)
        return self

    def will_not_answer(self) -> Self:
        """Ring until the caller gives up."""
        self.line, self.habit = Line.FREE, Habit()
        return self

    def is_voicemail(self, after: float = BOX_ANSWERS_AFTER) -> Self:
        """A voicemail box: answers, talks, presses nothing."""
        self.line, self.habit = Line.FREE, Habit(after, says="Spreek in na de piep.", talks=BOX_LASTS)
        return self

    def is_busy(self) -> Self:
        """Be busy with something else."""
        self.line = Line.BUSY
        return self

    def is_dead(self) -> Self:
        """Be a number that leads nowhere: calls fail."""
        self.line = Line.DEAD
        return self

    # By hand

    @property
    def call(self) -> Call | None:
        """The leg that rings or talks here now."""
        return next((call for call in reversed(self.calls) if not call.status.final), None)

    @property
    def ringing(self) -> bool:
        """Whether it rings now."""
        return (call := self.call) is not None and call.status.unanswered

    @property
    def heard(self) -> list[str]:
        """Every line the network spoke into it, of all calls."""
        return [line for call in self.calls for line in call.heard]

    def answer(self) -> None:
        """Pick up, if it rings."""
        self._now(Call.pick_up, ringing=True)

    def decline(self) -> None:
        """Refuse, if it rings."""
        self._now(Call.decline, ringing=True)

    def press(self, keys: str) -> None:
        """Press keys, if somebody is on the line. Raises `ValueError` for what is no key."""
        self._now(partial(_press, keys), ringing=False)

    def say(self, text: str) -> None:
        """Say something, if somebody is on the line."""
        self._now(partial(_say, text), ringing=False)

    def hang_up(self) -> None:
        """Put it down; while it rings, refuse."""
        self._now(Call.hang_up, ringing=False)
        self.decline()

    # What the network does with it

    def ring(self, call: Call) -> Status | None:
        """Ring for a leg. How the leg ends at once, or None when it rings."""
        if self.line is Line.DEAD:
            return Status.FAILED
        if self.line is Line.BUSY or self.call is not None:
            return Status.BUSY
        self.calls.append(call)
        self._later(call, self.habit.answers_after, call.pick_up)
        self._later(call, self.habit.declines_after, call.decline)
        return None

    def picked_up(self, call: Call) -> None:
        """Somebody answered."""
        if self.habit.presses:
            self._later(call, LOOKS_EVERY, partial(self._press_when_asked, call))

    def connected(self, call: Call) -> None:
        """Somebody else is on the line."""
        if self.habit.says:
            self._later(call, SPEAKS_AFTER, partial(call.say, self.habit.says))
        self._later(call, self.habit.talks, call.hang_up)

    def _press_when_asked(self, call: Call) -> None:
        if call.connected_to is not None:
            return
        if Key in call.listens_for:
            call.press(self.habit.presses)
        else:
            self._later(call, LOOKS_EVERY, partial(self._press_when_asked, call))

    def _later(self, call: Call, seconds: float | None, action: Callable[[], None]) -> None:
        if seconds is not None:
            call.agenda.later(seconds / call.pace, lambda: None if call.status.final else action())

    def _now(self, action: Callable[[Call], None], *, ringing: bool) -> None:
        if (call := self.call) is not None and call.status.unanswered is ringing:
            action(call)


def _press(keys: str, call: Call) -> None:
    call.press(keys)


def _say(text: str, call: Call) -> None:
    call.say(text)
