"""Recording contacts: every call and mail exactly once, whether or not it needs a person."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.base import new_id
from desk.data_keys import DataKey, new_data_key
from desk.vault import Vault
from triage.models import Contact
from triage.values import Channel, Direction, Outcome


def find_contact(session: Session, channel: Channel, provider_ref: str) -> Contact | None:
    """The contact that the provider knows by this reference, locked against other writers."""
    return session.scalars(
        select(Contact)
        .where(Contact.channel == channel, Contact.provider_ref == provider_ref)
        .with_for_update(of=Contact)
    ).one_or_none()


def new_contact(
    session: Session,
    channel: Channel,
    provider_ref: str,
    *,
    started_at: datetime,
    outcome: Outcome,
    from_address: str | None = None,
    data_key: DataKey | None = None,
) -> Contact:
    """A contact that came in. A second one of the same reference fails on the unique constraint and is rerun."""
    purpose = "call" if channel is Channel.PHONE else "mail"
    contact = Contact(
        id=new_id(),
        channel=channel,
        direction=Direction.IN,
        provider_ref=provider_ref,
        data_key=data_key or new_data_key(session, purpose),
        outcome=outcome,
        started_at=started_at,
    )
    contact.from_address = from_address
    contact.from_hash = address_hash(session, channel, from_address)
    session.add(contact)
    return contact


def address_hash(session: Session, channel: Channel, address: str | None) -> bytes | None:
    """The keyed look-up of a number (E.164) or mail address; None for a withheld one."""
    if not address:
        return None
    vault: Vault = session.info["vault"]
    return vault.lookup(channel.value, address.casefold())
