"""One shop and one browser for all journeys, and for each person of a journey a context of that browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from local import chromium
from tests.journeys import running_shop
from tests.journeys.running_shop import RunningShop
from tests.journeys.visitor import Visitor

HERE = Path(__file__).parent
Visit = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All journeys can be left out by `-m "not browser"`."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def shop() -> Iterator[RunningShop]:
    with running_shop.start() as running:
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = chromium.find()
    assert found is not None, chromium.NONE_FOUND
    return browser_type_launch_args | {"executable_path": str(found), "args": list(chromium.FLAGS)}


@pytest.fixture
def visit(shop: RunningShop, new_context: Callable[..., BrowserContext]) -> Iterator[Visit]:
    """Makes visitors of the shop, each in a browser context of its own with the given options of Playwright. After the
    test nothing may have gone wrong in any of them, and only what is declared may be kept there (P4)."""
    visitors: list[Visitor] = []

    def enter(**options: Any) -> Visitor:
        site = options.setdefault("base_url", shop.url)
        context = new_context(locale="en-US", reduced_motion="reduce", **options)
        context.set_default_timeout(15_000)
        visitors.append(Visitor(context, site))
        return visitors[-1]

    yield enter
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []
    assert {name for visitor in visitors for name in visitor.undeclared_cookies()} == set()
    assert {name for visitor in visitors for name in visitor.undeclared_storage()} == set()


@pytest.fixture
def careless_visitor(shop: RunningShop, new_context: Callable[..., BrowserContext]) -> Visitor:
    """A visitor whose complaints the test itself looks at."""
    return Visitor(new_context(base_url=shop.url), shop.url)


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    """One visitor, with a browser as most people have it."""
    return visit(viewport={"width": 1280, "height": 900})
