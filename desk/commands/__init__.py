"""What operators type after `meldpunt`: one file a command. `app` puts them together with those of the other parts."""

import click

from desk.commands.audit import audit
from desk.commands.backup import backup
from desk.commands.context import Refused, Site
from desk.commands.doctor import doctor
from desk.commands.export import export
from desk.commands.keys import keys
from desk.commands.migrate import migrate
from desk.commands.restore import restore
from desk.commands.staff import staff

__all__ = ["OPERATOR_COMMANDS", "Refused", "Site"]

OPERATOR_COMMANDS: tuple[click.Command, ...] = (keys, migrate, staff, doctor, export, backup, restore, audit)
