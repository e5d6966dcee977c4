"""A stand-in for the telephone company: signs, rings, listens, records and complains as Twilio Voice does."""

from demo.carrier.agenda import NeverHappened, VirtualClock
from demo.carrier.call import Call
from demo.carrier.faults import Faults
from demo.carrier.network import Carrier
from demo.carrier.rest import rest_blueprint
from demo.carrier.telephone import Telephone
from demo.carrier.transport import HttpTransport, WsgiTransport

__all__ = [
    "Call",
    "Carrier",
    "Faults",
    "HttpTransport",
    "NeverHappened",
    "Telephone",
    "VirtualClock",
    "WsgiTransport",
    "rest_blueprint",
]
