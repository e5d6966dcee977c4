"""A crowd that phones the desk through the carrier stand-in, in virtual time: doubled webhooks, hang-ups anywhere."""

import logging
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time

from werkzeug.serving import make_server

from demo.carrier import Call, Carrier, Faults, VirtualClock
from demo.carrier.agenda import NeverHappened
from demo.carrier.recording import Recording
from desk.clock import SystemClock
from hours import at_local
from tests.servers.site import ACCOUNT, TOKEN, Site

SEED = 14010
CALLERS = 8  # at the same time
AGAIN = 0.2  # the share of webhooks that come twice
LATE = 45.0  # seconds of virtual time that a status callback may come late
TUESDAY = date(2020, 4, 14)
COLLEAGUES = tuple(f"+316000002{n:02}" for n in range(16))
PATIENCE = 240.0  # seconds of virtual time; the desk's own, which a longest wait is counted in, hardly moves meanwhile
LUNCH = time(12, 30)  # when nobody takes the telephone
HOURS = (time(10), time(16, 59, 30), LUNCH, time(18))  # where the desk's clock starts in each part of a soak


@dataclass
class Crowd:
    """What the crowd did. `recordings` of all callers, because the desk fetches them at one address."""

    calls: list[Call] = field(default_factory=list)
    recordings: dict[str, Recording] = field(default_factory=dict)
    alerts: int = 0
    """What a carrier would complain of; more than none is a fault of the desk."""

    @property
    def recorded(self) -> set[str]:
        """The sids of calls that left a message."""
        return {each.call_sid for each in self.recordings.values() if each.completed}

    def dial(self, site: Site, count: int, begins: Callable[[time], None]) -> None:
        """Make `count` random calls, the same in every run; `begins` is told the hour at which each part begins."""
        for part, hour in enumerate(HOURS):
            site.clock.set(at_local(TUESDAY, hour))
            begins(hour)
            shares = [len(range(part * CALLERS + n, count, CALLERS * len(HOURS))) for n in range(CALLERS)]
            callers = [
                threading.Thread(target=self._caller, args=(site, part * CALLERS + n, share))
                for n, share in enumerate(shares)
            ]
            for caller in callers:
                caller.start()
            for caller in callers:
                caller.join()
            print(f"{len(self.calls):,} calls made", flush=True)

    @contextmanager
    def answering(self, site: Site) -> Iterator[None]:
        """The carrier's REST face, where the job worker fetches the sound."""
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        library = self._carrier(site, random.Random(SEED)).rest_app()
        server = make_server("127.0.0.1", site.carrier_port, library, threaded=True)
        threading.Thread(target=server.serve_forever, name="carrier", daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()

    def _caller(self, site: Site, seed: int, count: int) -> None:
        """Calls one after another, the late callbacks of earlier ones in between."""
        dice = random.Random(SEED + seed)
        carrier = self._carrier(site, dice)
        for _ in range(count):
            _change_habits(carrier, dice)
            call = carrier.dial(dice.choice(("anonymous", f"+3161{dice.randrange(10**7):07}", "+31600000142", "")))
            self.calls.append(call)
            _behave(call, dice)
        carrier.settle()
        self.alerts += len(carrier.alerts)

    def _carrier(self, site: Site, dice: random.Random) -> Carrier:
        carrier = Carrier(
            ACCOUNT, TOKEN,
            voice_url=f"{site.url}/phone/incoming#rc=2&rp=all", status_url=f"{site.url}/phone/status#rc=2&rp=all",
            clock=VirtualClock(SystemClock().real()), api_url=f"http://127.0.0.1:{site.carrier_port}",
            faults=Faults(duplicate=AGAIN, delay=LATE, chance=dice),
        )  # fmt: skip
        carrier.recordings = self.recordings
        return carrier


def _behave(call: Call, dice: random.Random) -> None:
    """Listen, press keys, speak, wait; hang up at any moment. One in five wants to be called back."""
    if dice.random() < 1 / 5:
        _ask_for_call_back(call, dice)
    for _ in range(dice.randint(0, 6)):
        if call.finished:
            return
        match dice.choice(("listen", "listen", "key", "number", "say", "wait")):
            case "listen":
                call.wait_until_silent()
            case "key":
                call.press(dice.choice("0011999#*7"))
            case "number":
                call.press(f"06{dice.randrange(10**8):08}#")
            case "say":
                call.say("Met een verzonnen beller, belt u mij terug.")
                call.advance(dice.uniform(0, 12))
            case _:
                call.advance(dice.uniform(0, 20))
    if dice.random() < 1 / 2:
        call.hang_up()
    try:
        call.wait_until_over(PATIENCE)
    except NeverHappened:
        call.hang_up()
        call.wait_until_over()


def _change_habits(carrier: Carrier, dice: random.Random) -> None:
    """Most colleagues answer with the key; the others do anything else that a telephone can do."""
    telephone = carrier.telephone(dice.choice(COLLEAGUES))
    match dice.choice(("key", "key", "key", "no key", "declines", "voicemail", "busy", "dead", "nobody")):
        case "key":
            telephone.will(dice.uniform(1, 15), "1", talk=dice.uniform(0.5, 200))
        case "no key":
            telephone.will(dice.uniform(1, 15))
        case "declines":
            telephone.will_decline()
        case "voicemail":
            telephone.is_voicemail()
        case "busy":
            telephone.is_busy()
        case "dead":
            telephone.is_dead()
        case _:
            telephone.will_not_answer()


def _ask_for_call_back(call: Call, dice: random.Random) -> None:
    """As far as the caller has patience: by 9 in the queue while the desk is open, by 1 when it is closed."""
    call.wait_until_silent()
    asks = ("1",) if "Wij zijn gesloten" in " ".join(call.heard) else ("0", "9")
    steps = (*asks, f"06{dice.choice((42, dice.randrange(10**6))):08}#", "1")
    for keys in steps[: dice.randint(1, 5)]:
        call.wait_until_silent()
        if not call.finished:
            call.press(keys)
            call.advance(1)
