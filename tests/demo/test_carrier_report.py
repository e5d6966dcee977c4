from demo.carrier import Carrier, Faults
from demo.carrier.report import report
from tests.demo.carrier_desk import CALLER, a_carrier, a_desk

MENU = '<Gather numDigits="1" action="/turn" timeout="10"><Say>Kies 0 of 9.</Say></Gather>'


def _story(carrier: Carrier) -> list[str]:
    (call,) = carrier.calls.values()
    return report(call, (), carrier.journal, carrier.alerts).splitlines()


def test_a_report_tells_everything_in_the_order_in_which_it_happened() -> None:
    desk = a_desk(MENU).says("/turn", "<Say>Dank u.</Say>")
    carrier = a_carrier(desk, voice="/in#rp=all&rc=1&rt=6000", faults=Faults(stall=1))
    call = carrier.dial(CALLER)
    call.wait_until_silent()
    call.advance(3)
    call.press("9")
    call.wait_until_over()
    heading, numbers, empty, *lines = _story(carrier)
    assert heading == "Gesprek van dinsdag 14 april 2020, 10.00 uur"
    assert (numbers, empty) == (f"Van {CALLER} naar +31100000000, afgelopen", "")
    times = [float(line.partition("  ")[0].partition(".")[2]) for line in lines]
    assert times == sorted(times)
    assert [" ".join(line.split()[1:4]) for line in lines] == [
        "netwerk POST /in", "netwerk POST /in", "beller -- opgenomen", "beller hoort Kies", "beller toetst 9",
        "netwerk POST /turn", "beller hoort Dank", "netwerk POST /status",
    ]  # fmt: skip
    assert lines[0].endswith("traag")
    assert lines[1].endswith("poging 2")


def test_the_colleague_who_is_rung_has_a_part_in_the_report() -> None:
    number = "+31600000201"
    ask = '<Gather numDigits="1" action="/key"><Say>Toets 1.</Say></Gather>'
    desk = a_desk(f'<Dial action="/after"><Number url="/whisper">{number}</Number></Dial>')
    desk.says("/whisper", ask).says("/key", "").says("/after", "<Hangup/>")
    carrier = a_carrier(desk)
    carrier.telephone(number).will(answer_after=4, press="1", say="Met het meldpunt.", talk=9)
    call = carrier.dial(CALLER)
    call.wait_until_over()
    legs = [leg for leg in carrier.calls.values() if leg.parent_sid == call.sid]
    told = report(call, legs, carrier.journal, carrier.alerts)
    lines = [" ".join(line.split()[1:4]) for line in told.splitlines()[3:]]
    wanted = [
        "beller -- opgenomen", f"{number} -- gaat", "netwerk POST /whisper", f"{number} hoort Toets",
        f"{number} toetst 1", "netwerk POST /key", f"{number} -- verbonden", f"{number} zegt Met",
        "beller hoort Met", "netwerk POST /after",
    ]  # fmt: skip
    assert [line for line in lines if line in wanted] == wanted


def test_what_the_network_complains_of_stands_where_it_happened() -> None:
    carrier = a_carrier(a_desk('<Gather numDigit="1"/>'))
    carrier.dial(CALLER).wait_until_over()
    lines = _story(carrier)
    fault = next(line for line in lines if "12200" in line)
    assert fault.startswith("0.00.0  fout          12200 Response/Gather has no attribute 'numDigit'")


def test_a_clock_that_is_set_during_a_call_does_not_mix_its_report_up() -> None:
    desk = a_desk(MENU).says("/turn", "<Say>Dank u.</Say>")
    carrier = a_carrier(desk)
    call = carrier.dial(CALLER)
    call.wait_until_silent()
    carrier.clock.set(carrier.clock.now().replace(year=2019))  # type: ignore[attr-defined]
    call.press("0")
    call.wait_until_over()
    assert [line.split()[-1] for line in _story(carrier)[3:] if "netwerk" not in line] == ["opgenomen", "9.", "0", "u."]
    assert "POST /status" in _story(carrier)[-1]
