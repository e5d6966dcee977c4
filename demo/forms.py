"""A colleague's browser: signs in at the desk and fills in its forms, as a person would."""

from collections.abc import Mapping

import mechanicalsoup

from demo.people import PASSWORD, Colleague


class NoSuchForm(LookupError):
    """A page does not offer the form that a colleague would fill in."""


class Browser:
    """One signed-in colleague."""

    def __init__(self, desk_url: str, colleague: Colleague) -> None:
        self._url = desk_url
        self._web = mechanicalsoup.StatefulBrowser(soup_config={"features": "lxml"}, raise_on_404=True)
        self._web.session.headers["Sec-Fetch-Site"] = "same-origin"
        self.fill("/aanmelden", "/aanmelden", {"email": colleague.email, "password": PASSWORD})

    def fill(self, page: str, action: str, fields: Mapping[str, str | bool]) -> str:
        """Open a page, fill in the form with this action and send it; returns the path it leads to.

        Raises `NoSuchForm` when the page has none, and `requests.HTTPError` when the desk refuses.
        """
        self._web.open(self._url + page).raise_for_status()
        if self._web.page.select_one(f'form[action="{action}"]') is None:
            raise NoSuchForm(f"{action} on {page}")
        self._web.select_form(f'form[action="{action}"]')
        for name, value in fields.items():
            self._web[name] = value
        answer = self._web.submit_selected()
        answer.raise_for_status()
        return str(self._web.url).removeprefix(self._url)
