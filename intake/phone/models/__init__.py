"""The tables of the telephone."""

from intake.phone.models.call import Call
from intake.phone.models.callback import Attempt, Callback
from intake.phone.models.duty import Duty, Ring
from intake.phone.models.recording import KeptRecording

__all__ = ["Attempt", "Call", "Callback", "Duty", "KeptRecording", "Ring"]
