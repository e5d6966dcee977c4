"""On which number somebody who called can be called: the one they called with, else one that they keyed in."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from desk.vault import Vault
from intake.phone.models import Call
from triage.models import Contact
from triage.values import Channel


@dataclass(frozen=True)
class Reach:
    """A number (E.164, or the carrier's own address), None when there is none; and its look-up.

    `keyed`: the caller keyed it in and did not confirm it, so that anybody may answer.
    """

    number: str | None = None
    known_as: bytes | None = None
    keyed: bool = False


def reach_of(session: Session, contact: Contact) -> Reach:
    """How to reach who made this call. A contact centre's number, or a withheld one, says nothing about who called."""
    if contact.from_hash is not None:
        return Reach(contact.from_address, contact.from_hash)
    call = session.get(Call, contact.id)
    if call is None or not call.number:
        return Reach()
    vault: Vault = session.info["vault"]
    return Reach(call.number, vault.lookup(Channel.PHONE, call.number), keyed=True)
