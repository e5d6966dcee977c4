"""What the commands of an operator work on: opened only when one asks, so that `--help` and `doctor` always run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click
from sqlalchemy import MetaData

from desk.desk import Desk
from desk.export import Exporter
from desk.keyring import KeyFault
from desk.settings import Settings, SettingsError, load_settings
from desk.site import WrongDatabase, check_site

if TYPE_CHECKING:
    from desk.check import Checks


class Refused(click.ClickException):
    """Something an operator has to put right; shown as it is, without a traceback, and the command ends with 1."""


class OpenDesk(Protocol):
    """Opens keys and database of a site."""

    def __call__(self, settings: Settings, *, may_make: bool = False) -> Desk:
        """Make a database file only when it may."""


@dataclass(frozen=True)
class Site:
    """One installation. `app` fills it in, because only `app` knows every part."""

    open_desk: OpenDesk
    metadata: Callable[[], MetaData]
    seeds: Callable[[], Mapping[str, Path]]
    exporters: Callable[[], tuple[Exporter, ...]]
    checks: "Callable[[], tuple[Checks, ...]]"

    @cached_property
    def settings(self) -> Settings:
        """The settings of this process. Raises `Refused` with a line for every fault."""
        return self.settings_with()

    def settings_with(self, **given: object) -> Settings:
        """The same where an option of the command wins. Raises `Refused` with a line for every fault."""
        try:
            return load_settings(**given)
        except SettingsError as error:
            raise Refused("these settings are wrong:\n" + "\n".join(f"  {fault}" for fault in error.faults)) from error

    def unchecked_desk(self, *, may_make: bool = False) -> Desk:
        """The desk, whatever its database holds; only when it `may_make` one may there be no database file yet.

        Raises `Refused` without a key file.
        """
        try:
            desk = self.open_desk(self.settings, may_make=may_make)
        except KeyFault as error:
            raise Refused(str(error)) from error
        if context := click.get_current_context(silent=True):
            context.find_root().call_on_close(desk.database.close)
        return desk

    def desk(self) -> Desk:
        """The desk on a database that was migrated and belongs to these keys. Raises `Refused` otherwise."""
        desk = self.unchecked_desk()
        try:
            check_site(desk.database, demo=desk.settings.demo)
        except (KeyFault, WrongDatabase) as error:
            raise Refused(str(error)) from error
        return desk


pass_site = click.make_pass_decorator(Site)
