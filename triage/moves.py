"""The table of moves: which act is possible in which state, and where it leads."""

import enum

from triage.values import Status


class Move(enum.StrEnum):
    """What a person, or a new contact, does to a ticket."""

    CLAIM = "claim"
    RELEASE = "release"
    HAND_OVER = "hand_over"
    TAKE_BACK = "take_back"
    CLOSE = "close"
    REOPEN = "reopen"


class Forbidden(Exception):
    """A move that this state does not allow; shown to the person as a sentence."""

    def __init__(self, move: Move, status: Status) -> None:
        super().__init__(f"{move} is not possible in state {status}")
        self.move, self.status = move, status


MOVES: dict[tuple[Status, Move], Status] = {
    (Status.NEW, Move.CLAIM): Status.CLAIMED,
    (Status.WAITING, Move.CLAIM): Status.CLAIMED,
    (Status.HANDED_OVER, Move.CLAIM): Status.HANDED_OVER,
    (Status.CLAIMED, Move.RELEASE): Status.NEW,
    (Status.WAITING, Move.RELEASE): Status.NEW,
    (Status.HANDED_OVER, Move.RELEASE): Status.HANDED_OVER,
    (Status.NEW, Move.HAND_OVER): Status.HANDED_OVER,
    (Status.CLAIMED, Move.HAND_OVER): Status.HANDED_OVER,
    (Status.WAITING, Move.HAND_OVER): Status.HANDED_OVER,
    (Status.HANDED_OVER, Move.HAND_OVER): Status.HANDED_OVER,
    (Status.HANDED_OVER, Move.TAKE_BACK): Status.CLAIMED,
    (Status.NEW, Move.CLOSE): Status.CLOSED,
    (Status.CLAIMED, Move.CLOSE): Status.CLOSED,
    (Status.WAITING, Move.CLOSE): Status.CLOSED,
    (Status.HANDED_OVER, Move.CLOSE): Status.CLOSED,
    (Status.CLOSED, Move.REOPEN): Status.NEW,
    (Status.MERGED, Move.REOPEN): Status.NEW,
}


def after(status: Status, move: Move) -> Status:
    """The state that a move leads to. Raises `Forbidden` for a move that this state does not allow."""
    try:
        return MOVES[status, move]
    except KeyError as error:
        raise Forbidden(move, status) from error


def allowed(status: Status, move: Move) -> bool:
    """Whether a move is possible in this state."""
    return (status, move) in MOVES
