"""Who read what: written to the audit log before anybody reads it."""

from desk.audit import Act, audit
from desk.desk import this_desk
from desk.person import this_person


def note_reading(what: str) -> None:
    """This person is shown `what` ("ticket:48217735", "calls") now."""
    act = Act(this_person().actor, "read", what, origin="web")
    this_desk().database.run(lambda writing: audit(writing, act))
