"""The report of a call: what was said and pressed, what the network asked of the desk and complained of, in order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from demo.carrier.call import Call
from demo.carrier.journal import Alert, Hook
from desk.dates import long_day, written_time
from hours import local

NETWORK, FAULT = "netwerk", "fout"
OVER = "afgelopen"
STATES = {"ringing": "gaat over", "in-progress": "verbonden", "busy": "in gesprek", "no-answer": "niet opgenomen"}


@dataclass(frozen=True)
class Line:
    """One thing that happened. `place`: its turn; `at`: seconds since the call began; `who` did it."""

    place: int
    at: float
    who: str
    text: str

    def written(self) -> str:
        """As it stands in the report."""
        minutes, seconds = divmod(max(self.at, 0.0), 60)
        return f"{int(minutes)}.{seconds:04.1f}  {self.who:<13} {self.text}".rstrip()


def report(call: Call, legs: Sequence[Call], journal: Iterable[Hook], alerts: Iterable[Alert]) -> str:
    """A call and the legs that belong to it, for people to read and copy. Numbers stand in it: they are invented."""
    family = (call, *legs)
    lines = [line for one in family for line in _said(one, call)]
    lines += [line for one in family for line in _carried(one, call, journal, alerts)]
    return "\n".join((_heading(call), "", *(line.written() for line in sorted(lines, key=lambda line: line.place))))


def _heading(call: Call) -> str:
    day = f"{long_day(call.started_at)} {local(call.started_at).year}, {written_time(call.started_at)} uur"
    return f"Gesprek van {day}\nVan {call.from_ or 'niemand'} naar {call.to}, {STATES.get(call.status, OVER)}"


def _said(one: Call, root: Call) -> Iterator[Line]:
    who = "beller" if one is root else one.far_end
    for turn in list(one.turns):
        yield Line(turn.place, root.since(one.moment(turn.start)), who, turn.told())


def _carried(one: Call, root: Call, journal: Iterable[Hook], alerts: Iterable[Alert]) -> Iterator[Line]:
    for hook in journal:
        if hook.call_sid == one.sid:
            yield Line(hook.place, root.since(hook.moment), NETWORK, hook.told())
    for alert in alerts:
        if alert.call_sid == one.sid:
            yield Line(alert.place, root.since(alert.moment), FAULT, f"{alert.code} {alert.text}")
