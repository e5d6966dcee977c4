"""The demonstration's own pages: where to phone, mail, set the clock, and look on."""

import smtplib
from datetime import date, datetime, time
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from demo import mailbox
from demo.clockface import PRESETS, face, preset
from demo.folder import Folder
from demo.people import PASSWORD, PEOPLE, STAFF, Person, person
from desk.layout import STATIC, STYLES
from hours import Calendar, at_local

HERE = Path(__file__).parent
CSP = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
MOST_BYTES = 10_000_000
FALLBACK = "/terugval.xml"


def create_demo(folder: Folder, *others: Blueprint) -> Flask:
    """The demonstration's web application; `others` are the telephone's pages and the carrier's REST face."""
    app = Flask("demo", template_folder=str(HERE / "templates"), static_folder=str(STATIC))
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.extensions["folder"] = folder
    for blueprint in (pages, *others):
        app.register_blueprint(blueprint)
    app.before_request(_only_from_here)
    app.after_request(_with_headers)
    app.context_processor(
        lambda: {"desk_url": folder.desk_url, "face": _face(), "presets": PRESETS, "stylesheets": STYLES}
    )
    return app


pages = Blueprint("demo", __name__, static_folder="static", static_url_path="/demo-static")


@pages.get("/")
def start() -> str:
    """Four doors."""
    done = _folder().samples_done.exists()
    return render_template("demo/start.html", samples_done=done)


@pages.get("/meekijken")
def look_on() -> str:
    """Who can sign in at the desk, and how."""
    return render_template("demo/look_on.html", staff=STAFF, password=PASSWORD)


@pages.get("/mail")
def mail_form() -> str:
    """A mail to the desk, as one of the sample people."""
    return render_template("demo/mail.html", people=PEOPLE, form={"wie": "hanna"}, fault=None)


@pages.post("/mail")
def mail() -> str | AnyResponse:
    """Send the mail over SMTP."""
    form = request.form
    sender = _person_or_404(form.get("wie", "hanna"))
    if not form.get("tekst", "").strip():
        return render_template("demo/mail.html", people=PEOPLE, form=form, fault="Schrijf eerst uw bericht.")
    message = mailbox.write(sender, form.get("onderwerp", ""), form["tekst"], answers=form.get("antwoord", ""))
    for file in request.files.getlist("bijlage"):
        if file.filename:
            main, _, sub = (file.mimetype or "application/octet-stream").partition("/")
            message.add_attachment(file.read(), maintype=main, subtype=sub or "octet-stream", filename=file.filename)
    try:
        mailbox.send(_folder(), message)
    except (OSError, smtplib.SMTPException):
        fault = "De mailserver van de demonstratie antwoordt niet. Probeer het nog een keer."
        return render_template("demo/mail.html", people=PEOPLE, form=form, fault=fault)
    return redirect(url_for("demo.post", wie=sender.key, verstuurd=1))


@pages.get("/post/<wie>")
def post(wie: str) -> str:
    """What one of the sample people received from the desk."""
    owner = _person_or_404(wie)
    mails = mailbox.inbox(_folder(), owner.email)
    sent = "verstuurd" in request.args
    return render_template("demo/post.html", owner=owner, people=PEOPLE, mails=mails, sent=sent)


@pages.post("/klok")
def clock() -> AnyResponse:
    """Set the desk's clock to a preset, or to a day and time."""
    set_clock = _folder().clock
    name = request.form.get("stand", "")
    try:
        if name:
            set_clock.set(preset(name, set_clock.real(), Calendar()))
        else:
            set_clock.set(_typed_moment())
    except (KeyError, ValueError):
        abort(400, "Vul een dag en een tijd in.")
    return redirect(_back())


@pages.route(FALLBACK, methods=["GET", "POST"])
def fallback() -> Response:
    """What the carrier speaks when the desk does not answer: a file, served by another process than the desk."""
    try:
        return Response(_folder().fallback.read_bytes(), mimetype="text/xml")
    except FileNotFoundError:
        abort(404)


def _typed_moment() -> datetime:
    day = date.fromisoformat(request.form.get("dag", ""))
    return at_local(day, time.fromisoformat(request.form.get("tijd", "")))


def _back() -> str:
    back = request.form.get("terug", "/")
    return back if back.startswith("/") and not back.startswith("//") else "/"


def _face() -> object:
    return face(_folder().clock.now(), Calendar())


def _folder() -> Folder:
    folder: Folder = current_app.extensions["folder"]
    return folder


def _person_or_404(key: str) -> Person:
    try:
        return person(key)
    except KeyError:
        abort(404)


def _only_from_here() -> None:
    """Pages of other sites must not set the clock or send mail in somebody's browser."""
    if request.host.partition(":")[0] not in {"127.0.0.1", "localhost"}:
        abort(403)
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)


def _with_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
