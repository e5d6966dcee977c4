"""Callers and colleagues who do anything at any moment, the same in every run, over one network in virtual time."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from demo.carrier import Call, Carrier, Telephone
from intake.phone import duty, rings
from tests.intake.phone.line import Line

CALLERS = (
    "+31600000142", "+31600000777", "anonymous", "+266696687", "Restricted", "", "sip:balie@school.example",
    "+31102671625", "<script>", "0\u202e31600000142", "+4930000000", "+316" + "0" * 60,
)  # fmt: skip
COLLEAGUES = 9
USUALLY = 0.7  # the share of telephones that are answered with the key
PATIENCE = 100.0  # seconds after which those who hang up have done so
HANG_UP = 0.8  # the share of callers who do
LUNCH = (0.2, 0.3)  # between these parts of the time nobody takes the telephone
BETWEEN_KEYS = 0.3  # seconds
SPEAK = " "


@dataclass
class Crowd:
    """Everybody at both ends of the line. `spread`: seconds in which all calls begin."""

    line: Line
    network: Carrier
    dice: random.Random
    spread: float
    colleagues: list[tuple[UUID, Telephone]] = field(default_factory=list)

    def comes(self, callers: int) -> None:
        """Let them all call, and everything happen."""
        for n in range(COLLEAGUES):
            number = f"+3160000020{n}"
            self.colleagues.append((self.line.on_duty(f"Iris Verzonnen {chr(65 + n)}", number), self._phone(number)))
        for _ in range(callers):
            self._at(self.dice.uniform(0, self.spread), self._call)
        self._at(self.spread * LUNCH[0], lambda: self._all(duty.sign_off))
        self._at(self.spread * LUNCH[1], self._all_sign_on)
        for _ in range(callers // 3):
            self._at(self.dice.uniform(0, self.spread), self._change)
        self.network.settle(self.spread + 36_000)

    def _at(self, seconds: float, action: Callable[[], None]) -> None:
        self.network.agenda.later(seconds, action)

    # Those who call

    def _call(self) -> None:
        call = self.network.dial(self.dice.choice(CALLERS))
        at = self.dice.uniform(0, 10)
        for keys in self._wish():
            for key in keys:
                self._do(call, at, key)
                at += BETWEEN_KEYS
            at += self.dice.uniform(0, 16)
        if self.dice.random() < HANG_UP:
            self._at(self.dice.uniform(0, PATIENCE), call.hang_up)

    def _wish(self) -> tuple[str, ...]:
        """Keys in groups, as a caller presses them who wants something, or who presses anything."""
        mess = tuple(self.dice.choice(("0", "1", "2", "9", "#", "*7", SPEAK, "0600000142#")) for _ in range(4))
        return self.dice.choice(
            (("0",), ("0", SPEAK, "#"), ("0", "9", "9", "0600000777#", "1"), ("1", "12345678"), mess)
        )

    def _do(self, call: Call, at: float, key: str) -> None:
        if key == SPEAK:
            self._at(at, lambda: call.say("Wilt u mij terugbellen?"))
        else:
            self._at(at, lambda: call.press(key))

    # Those who answer

    def _all(self, work: Callable[..., None]) -> None:
        for colleague, _telephone in self.colleagues:
            self._run(work, colleague)

    def _all_sign_on(self) -> None:
        for colleague, telephone in self.colleagues:
            self._sign_on(colleague, telephone)

    def _sign_on(self, colleague: UUID, telephone: Telephone) -> None:
        self.line.desk.database.run(lambda session: duty.sign_on(session, colleague, telephone.number))

    def _phone(self, number: str) -> Telephone:
        telephone = self.network.telephone(number)
        self._habit(telephone)
        return telephone

    def _habit(self, telephone: Telephone) -> None:
        dice = self.dice
        if dice.random() < USUALLY:
            telephone.will(dice.uniform(1, 12), "1", talk=dice.uniform(0.2, 90))
            return
        dice.choice(
            (
                lambda: telephone.will(dice.uniform(1, 24), "1"),
                lambda: telephone.will(dice.uniform(1, 8), dice.choice("2#9")),
                lambda: telephone.will(dice.uniform(1, 8)),
                lambda: telephone.is_voicemail(after=3),
                telephone.will_decline,
                telephone.will_not_answer,
                telephone.is_busy,
                telephone.is_dead,
            )
        )()

    def _change(self) -> None:
        """Somebody of the desk does something, or gets another habit."""
        colleague, telephone = self.dice.choice(self.colleagues)
        match self.dice.randrange(7):
            case 0:
                self._run(duty.pause, colleague)
            case 1 | 2:
                self._run(duty.resume, colleague)
            case 3:
                self._run(duty.sign_off, colleague)
            case 4:
                self._sign_on(colleague, telephone)
            case 5:
                self._take(colleague)
            case _:
                self._habit(telephone)

    def _run(self, work: Callable[..., None], colleague: UUID) -> None:
        self.line.desk.database.run(lambda session: work(session, colleague))

    def _take(self, colleague: UUID) -> None:
        """Click on whoever waits longest, if anybody does."""
        with self.line.desk.database.reading() as session:
            waiting = [call.id for call in duty.waiting_calls(session)]
        try:
            if waiting:
                self.line.desk.database.run(lambda session: rings.take(session, waiting[0], colleague))
        except (rings.Gone, rings.CannotTake):
            pass
