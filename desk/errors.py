"""What a person reads when something cannot be done: in Dutch, with what to do next, and never a traceback."""

from dataclasses import dataclass

from flask import Flask, render_template
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException


@dataclass(frozen=True)
class Fault:
    """One page: what happened, and what now."""

    title: str
    advice: str


FAULTS = {
    400: Fault("Dit konden wij niet lezen", "Ga terug en probeer het opnieuw."),
    403: Fault("Dit mag niet", "Deze opdracht kwam niet van een pagina van het meldpunt. Er is niets veranderd."),
    404: Fault("Deze pagina is er niet", "Controleer het nummer of zoek de melding op."),
    405: Fault("Dit kan hier niet", "Ga terug en gebruik de knop op de pagina."),
    409: Fault("Dit is intussen veranderd", "Open de melding opnieuw en kijk wat er veranderde."),
    413: Fault("Dit is te groot", "Maak de tekst of het bestand kleiner en probeer het opnieuw."),
    429: Fault("Dit ging te vaak", "Wacht een kwartier en probeer het dan opnieuw."),
    500: Fault("Er ging iets mis bij ons", "Uw laatste stap is niet opgeslagen. Ga terug en probeer het opnieuw."),
    503: Fault("Het is nu te druk", "Er is niets opgeslagen. Wacht even, ga terug en probeer het opnieuw."),
}

COORDINATORS_ONLY = Fault(
    "Dit kan alleen een coördinator", "Vraag een coördinator om dit te doen. Er is niets veranderd."
)


def add_errors(app: Flask) -> None:
    """Show every fault as a page. It asks nothing of the database, which may be what failed."""
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(OperationalError, _of_database)
    app.register_error_handler(NoConnectionFree, _of_database)


def _of_http(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:  # noqa: PLR2004  a redirect that travels as an exception
        return error
    return page_of(code), code


def _of_database(_error: OperationalError | NoConnectionFree) -> tuple[str, int]:
    return page_of(503), 503


def page_of(code: int) -> str:
    """The page for a status code, for an error of the domain that a part answers itself."""
    fault = FAULTS.get(code) or FAULTS[400 if code < 500 else 500]  # noqa: PLR2004  their fault or ours
    return fault_page(fault, code)


def fault_page(fault: Fault, code: int) -> str:
    """The page for one fault."""
    return render_template("desk/error.html", fault=fault, code=code)
