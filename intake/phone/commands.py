"""`meldpunt phone …`: what an operator does about the telephone line."""

import re
from datetime import timedelta

import click

from desk.commands.context import Refused, Site, pass_site

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
LONGEST = timedelta(days=400)  # the carrier keeps what it knows of a call for 13 months


class Span(click.ParamType[timedelta]):
    """A length of time, as in 90m, 24h or 3d."""

    name = "span"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read it; the command ends with a line otherwise."""
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"([1-9]\d{0,4})([mhd])", str(value), re.ASCII)
        span = timedelta(**{UNITS[match[2]]: int(match[1])}) if match else None
        if span is None or span > LONGEST:
            self.fail(f"{value!r} is no length of time up to {LONGEST.days}d, as in 90m, 24h or 3d", param, ctx)
        return span


@click.group(short_help="Look after the telephone line.")
def phone() -> None:
    """Look after the telephone line: its addresses at the carrier, and calls that did not reach the desk."""


@phone.command(short_help="Bring in what the carrier knows of and the desk does not.")
@click.option("--since", type=Span(), default="24h", show_default=True, help="How far to look back: 90m, 24h, 3d.")
@pass_site
def reconcile(site: Site, since: timedelta) -> None:
    """Compare the desk's calls and recordings with the carrier's own list, and record what is missing.

    `meldpunt work` does the same every quarter of an hour. Run it by hand after an outage. Repeating changes nothing.
    """
    from desk.sender import GiveUp, TryAgain
    from intake.phone.carrier import Carrier
    from intake.phone.reconcile import reconcile as compare

    desk = site.desk()
    if not desk.settings.twilio_account_sid:
        raise Refused("no account is set: MELDPUNT_TWILIO_ACCOUNT_SID and MELDPUNT_TWILIO_AUTH_TOKENS")
    try:
        found = compare(desk, Carrier(desk.settings), since)
    except (TryAgain, GiveUp) as error:
        raise Refused(f"{error}; what had been found before was recorded") from error
    click.echo(
        f"{found.seen} calls at the carrier; recorded now: {found.calls} calls and {found.recordings} recordings "
        f"that were missing; ended: {found.ended} calls whose end was not told."
    )
