"""A real Dovecot on this machine: any user name, one password, a mailbox of its own for each."""

import grp
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

from tests.servers.ports import free_port, wait_for_port

PASSWORD = "invented-password"
START_SECONDS = 15

CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
ssl = no
disable_plaintext_auth = no
{identity}
mail_location = maildir:{root}/mail/%u
first_valid_uid = 1
mail_max_userip_connections = 0
service imap-login {{
  {chroot}
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  {chroot}
}}
service stats {{
  {chroot}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={root}/mail/%u
}}
namespace inbox {{
  inbox = yes
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server and how to get in."""

    port: int
    folder: Path

    def url(self, user: str) -> str:
        """The `imap_url` of a user's INBOX; a new name is an empty mailbox."""
        return f"imap://{user}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    @contextmanager
    def client(self, user: str) -> Iterator[Any]:
        """A mail program of this user, logged in."""
        client: Any = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=30)
        try:
            client.login(user, PASSWORD)
            yield client
        finally:
            client.shutdown()

    def deliver(self, user: str, *mails: bytes) -> None:
        """Put mails into the INBOX, as a delivery would."""
        with self.client(user) as client:
            for mail in mails:
                client.append("INBOX", mail)

    def count(self, user: str, folder: str = "INBOX") -> int:
        """How many mails stand in a folder; none in one that nobody made yet."""
        with self.client(user) as client:
            if not client.folder_exists(folder):
                return 0
            return int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])

    def forget_uids(self, user: str) -> None:
        """Lose the index, so that the folder gets a new UIDVALIDITY and its mails other UIDs."""
        home = self.folder / "mail" / user
        for path in (*home.glob("dovecot.index*"), home / "dovecot-uidlist", *home.glob("dovecot.list.index*")):
            path.unlink(missing_ok=True)


@contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    """Start a server on a free port; stop it and leave nothing behind. Works as root and as anybody else."""
    folder = Path(tempfile.mkdtemp(prefix="dc", dir="/tmp"))  # short: a socket's path has 108 bytes at most
    process: subprocess.Popen[bytes] | None = None
    try:
        config, port = _configured(folder)
        process = subprocess.Popen([_binary(), "-F", "-c", str(config)], stderr=subprocess.DEVNULL)
        wait_for_port(port, START_SECONDS)
        yield Dovecot(port, folder)
    finally:
        if process is not None:
            process.send_signal(signal.SIGTERM)
            process.wait(START_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _configured(folder: Path) -> tuple[Path, int]:
    root = os.geteuid() == 0
    folder.chmod(0o755)
    mail = folder / "mail"
    mail.mkdir()
    user = "nobody" if root else pwd.getpwuid(os.geteuid()).pw_name
    group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    if root:
        shutil.chown(mail, user, group)
    mine = f"default_internal_user = {user}\ndefault_login_user = {user}\ndefault_internal_group = {group}"
    port = free_port()
    config = folder / "dovecot.conf"
    config.write_text(
        CONFIG.format(
            root=folder,
            port=port,
            password=PASSWORD,
            user=user,
            group=group,
            identity="" if root else mine,
            chroot="" if root else "chroot =",
        )
    )
    return config, port


def _binary() -> str:
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise FileNotFoundError("dovecot is not installed: apt-get install dovecot-imapd")
    return found
