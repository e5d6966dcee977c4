"""A call as the telephone page shows it: lines in Dutch, and what the network did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import render_template

from demo.carrier.call import Call
from demo.carrier.events import Spoken, Status
from demo.carrier.journal import Alert, Hook, Kind, Turn
from demo.carrier.recording import CHARACTERS_PER_SECOND, speaking_time
from demo.carrier.report import report
from hours import local

ALOUD = frozenset({Kind.SPOKEN, Kind.HEARD})
DANGER = "één, één, twee"
LONGEST_SENTENCE = 1000
SOON_ENOUGH = 8  # seconds within which a caller has to hear what to do in danger
STATES = {Status.RINGING: "gaat over", Status.BUSY: "bezet", Status.NO_ANSWER: "niet aangenomen"}


@dataclass(frozen=True)
class Row:
    """One line on the page. `later`: what is still to be spoken; `note`: small print."""

    kind: Kind
    at: str
    seconds: int
    text: str
    later: str
    note: str
    live: bool
    cut: bool


@dataclass(frozen=True)
class Shown:
    """Everything on the page that changes while one phones."""

    call: Call | None
    rows: Sequence[Row]
    log: str
    hooks: str
    alarms: Sequence[str]
    report: str = ""
    """Everything in order, to be copied."""

    @property
    def running(self) -> bool:
        """Whether the line is open."""
        return self.call is not None and not self.call.status.final

    @property
    def state(self) -> str:
        """In a few words, with the time since the call began."""
        if self.call is None:
            return "nog niet gebeld"
        return f"{_word(self.call)}, {clock(self.call.seconds())}"

    @property
    def hint(self) -> str:
        """What one can do now."""
        if self.call is None:
            return "Kies wie u bent en bel. U leest en hoort hier wat een beller hoort."
        if not self.running:
            return "Het gesprek is voorbij. Kijk mee aan de balie: daar staat het nu ook."
        return _hint(self.call)

    def as_json(self) -> dict[str, object]:
        """For the script; each row is HTML, made by the same template as the page."""
        return {
            "rows": shown_rows(self.rows),
            "said": [row.text + row.later if row.kind in ALOUD else "" for row in self.rows],
            "cut": [row.cut for row in self.rows],
            "state": self.state,
            "hint": self.hint,
            "log": self.log,
            "hooks": self.hooks,
            "report": self.report,
            "alarms": list(self.alarms),
            "running": self.running,
            "call": self.call.sid if self.call else "",
        }


def show(call: Call | None, legs: Sequence[Call], journal: Iterable[Hook], alerts: Iterable[Alert]) -> Shown:
    """What the page shows of a call and the legs that belong to it, or of none."""
    if call is None:
        return Shown(None, (), "", "nog niets", ())
    family = {call.sid, *(leg.sid for leg in legs)}
    hooks = [hook for hook in list(journal) if hook.call_sid in family]
    complaints = [alert for alert in list(alerts) if alert.call_sid in family]
    alarms = [f"Fout {alert.code}: {alert.text}" for alert in complaints]
    log, whole = "\n".join(_logged(hook) for hook in hooks), report(call, legs, hooks, complaints)
    return Shown(call, rows_of(call), log, _counted(len(hooks)), alarms, whole)


def rows_of(call: Call) -> list[Row]:
    """The call so far."""
    now, turns = call.seconds(), list(call.turns)
    warned = next((turn for turn in turns if turn.kind is Kind.SPOKEN and DANGER in turn.text), None)
    return [_row(turn, now, first_warning=turn is warned) for turn in turns]


def shown_rows(rows: Iterable[Row]) -> list[str]:
    """Each as HTML, made by the same template as the page."""
    return [render_template("phone/row.html", row=row) for row in rows]


def clock(seconds: float) -> str:
    """Minutes and seconds, as 0.41."""
    return f"{int(seconds) // 60}.{int(seconds) % 60:02}"


def _row(turn: Turn, now: float, *, first_warning: bool) -> Row:
    spent = now - turn.start if turn.spent is None else turn.spent
    spoken = turn.kind is Kind.SPOKEN
    split = _word_end(turn.text, int(spent * CHARACTERS_PER_SECOND)) if spoken else len(turn.text)
    notes = [_warning(turn, spent)] if first_warning else []
    if not turn.over and spoken:
        notes.append("Het meldpunt praat. U kunt er doorheen toetsen." if turn.open else "Het meldpunt praat.")
    if turn.cut:
        notes.append("Hier onderbroken." if spoken else "")
    return Row(
        turn.kind,
        clock(turn.start),
        int(turn.start),
        turn.text[:split],
        turn.text[split:],
        " ".join(note for note in notes if note),
        live=not turn.over,
        cut=turn.cut,
    )


def _hint(call: Call) -> str:
    """What the caller can do in a call that runs."""
    if call.connected_to:
        return "U bent verbonden met het meldpunt. Typ wat u zegt."
    if call.waiting:
        return "U staat in de rij. U kunt op elk moment een toets kiezen."
    if Spoken in call.listens_for:
        return "Het meldpunt neemt op. Typ wat u zegt. Klaar? Toets hekje of hang op."
    if call.listening:
        return "Het meldpunt wacht op uw toets."
    return "Hangt u nu op? Ook dan weet het meldpunt dat u belde. Geen beller raakt kwijt."


def _word(call: Call) -> str:
    if call.status is not Status.IN_PROGRESS:
        return STATES.get(call.status, "opgehangen")
    if call.connected_to:
        return "in gesprek"
    return "in de rij" if call.waiting else "verbonden"


def _counted(number: int) -> str:
    return "1 bericht" if number == 1 else f"{number} berichten"


def _warning(turn: Turn, spent: float) -> str:
    """After how many seconds 112 was said, once it was."""
    length = speaking_time(turn.text[: turn.text.index(DANGER) + len(DANGER)])
    if spent < length:
        return ""
    return f"112 klonk na {turn.start + length:.1f} seconden, grens {SOON_ENOUGH}.".replace(".", ",", 1)


def _word_end(text: str, length: int) -> int:
    """The end of the word that is being spoken at so many characters."""
    end = text.find(" ", max(length, 0))
    return len(text) if end < 0 else end


def _logged(hook: Hook) -> str:
    status = "geen antwoord" if hook.status is None else str(hook.status)
    at = local(hook.at).strftime("%H.%M.%S")
    return f"{at}  {hook.method:<4} {hook.path:<20} {status:>4} {hook.ms:>5.0f} ms   {hook.note}".rstrip()
