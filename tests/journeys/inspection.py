"""What can be said of any page: its faults for people with assistive technology, its width, its weight, its ids."""

import gzip
from collections import Counter
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: The themes differ in their colors alone, so the dark one is asked for what depends on them.
RULES: dict[Theme, dict[str, Any]] = {
    "light": {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]},
    "dark": {
        "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
        "resultTypes": ["violations"],
    },
}
WIDTHS = (320, 360, 768, 1280)
IDS = "[...document.querySelectorAll('[id]')].map(each => each.id)"
LOADED = """[...performance.getEntriesByType('resource').map(each => each.name),
  ...[...document.querySelectorAll('link[rel=icon]')].map(each => each.href)]"""
# Who stands out of the page on the right: named, because a number alone doesn't tell where to look.
TOO_WIDE = """
() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.body.querySelectorAll('*')]
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
  .map(each => each.tagName + '.' + each.className).slice(0, 5).concat(`${document.documentElement.scrollWidth} px`)
"""


def open_whole(page: Page, path: str) -> None:
    """Opens a page and waits for the small request that follows most of them: what it brings is judged as well."""
    page.goto(path)
    page.locator("#cart-widget b, body:not(:has([hx-get][hx-trigger=load]))").first.wait_for(state="attached")


def axe_faults(page: Page) -> list[str]:
    """Every violation of axe's rules in both themes, with the first places where it is."""
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        found += axe_faults_in(page, theme)
    page.emulate_media(color_scheme="light")
    return found


def axe_faults_in(page: Page, theme: Theme, *, without: str = "") -> list[str]:
    """The same in the theme in which the page is shown; `without` is what was looked at before, as a selector."""
    found = []
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    where = {"include": [["html"]], "exclude": [[without]] if without else []}
    for violation in page.evaluate("([where, rules]) => axe.run(where, rules)", [where, RULES[theme]])["violations"]:
        places = ", ".join(node["html"][:160] for node in violation["nodes"][:3])
        found.append(f"{page.url} {theme} {violation['id']}: {violation['help']}: {places}")
    return found


def width_faults(page: Page) -> list[str]:
    """What makes the page scroll sideways, at each width."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wide: list[Any] = page.evaluate(TOO_WIDE)
        found += [f"{page.url} at {width}: {each}" for each in wide]
    return found


def doubled_ids(page: Page) -> list[str]:
    """Ids that more than one element has."""
    counted = Counter(page.evaluate(IDS))
    return [f"{page.url}: #{name}" for name, times in counted.items() if times > 1]


class Scales:
    """Weighs what a page loads, as it goes over the wire in production: there every text is sent compressed, while the
    development server leaves that out for static files."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.known: dict[str, int] = {}

    def weigh(self) -> int:
        """The compressed size, in bytes, of the page that is open and of everything it loaded."""
        return sum(self._size(address) for address in {self.page.url, *self.page.evaluate(LOADED)})

    def _size(self, address: str) -> int:
        if address not in self.known:
            self.known[address] = len(gzip.compress(self.page.request.get(address).body(), compresslevel=6))
        return self.known[address]
