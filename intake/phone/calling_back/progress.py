"""How far a call back is. What the carrier tells, in any order and twice, only ever brings it further; pure."""

from intake.phone.events import CallState, Dialled
from intake.phone.values import ENDED, AttemptState

ORDER = (
    AttemptState.REQUESTED,
    AttemptState.PLACING,
    AttemptState.UNCERTAIN,  # whatever is heard of a call after all says more
    AttemptState.RINGING_COLLEAGUE,
    AttemptState.RINGING_REPORTER,
    AttemptState.TALKING,
    AttemptState.NO_COLLEAGUE,
    AttemptState.NOT_REACHED,
    AttemptState.FAILED,
    AttemptState.REACHED,
)
ENDS_OF_A_LEG = {
    CallState.COMPLETED: AttemptState.REACHED,
    CallState.BUSY: AttemptState.NOT_REACHED,
    CallState.NO_ANSWER: AttemptState.NOT_REACHED,
    CallState.CANCELED: AttemptState.NOT_REACHED,
    CallState.FAILED: AttemptState.FAILED,
}
ANSWERED = frozenset({"completed", "answered"})


def further(before: AttemptState, heard: AttemptState) -> AttemptState:
    """Where it stands after one more word. Who talked was reached, even if that is told after the end."""
    if heard is AttemptState.TALKING and before in ENDED - {AttemptState.UNCERTAIN}:
        return AttemptState.REACHED
    return max(before, heard, key=ORDER.index)


def of_colleague(state: CallState, before: AttemptState) -> AttemptState:
    """What the state of the call to the colleague's telephone means, by how far it had come."""
    if not state.final:
        return AttemptState.RINGING_COLLEAGUE
    if before is AttemptState.TALKING:
        return AttemptState.REACHED
    if before is AttemptState.RINGING_REPORTER:
        return AttemptState.NOT_REACHED
    return AttemptState.FAILED if state is CallState.FAILED else AttemptState.NO_COLLEAGUE


def of_reporter(state: CallState) -> AttemptState:
    """What the state of the reporter's leg means: it is rung only after the colleague pressed the key."""
    if state.final:
        return ENDS_OF_A_LEG[state]
    return AttemptState.TALKING if state is CallState.IN_PROGRESS else AttemptState.RINGING_REPORTER


def of_dial(dialled: Dialled) -> AttemptState:
    """How the effort to reach the reporter ended, in the words of its last webhook."""
    if dialled.bridged or (dialled.bridged is None and dialled.status in ANSWERED):
        return AttemptState.REACHED
    return AttemptState.FAILED if dialled.status == "failed" else AttemptState.NOT_REACHED
