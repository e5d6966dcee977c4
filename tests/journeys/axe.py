"""What axe finds on a page, in light and dark, wide and narrow; and whether a narrow page must be pushed sideways."""

from collections.abc import Iterator
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

WIDTHS = (1280, 390)
LOOKS: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
RUN = "options => axe.run(document, options)"
# `target-size` is WCAG 2.2 AA, but axe leaves it out unless it is asked for.
EVERY_RULE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
UNFOLD = "document.querySelectorAll('details').forEach(each => each.open = true)"
# What sticks out on the right, if the page can be pushed sideways at all.
TOO_WIDE = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(each => each.tagName.toLowerCase() + "." + each.className)"""


def findings(page: Page) -> list[str]:
    """Every fault of the page as it stands, with everything folded opened; the page must be able to run scripts."""
    page.evaluate(UNFOLD)
    page.evaluate(Axe().axe_script)
    return [finding for width in WIDTHS for finding in _at(page, width)]


def _at(page: Page, width: int) -> Iterator[str]:
    page.set_viewport_size(ViewportSize(width=width, height=900))
    for look in LOOKS:
        page.emulate_media(color_scheme=look)
        yield from _lines(f"{width} {look}", page.evaluate(RUN, EVERY_RULE)["violations"])
    if outside := page.evaluate(TOO_WIDE):
        yield f"{width} the page is too wide: {', '.join(outside[:5])}"


def _lines(look: str, violations: list[dict[str, Any]]) -> Iterator[str]:
    for violation in violations:
        for node in violation["nodes"]:
            summary = " ".join(node["failureSummary"].split())
            yield f"{look} {violation['id']} {node['target']}: {summary}"
