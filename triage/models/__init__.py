"""The tables of a ticket's file."""

from triage.models.contact import Attachment, Contact
from triage.models.entry import Entry
from triage.models.term import Term
from triage.models.ticket import Ticket

__all__ = ["Attachment", "Contact", "Entry", "Term", "Ticket"]
