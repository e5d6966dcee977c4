"""`meldpunt phone …`: what an operator does about the telephone line."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from desk.commands.context import Refused, Site, pass_site
from desk.urls import without_secrets

if TYPE_CHECKING:
    from desk.database import Database
    from intake.phone.carrier.client import Carrier, CarrierNumber, NumberUrls

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
    from intake.phone.carrier.client import Carrier
    from intake.phone.carrier.reconcile import reconcile as compare

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


@phone.command(short_help="Write the desk's addresses to its number at the carrier.")
@click.option("--dry-run", is_flag=True, help="Only show what would be written, and try the test request.")
@pass_site
def setup(site: Site, *, dry_run: bool) -> None:
    """Write where calls, callbacks and the fallback go to the number at the carrier (the setting `phone_number`).

    First a signed test request is sent to public_url: `meldpunt serve` must run, with the web server in front. When it
    does not get in, the command says why, writes nothing and ends with 1.
    """
    from desk.sender import GiveUp, TryAgain
    from intake.phone.carrier.client import Carrier
    from intake.phone.carrier.setup import NotReached, check_door, number_urls

    settings, urls = site.settings, number_urls(site.settings)
    if not (settings.twilio_account_sid and settings.phone_number):
        raise Refused("set MELDPUNT_TWILIO_ACCOUNT_SID, MELDPUNT_TWILIO_AUTH_TOKENS and MELDPUNT_PHONE_NUMBER first")
    carrier = Carrier(settings)
    try:
        number = carrier.number()
        _show(number, urls)
        check_door(settings)
        click.echo(f"A signed test request to {settings.public_url}/phone/check gets in.")
        if not dry_run:
            _write(site.desk().database, carrier, number, urls)
    except NotReached as error:
        raise Refused(f"{settings.public_url}/phone/check: {error}. Nothing was written") from error
    except (TryAgain, GiveUp) as error:
        raise Refused(str(error)) from error


@phone.command(short_help="Write what callers hear when the desk cannot be reached.")
@pass_site
def fallback(site: Site) -> None:
    """Write a document to standard output that the carrier speaks when the desk cannot be reached.

    It needs neither the desk nor its database: host it elsewhere, as its first lines tell.
    """
    from intake.phone.carrier.fallback import fallback_document

    click.echo(fallback_document(site.settings.voice).encode(), nl=False)  # UTF-8, as it says of itself


def _show(number: "CarrierNumber", urls: "NumberUrls") -> None:
    click.echo(f"{number.number} ({number.sid})")
    pairs = (("voice", number.urls.voice, urls.voice), ("status", number.urls.status, urls.status))
    for name, before, after in (*pairs, ("fallback", number.urls.fallback, urls.fallback)):
        was = without_secrets(before or "none")
        if after is None or after == before:
            click.echo(f"  {name:<9} {was} (stays)")
        else:
            click.echo(f"  {name:<9} {was}\n            becomes {without_secrets(after)}")
    if number.elsewhere:
        raise Refused(f"calls to this number go to {number.elsewhere}, whatever its addresses say; take that off first")
    if not (urls.fallback or number.urls.fallback):
        click.echo("Callers hear an error of the carrier's when the desk is down: set phone_fallback_url.", err=True)


def _write(database: "Database", carrier: "Carrier", number: "CarrierNumber", urls: "NumberUrls") -> None:
    from desk.audit import Act, audit

    carrier.write_number_urls(number.sid, urls)
    database.run(
        lambda session: audit(session, Act("operator", "set_up_number", f"number:{number.sid}", "ok", "command"))
    )
    click.echo("Written.")
