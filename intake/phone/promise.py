"""When a call-back may be promised for: never a moment that two people cannot keep (domain: "Texts", rules)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from hours import Calendar, at_local, local
from routing.promises import BEFORE_CLOSING, SAME_DAY_UNTIL


@dataclass(frozen=True)
class PromiseRule:
    """Local times: until when a call-back is promised for today, and by when on the next working day."""

    same_day_until: time = SAME_DAY_UNTIL
    next_day_by: time = time(12)
    before_closing: timedelta = BEFORE_CLOSING


def promised_by(calendar: Calendar, now: datetime, rule: PromiseRule) -> datetime:
    """The moment, UTC, by which whoever asks now is called back. Raises `NeverOpens`."""
    today = local(now).date()
    closing = calendar.last_closing_on(today)
    if closing and calendar.is_open(now):
        latest = min(at_local(today, rule.same_day_until), closing - rule.before_closing)
        if now <= latest:
            return closing
        return _on_day_of(calendar, calendar.next_opening(closing), rule)
    return _on_day_of(calendar, calendar.next_opening(now), rule)


def _on_day_of(calendar: Calendar, opening: datetime, rule: PromiseRule) -> datetime:
    day = local(opening).date()
    noon, closing = at_local(day, rule.next_day_by), calendar.last_closing_on(day)
    if closing is None:
        raise AssertionError("a day with an opening has a closing")
    return noon if opening < noon <= closing else closing
