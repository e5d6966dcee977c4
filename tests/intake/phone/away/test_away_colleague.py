"""A database that goes away while a caller waits, and while a colleague is rung or talks."""

from uuid import UUID

from sqlalchemy import select

from intake.phone import said
from intake.phone.away.replay import Replay
from intake.phone.models import Ring
from intake.phone.texts.prompts import fault_text
from intake.phone.values import RingState
from tests.fakes import FixedClock
from tests.intake.phone.away.test_replay import MINUTE, away
from tests.intake.phone.line import Line, TestCall, new_sid
from tests.intake.phone.test_faults import give_back_table, take_table
from triage.values import Outcome

HANGS_UP, SAYS_NOTHING = "><Hangup /></Response>", " />"


def ring_of(line: Line) -> Ring:
    """The only try there was; read plain columns only."""
    with line.desk.database.reading() as session:
        return session.scalars(select(Ring)).one()


def rings_of(line: Line) -> list[Ring]:
    with line.desk.database.reading() as session:
        return list(session.scalars(select(Ring)))


def rung(line: Line) -> TestCall:
    """A caller for whom a colleague's telephone rings."""
    line.on_duty()
    call = line.dial()
    call.press("0")
    assert call.verbs == ["Dial"]
    return call


def tell(line: Line, call: TestCall, ring: UUID, what: str, **differences: str) -> str:
    """What a webhook about the colleague's telephone is answered."""
    form = line.form(new_sid(), ParentCallSid=call.sid, **differences)
    return line.post(f"/phone/ring/{ring}/{what}", form).text.partition("<Response")[2]


def test_whoever_waits_is_told_and_listed(line: Line) -> None:
    line.busy()
    call = line.dial()
    call.press("0")
    call.wait_round()
    away(line, lambda: (call.wait_round(), call.hang_up()))
    assert (call.spoken, call.verbs) == ([fault_text()], ["Say", "Hangup"])
    contact = line.contact()
    assert (contact.outcome, contact.told, contact.to_tick_off) == (Outcome.FAILED, "T1 T2 T4 T11", True)


def test_the_last_words_are_kept_with_the_call_once(line: Line) -> None:
    call = line.dial()
    away(line, lambda: (call.press("0"), call.again(), call.hang_up()))
    with line.desk.database.reading() as session:
        (record,) = (session.merge(each) for each in line.calls())
        assert [each.text for each in said.read(record.said)][2:] == [fault_text()]


def test_a_colleague_is_not_connected_on_the_strength_of_memory(line: Line) -> None:
    call = rung(line)
    ring, heard = ring_of(line).id, list[str]()

    def answer() -> None:
        heard.append(tell(line, call, ring, "whisper"))
        heard.append(tell(line, call, ring, "key", Digits="1"))
        heard.append(tell(line, call, ring, "leg", CallStatus="completed"))

    away(line, answer)
    assert heard == [HANGS_UP, HANGS_UP, SAYS_NOTHING]
    assert ring_of(line).state is RingState.OFFERED
    assert len(line.contacts()) == 1


def test_a_colleague_whose_telephone_rang_is_free_again_afterwards(line: Line) -> None:
    call = rung(line)
    away(line, lambda: call.ask(str(call.action), DialCallStatus="no-answer"))
    assert ring_of(line).state is RingState.UNANSWERED
    assert rung_again(line)
    call.hang_up()
    assert {contact.outcome for contact in line.contacts()} == {Outcome.FAILED, Outcome.IN_PROGRESS}


def rung_again(line: Line) -> bool:
    other = line.dial()
    other.press("0")
    return other.verbs == ["Dial"]


def test_a_talk_that_ended_meanwhile_was_a_talk(line: Line) -> None:
    call = rung(line)
    assert tell(line, call, ring_of(line).id, "key", Digits="1") == SAYS_NOTHING
    away(line, lambda: (call.ask(str(call.action), DialCallStatus="completed", DialBridged="true"), call.hang_up()))
    contact = line.contact()
    assert contact.outcome is Outcome.ANSWERED
    assert ring_of(line).ended_at is not None


def test_the_end_of_a_try_that_is_told_again_later_ends_no_other_try(line: Line, clock: FixedClock) -> None:
    call = rung(line)
    line.on_duty("Noor Verzonnen", "+31600000202")
    first = ring_of(line)
    action, ended = str(call.action), {"DialCallStatus": "no-answer", "DialBridged": "false"}
    take_table(line)
    line.post(action, line.form(call.sid, **ended))  # answered too late: the carrier asks again
    give_back_table(line)
    clock.advance(MINUTE)
    call.ask(action, **ended)
    (second,) = (ring for ring in rings_of(line) if ring.id != first.id)
    tell(line, call, second.id, "key", Digits="1")
    Replay(line.desk)()
    assert [(ring.state, ring.ended_at) for ring in rings_of(line) if ring.id == second.id] == [
        (RingState.ACCEPTED, None)
    ]
