"""A colleague of a desk that is measured, and their browser."""

import re
import subprocess

import requests

from benchmarks.site import COMMAND, Site

EMAIL, PASSWORD = "iris@meldpunt.example", "een lang verzonnen wachtwoord"


def add_colleague(site: Site) -> None:
    """Give them an account."""
    words = [COMMAND, "staff", "add", EMAIL, "--name", "Iris Bedacht", "--password-stdin"]
    subprocess.run(
        words, env=site.environment, cwd=site.folder, check=True, input=PASSWORD.encode(), stdout=subprocess.DEVNULL
    )


def signed_in(site: Site) -> requests.Session:
    """Their browser, at a desk that runs."""
    browser = requests.Session()
    browser.headers["Sec-Fetch-Site"] = "same-origin"
    page = browser.get(f"{site.url}/aanmelden").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    form = {"email": EMAIL, "password": PASSWORD, "csrf_token": token.group(1) if token else ""}
    browser.post(f"{site.url}/aanmelden", data=form).raise_for_status()
    return browser
