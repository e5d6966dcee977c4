"""Where the demonstration keeps its things, and the settings that its processes run with."""

import secrets
import socket
from dataclasses import dataclass, field
from pathlib import Path

from demo.people import DESK_ADDRESS, DESK_NUMBER
from desk.clock import ShiftedClock
from desk.desk import DEMO_CLOCK
from desk.settings import child_environment

ACCOUNT = "AC" + "de" * 16  # an account at the stand-in, never at a real carrier
MAIL_PASSWORD = "demo"  # noqa: S105  of a mailbox on loopback that lives as long as the demonstration


class PortTaken(Exception):
    """Another program listens where the demonstration wants to."""


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass(frozen=True)
class Folder:
    """One demonstration: its folder, and the desk's port; the demonstration's own page is one port up."""

    path: Path
    port: int
    imap_port: int = field(default_factory=free_port)
    smtp_port: int = field(default_factory=free_port)
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    """With which the stand-in signs; fresh at every start, like the two ports."""

    @property
    def database(self) -> Path:
        """The marked SQLite file."""
        return self.path / "demo.db"

    @property
    def desk_url(self) -> str:
        """Where staff work."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def demo_port(self) -> int:
        """Where the demonstration opens."""
        return self.port + 1

    @property
    def demo_url(self) -> str:
        """The page with the telephone, the mailbox and the clock; the carrier's REST face too."""
        return f"http://127.0.0.1:{self.demo_port}"

    @property
    def clock(self) -> ShiftedClock:
        """The desk's clock, which people may set."""
        return ShiftedClock(self.path / DEMO_CLOCK)

    @property
    def samples_done(self) -> Path:
        """A file that says that the samples were put in."""
        return self.path / "samples-done"

    @property
    def fallback(self) -> Path:
        """The document that speaks when the desk does not answer; `meldpunt phone fallback` writes it."""
        return self.path / "fallback.xml"

    @property
    def settings(self) -> Path:
        """An empty file: the settings of a real desk may lie in the working directory, and must not be read."""
        return self.path / "settings.toml"

    def environment(self) -> dict[str, str]:
        """Every setting of the desk's processes, all on loopback."""
        return child_environment(
            demo=1,
            settings=self.settings,
            database_url=f"sqlite:///{self.database}",
            data_dir=self.path,
            key_file=self.path / "demo.keys",
            public_url=self.desk_url,
            bind=f"127.0.0.1:{self.port}",
            twilio_account_sid=ACCOUNT,
            twilio_auth_tokens=self.token,
            twilio_api_url=self.demo_url,
            phone_number=DESK_NUMBER,
            contact_centre_numbers=DESK_NUMBER,
            imap_url=f"imap://{DESK_ADDRESS.replace('@', '%40')}:{MAIL_PASSWORD}@127.0.0.1:{self.imap_port}/INBOX",
            smtp_url=f"smtp://127.0.0.1:{self.smtp_port}",
            mail_from=DESK_ADDRESS,
            mail_poll_seconds=1,
            log_level="warning",
        )


def check_free(*ports: int) -> None:
    """Raises `PortTaken` for the first port that another program has."""
    for port in ports:
        with socket.socket() as found:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                found.bind(("127.0.0.1", port))
            except OSError as error:
                raise PortTaken(f"port {port} is taken by another program; choose one with --port") from error
