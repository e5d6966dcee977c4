"""Signing in and out with Flask-Security, cut down to that: an account, a password, a session that ends.

Everything it would write goes through `desk.database` instead, so that one module commits and every sign-in is audited.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Flask, after_this_request, current_app, make_response, render_template, request, session
from flask_login import current_user, user_logged_out
from flask_security import (
    LoginForm,
    Security,
    SQLAlchemySessionUserDatastore,
    UserMixin,
    logout_user,
    user_authenticated,
)
from sqlalchemy import inspect
from sqlalchemy.orm import scoped_session, sessionmaker
from werkzeug.wrappers import Response

from desk.accounts import Role, User
from desk.audit import Act, audit
from desk.desk import Desk, this_desk
from desk.kept import PERSON, WHO, Kept, kept_along, sent_here, shut
from desk.own_paths import own_path
from desk.passwords import normal
from desk.person import SIGN_IN, Person, person_or_none
from desk.sign_in_limit import WINDOW, count_attempt, forget_attempts

SINCE = "since"
REMEMBERED = timedelta(days=31)  # who was here last, in their browser
SIGN_OUT = "security.logout"
EMPTY = "Vul uw e-mailadres en uw wachtwoord in."
WRONG = "Het e-mailadres of het wachtwoord klopt niet."
WAIT = "Dit ging te vaak mis. Wacht een kwartier en probeer het dan opnieuw."


class Account(UserMixin, User):  # type: ignore[misc]  # the mixin declares an integer id for type checkers
    """A user as Flask-Security wants one; the same table and rows."""


class Accounts(SQLAlchemySessionUserDatastore):
    """Looks accounts up and never writes."""

    def put(self, model: Any) -> Any:
        """Keep a new hash in memory; `_signed_in` stores it."""
        return model

    def commit(self) -> None:
        """Let go of what was read."""
        self.db.session.rollback()


class SignInForm(LoginForm):
    """Address and password, each try counted before it is looked at. There is no "remember me"."""

    remember = None
    fault: str | None = None
    kept: Kept | None = None

    @property
    def kept_sealed(self) -> str:
        """What was sent too late, as the page carries it along."""
        return self.kept.sealed(_secret()) if self.kept else ""

    def validate(self, **rules: Any) -> bool:
        """Whether somebody may come in; `fault` is what to tell who may not, the same for every reason."""
        email, password = (self.email.data or "").strip(), normal(self.password.data or "")
        self.email.data, self.password.data, self.next.data = email, password, own_path(self.next.data)
        self.kept = kept_along(_secret())
        if not email or not password:
            self.fault = EMPTY
            return False
        if not _counted(email):
            self.fault = WAIT
            return False
        if super().validate(**rules):
            return True
        self.fault = WRONG
        _note_failure(self.user)
        return False


def add_sign_in(app: Flask, desk: Desk) -> None:
    """Give the application its doors /aanmelden and /afmelden, and its answer to who is there."""
    app.config.update(_settings(desk))
    accounts = scoped_session(sessionmaker(desk.database.engine, autoflush=False))
    store = Accounts(accounts, Account, Role)  # type: ignore[arg-type]  # a role without its mixin, which it does not need
    security = Security(app, store, login_form=SignInForm)
    security.want_json(lambda _request: False)
    # Flask-Security would also take a token from a header or the URL: there is one way in.
    security.login_manager.request_loader(lambda _request: None)  # type: ignore[no-untyped-call]
    user_authenticated.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)
    app.extensions["person"] = partial(_person, accounts.remove)
    app.extensions["sent_too_late"] = _sent_too_late

    @app.before_request
    def _second_tab() -> Response | None:
        """Who signs in where they are signed in already, by another tab, still gets what they typed in this one."""
        if request.endpoint != SIGN_IN or request.method != "POST":
            return None
        person, kept = person_or_none(), kept_along(_secret())
        return _waiting(kept, person) if person and kept else None

    @app.teardown_appcontext
    def _let_go(_error: BaseException | None) -> None:
        accounts.remove()


def _person(let_go: Callable[[], None]) -> Person | None:
    """Who this is. Lets go of the connection over which that was read: the page needs one of its own."""
    account = current_user._get_current_object()  # noqa: SLF001  itself, not the proxy that follows the request
    if not isinstance(account, Account):
        return None
    user: User = account  # whose id is a UUID, whatever the mixin says
    person = Person(user.id, user.name, frozenset(role.name for role in user.roles))
    desk = this_desk()
    age = desk.clock.real().timestamp() - session.get(SINCE, 0)
    over = age > desk.settings.session_hours * 3600
    if over:
        logout_user()
    let_go()
    return None if over else person


def _sent_too_late() -> tuple[str, int]:
    """The sign-in in place of the page that a form was sent to; the form goes along."""
    form = SignInForm(formdata=None)
    form.kept = sent_here(_secret(), _cookie())
    return render_template("desk/sign_in.html", login_user_form=form), 401


def _signed_in(_app: Flask, user: Account, **_how: object) -> None:
    desk = this_desk()
    now = desk.clock.real()
    session.permanent = True
    session[SINCE] = now.timestamp()
    rehashed = inspect(user).attrs.password.history.has_changes()
    with desk.database.writing() as writing:
        stored = writing.get_one(User, user.id)
        stored.last_login_at, stored.current_login_at = stored.current_login_at, now
        stored.login_count = (stored.login_count or 0) + 1
        if rehashed:
            stored.password = user.password
        forget_attempts(writing, stored.email, request.remote_addr or "")
        audit(writing, Act(f"user:{stored.id}", "sign_in", f"user:{stored.id}", origin="web"))
    after_this_request(partial(_go_on, user))


def _go_on(user: User, response: Response) -> Response:
    """On to where one was going: Flask-Security would take `next` as the browser sent it."""
    kept = kept_along(_secret())
    if kept:
        response = _waiting(kept, Person(user.id, user.name))
    else:
        response.location = own_path(request.form.get("next")) or "/"
    who, secure = shut(_secret(), str(user.id), PERSON), bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(_cookie(), who, max_age=REMEMBERED, secure=secure, httponly=True, samesite="Lax")
    return response


def _waiting(kept: Kept, me: Person) -> Response:
    return make_response(render_template("desk/kept.html", kept=kept, me=me))


def _secret() -> bytes:
    return this_desk().vault.ring.derived("session", "kept form")


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-{WHO}"


def _signed_out(_app: Flask, user: Account, **_how: object) -> None:
    """End the session for good. Its cookie could have been copied, and dropping it here would not end the copy."""
    if request.endpoint != SIGN_OUT:
        return  # it ran out by itself, as its copies do; a newer session of the same person goes on
    with this_desk().database.writing() as writing:
        stored = writing.get_one(User, user.id)
        stored.fs_uniquifier = secrets.token_hex(32)
        audit(writing, Act(f"user:{stored.id}", "sign_out", f"user:{stored.id}", origin="web"))


def _counted(email: str) -> bool:
    origin = request.remote_addr or ""
    allowed = this_desk().database.run(lambda writing: count_attempt(writing, email, origin))
    if not allowed:
        after_this_request(_ask_to_wait)
    return allowed


def _ask_to_wait(response: Response) -> Response:
    response.status_code = 429
    response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return response


def _note_failure(user: UserMixin | None) -> None:
    whom = f"user:{user.id}" if user else "user:unknown"
    with this_desk().database.writing() as writing:
        audit(writing, Act("nobody", "sign_in", whom, "refused", "web"))


def _settings(desk: Desk) -> dict[str, object]:
    settings, ring = desk.settings, desk.vault.ring
    https = settings.public_url.startswith("https:")
    return {
        "SECRET_KEY": ring.derived("session", "session cookie").hex(),
        "SECURITY_PASSWORD_SALT": ring.derived("session", "password salt").hex(),
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
        "SECURITY_LOGIN_URL": "/aanmelden",
        "SECURITY_LOGOUT_URL": "/afmelden",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGOUT_VIEW": "/aanmelden",
        "SECURITY_LOGIN_USER_TEMPLATE": "desk/sign_in.html",
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_FRESHNESS": timedelta(seconds=-1),  # no second question for the password, so no page for it
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_CACHE_CONTROL": None,  # desk.security_headers says it for every page
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "WTF_CSRF_ENABLED": False,  # desk.csrf guards every form, this one too, and cannot expire
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        "SESSION_REFRESH_EACH_REQUEST": False,
        "SESSION_COOKIE_NAME": "__Host-meldpunt" if https else "meldpunt",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
    }
