"""The page of one act on a ticket: its form alone, or doing it. Shared by every part that adds acts to tickets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from desk.desk import this_desk
from triage.act_forms import Missing
from triage.actions import Refused
from triage.case import changes_since, find_ticket
from triage.marks import Stale
from triage.models import Ticket
from triage.moves import Forbidden, Move
from triage.number import spaced
from triage.rows import title_of
from triage.timeline import days_of
from triage.views.reading import note_reading

TWICE = "Dit was al opgeslagen. Er is niets dubbel gedaan."
NOT_NOW = {
    Move.CLAIM: "Deze melding is afgesloten. Heropen de melding eerst.",
    Move.RELEASE: "Deze melding is afgesloten en van niemand meer.",
    Move.CLOSE: "Deze melding is al afgesloten.",
    Move.REOPEN: "Deze melding is al open.",
    Move.HAND_OVER: "Deze melding is afgesloten. Heropen de melding eerst.",
    Move.TAKE_BACK: "Niemand nam deze melding over.",
}


@dataclass(frozen=True)
class Trouble:
    """Why an act was not done: a sentence per field, a refusal, or a ticket that changed since line `seen`."""

    faults: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    seen: int | None = None


Page = Callable[[Trouble], str]
"""Draws the form on a page of its own, with what was typed and what is wrong."""


def answer(number: str, do: Callable[[], str], page: Page, *, anchor: str = "") -> Response | tuple[str, int]:
    """Show the form (GET), or do the act (POST) and go back to the ticket with the sentence that `do` gives."""
    if request.method == "GET":
        return page(Trouble()), 200
    try:
        said = do()
    except Missing as error:
        return page(Trouble(faults=error.faults)), 422
    except Stale as error:
        return page(Trouble(seen=error.seen)), 409
    except Forbidden as error:
        return page(Trouble(refused=NOT_NOW[error.move])), 409
    except Refused as error:
        return page(Trouble(refused=str(error))), 409
    flash(said, "done")
    return redirect(url_for("triage.ticket", number=number, _anchor=anchor or None), 303)


def page_parts(session: Session, number: str, trouble: Trouble) -> dict[str, object]:
    """What `triage/act_page.html` is drawn from; that somebody reads it is written down. Raises `NoSuchTicket`."""
    ticket: Ticket = find_ticket(session, number)
    note_reading(f"ticket:{number}")
    news = changes_since(session, ticket, trouble.seen) if trouble.seen is not None else []
    return {
        "ticket": ticket,
        "title": title_of(ticket),
        "spaced": spaced(number),
        "typed": request.form,
        "faults": trouble.faults,
        "refused": trouble.refused,
        "stale": trouble.seen is not None,
        "news": days_of(news, this_desk().clock.now()),
    }
