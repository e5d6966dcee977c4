"""The table of moves: every cell, allowed and not."""

import pytest

from triage.moves import Forbidden, Move, after, allowed
from triage.values import Status

N, C, W, H, X = Status.NEW, Status.CLAIMED, Status.WAITING, Status.HANDED_OVER, Status.CLOSED
TABLE: dict[Move, dict[Status, Status]] = {
    Move.CLAIM: {N: C, W: C, H: H},
    Move.RELEASE: {C: N, W: N, H: H},
    Move.HAND_OVER: {N: H, C: H, W: H, H: H},
    Move.TAKE_BACK: {H: C},
    Move.CLOSE: {N: X, C: X, W: X, H: X},
    Move.REOPEN: {X: N, Status.MERGED: N},
}


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("status", Status)
def test_every_cell_of_the_table_is_as_agreed(status: Status, move: Move) -> None:
    expected = TABLE[move].get(status)
    assert allowed(status, move) is (expected is not None)
    if expected is not None:
        assert after(status, move) is expected
        return
    with pytest.raises(Forbidden) as refused:
        after(status, move)
    assert (refused.value.status, refused.value.move) == (status, move)


def test_from_every_state_a_ticket_can_still_be_closed_or_reopened() -> None:
    assert all(allowed(status, Move.CLOSE) or allowed(status, Move.REOPEN) for status in Status)
