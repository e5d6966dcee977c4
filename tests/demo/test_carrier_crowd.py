"""Whatever people do at both ends, each leg ends once and nobody is left on the line."""

import random
from collections import Counter

import pytest

from demo.carrier import Carrier, Telephone
from tests.demo.carrier_desk import URL, Rest, SmallDesk, a_carrier, a_desk

STAFF = [f"+3160000020{last}" for last in range(4)]
ALL = "initiated ringing answered completed"


def a_busy_desk() -> SmallDesk:
    numbers = "".join(
        f'<Number url="/whisper" statusCallback="/leg" statusCallbackEvent="{ALL}">{number}</Number>'
        for number in STAFF[:2]
    )
    desk = a_desk(f'<Dial action="/after" timeout="10">{numbers}</Dial>')
    desk.says("/whisper", '<Gather numDigits="1" action="/key"><Say>Toets één.</Say></Gather><Hangup/>')
    desk.says("/after", '<Enqueue action="/done" waitUrl="/wait">meldpunt</Enqueue>').says("/key", "")
    desk.says("/wait", '<Gather numDigits="1" timeout="3" action="/leave"><Say>Een ogenblik.</Say></Gather>')
    desk.says("/take", '<Dial action="/taken" timeout="20"><Queue url="/notice">meldpunt</Queue></Dial>')
    desk.says("/notice", "<Say>U wordt verbonden.</Say>").says("/taken", "").says("/leave", "<Leave/>")
    return desk.says("/done", "<Say>Tot ziens.</Say>").says("/leg", "")


def habits(telephone: Telephone, dice: random.Random) -> None:
    choices = (
        lambda: telephone.will(dice.uniform(0, 14), "1", say="Met het meldpunt.", talk=dice.uniform(0, 60)),
        lambda: telephone.will(dice.uniform(0, 14), dice.choice("12")),
        telephone.will_not_answer,
        telephone.will_decline,
        telephone.is_voicemail,
        telephone.is_busy,
        telephone.is_dead,
    )
    dice.choice(choices)()


def go_about(carrier: Carrier, rest: Rest, dice: random.Random) -> None:
    """One thing happens, by a caller, a colleague or the account."""
    running = [call for call in carrier.calls.values() if not call.finished]
    chosen = dice.choice(running) if running else None
    what = dice.randrange(12)
    if what < 3 or chosen is None:
        carrier.dial(dice.choice(["anonymous", f"+316000007{dice.randrange(100):02}"]))
    elif what < 5:
        chosen.hang_up()
    elif what < 7:
        chosen.press(dice.choice("019#*"))
    elif what == 7:
        rest(f"/Calls/{chosen.sid}.json", "POST", Status=dice.choice(["completed", "canceled"]))
    elif what == 8:
        rest(f"/Calls/{chosen.sid}.json", "POST", Url=f"{URL}/{dice.choice(['done', 'after', 'in'])}")
    elif what == 9:
        place = {"To": dice.choice(STAFF), "From": carrier.number.number, "Url": f"{URL}/take"}
        rest("/Calls.json", "POST", StatusCallback=f"{URL}/leg", **place)
    elif what == 10:
        for line in carrier.lines.values():
            rest(f"/Queues/{line.sid}/Members/Front.json", "POST", Url=f"{URL}/done")
    else:
        habits(carrier.telephone(dice.choice(STAFF)), dice)
    carrier.agenda.let_pass(dice.uniform(0, 6))


@pytest.mark.parametrize("seed", range(3))
def test_whatever_people_do_each_leg_ends_once_and_nobody_stays_on_the_line(seed: int) -> None:
    desk, dice = a_busy_desk(), random.Random(seed)
    carrier = a_carrier(desk)
    carrier.line("meldpunt")
    for number in STAFF:
        habits(carrier.telephone(number), dice)
    for _ in range(150):
        go_about(carrier, Rest(carrier), dice)
    for call in list(carrier.calls.values()):
        call.hang_up()
    carrier.settle()
    assert all(call.finished and call.status.final and call.connected_to is None for call in carrier.calls.values())
    ends = [form for form in (*desk.at("/leg"), *desk.at("/status")) if "CallDuration" in form]
    assert set(Counter(form["CallSid"] for form in ends).values()) == {1}
    assert all(carrier.calls[form["CallSid"]].status.value == form["CallStatus"] for form in ends)
    assert not any(line.members or line.takers for line in carrier.lines.values())
    assert {alert.text for alert in carrier.alerts} == set()
