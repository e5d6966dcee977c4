"""The words of the telephone as values: how a try to reach a colleague, a way out of the queue and a call back end.

Pure.
"""

import enum


class RingState(enum.StrEnum):
    """One try to have one colleague answer one caller."""

    OFFERED = "offered"
    """Kept for this colleague; the telephone does not ring yet."""
    RINGING = "ringing"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    """Answered without the key: a colleague who declined, or the voicemail of a telephone."""
    UNANSWERED = "unanswered"
    FAILED = "failed"
    """The carrier could not reach this number at all."""
    TAKEN_BACK = "taken_back"
    """The caller hung up or chose otherwise before it was answered."""


class Leaving(enum.StrEnum):
    """Why a waiting caller leaves the queue."""

    CALLBACK = "callback"
    COLLEAGUE = "colleague"
    TOO_LONG = "too_long"
    CLOSING = "closing"


class AttemptState(enum.StrEnum):
    """One try to call somebody back: first the colleague's telephone, then the reporter's."""

    REQUESTED = "requested"
    PLACING = "placing"
    """The carrier is being asked; after a crash here nobody knows whether it rang."""
    RINGING_COLLEAGUE = "ringing_colleague"
    RINGING_REPORTER = "ringing_reporter"
    TALKING = "talking"
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    NO_COLLEAGUE = "no_colleague"
    """The colleague's own telephone was not answered; the reporter heard nothing."""
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    """The carrier did not say whether it placed the call; only a person may try again."""

    @property
    def over(self) -> bool:
        """Whether nothing more happens by itself."""
        return self in ENDED


ENDED = frozenset(
    {
        AttemptState.REACHED,
        AttemptState.NOT_REACHED,
        AttemptState.NO_COLLEAGUE,
        AttemptState.FAILED,
        AttemptState.UNCERTAIN,
    }
)
