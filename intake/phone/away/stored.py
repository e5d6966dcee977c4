"""What `doctor` says of webhooks that wait on this machine for the database."""

from datetime import datetime, timedelta

from desk.check import Check, Fault
from desk.clock import SystemClock
from desk.settings import Settings
from intake.phone.away.spool import ASIDE, FOLDER, arrived, names_aside, names_waiting

LONGEST_WAIT = timedelta(minutes=1)


def checks(settings: Settings) -> list[Check]:
    """One line about all of them."""
    return [Check("stored calls", lambda: stored_calls(settings, SystemClock().real()))]


def stored_calls(settings: Settings, now: datetime) -> str:
    """Nothing waits longer than a minute, and nothing was set aside for a person. `now`: real time."""
    folder = settings.data_dir / FOLDER
    waiting, aside = names_waiting(folder), names_aside(folder)
    said = []
    if aside:
        said.append(
            f"{len(aside)} set aside in {folder / ASIDE}: calls that are not recorded; keep the files and report it"
        )
    if waiting and arrived(waiting[0]) < now - LONGEST_WAIT:
        since = arrived(waiting[0]).isoformat(timespec="seconds")
        said.append(f"{len(waiting)} wait since {since}; is `meldpunt serve` running on this machine?")
    if said:
        raise Fault("; ".join(said))
    return f"{len(waiting)} about to be recorded" if waiting else "none waits"
