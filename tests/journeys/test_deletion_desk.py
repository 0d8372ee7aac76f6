"""The desk of deletion requests in a real browser: for everybody, and by keyboard."""

import re
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import inspection, people
from tests.journeys.conftest import Visit
from tests.journeys.running_shop import RunningShop

QUEUE = "/admin/privacy/deletionrequest/"
ASK = """
from datetime import timedelta
from privacy import clock, deletion_requests
from accounts.models import User
from privacy.erasure import plans
support = User.objects.get(email="support@example.com")
made = []
for name, days in (("first", 27), ("second", 22), ("third", 1)):
    made.append(deletion_requests.receive(
        channel="mail", address=f"{name}-%(mark)s@customer.example", sender="Kim", title="Please", language="en",
        text="Please delete my data.", reasons=["“delete” with “data” (English)"], hints={"spf": "pass"},
        received_at=clock.now() - timedelta(days=days), is_doubtful=name == "third",
    ))
second = deletion_requests.prove(deletion_requests.token(made[1].tokens.latest("id")), way="link")
plans.renew(second.pk, by=support)
print(*(request.pk for request in made))
"""


@pytest.fixture
def requests(shop: RunningShop) -> list[str]:
    """Three requests, the next deadline first; the second is planned, the third doubtful."""
    return shop.shell(ASK % {"mark": token_hex(3)}).split()


def _support(shop: RunningShop, page: Page) -> Page:
    people.sign_in(page, "support@example.com", shop.password, path="/admin/")
    return page


def test_the_pages_suit_everybody(shop: RunningShop, visit: Visit, requests: list[str]) -> None:
    page = _support(shop, visit(viewport={"width": 1280, "height": 900}).open())
    first, second, third = requests
    faults: list[str] = []
    for path in (
        *(QUEUE, f"{QUEUE}add/", f"{QUEUE}search/"),
        *(f"{QUEUE}{number}/change/" for number in (first, second, third)),
        *(f"{QUEUE}{second}/refuse/", f"{QUEUE}{second}/extend/", f"{QUEUE}{second}/find/", f"{QUEUE}{third}/take-up/"),
    ):
        for theme in inspection.THEMES:
            page.emulate_media(color_scheme=theme)
            page.goto(path)
            expect(page.locator("html")).to_have_class("dark" if theme == "dark" else "")
            faults += [f"{path} {fault}" for fault in inspection.axe_faults_in(page, theme)]
        faults += inspection.width_faults(page)
        page.set_viewport_size({"width": 1280, "height": 900})
    assert "\n".join(faults) == ""


@pytest.mark.promise("P12c")
@pytest.mark.parametrize("width", [360, 1280])
def test_support_carries_a_request_through_without_javascript(
    width: int, shop: RunningShop, visit: Visit, requests: list[str]
) -> None:
    page = _support(shop, visit(java_script_enabled=False, viewport={"width": width, "height": 900}).open())
    _, planned, doubtful = requests
    page.goto(QUEUE)
    main = page.locator("body")
    expect(page.get_by_role("link", name=re.compile(f"D-{int(doubtful):06d}"))).to_be_visible()

    page.goto(f"{QUEUE}{doubtful}/change/")
    page.get_by_role("link", name="It is a request").click()
    page.get_by_role("button", name=re.compile("^Take .* up and ask for proof$")).click()
    expect(main).to_contain_text("Taken up.")

    page.goto(QUEUE)
    page.get_by_role("link", name=re.compile(f"D-{int(planned):06d}")).click()
    page.get_by_role("link", name=re.compile("^Approve")).click()
    page.wait_for_url(lambda url: not url.endswith("/change/"))
    if page.get_by_role("heading", name="Show that it is you").count():
        page.get_by_label("Password", exact=True).fill(shop.password)
        page.get_by_role("button", name="Go on").click()
    page.locator("form[method=post] button[type=submit]").last.click()
    expect(main).to_contain_text("Approved.")
    page.goto(f"{QUEUE}{planned}/change/")
    expect(main).to_contain_text("Approved: Plan 1")  # the worker goes on by itself, at once or in a moment


@pytest.mark.promise("P12c")
def test_from_the_queue_to_a_case_and_on_to_the_next_by_keyboard(
    shop: RunningShop, visit: Visit, requests: list[str]
) -> None:
    page = _support(shop, visit(viewport={"width": 1280, "height": 900}).open())
    page.goto(QUEUE)
    expect(page.get_by_role("heading", name=re.compile("requests? needs? you$"))).to_be_visible()
    numbers = [f"D-{int(number):06d}" for number in requests]
    for _ in range(page.locator("#result_list th a").count()):
        page.keyboard.press("j")
        if numbers[0] in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{QUEUE}{requests[0]}/change/"))
    page.wait_for_load_state()  # a key that is pressed before its script is there is lost
    page.keyboard.press("j")
    expect(page).not_to_have_url(re.compile(f"/{requests[0]}/change/"))
    page.wait_for_load_state()
    page.keyboard.press("k")
    expect(page).to_have_url(re.compile(f"{QUEUE}{requests[0]}/change/"))
    page.wait_for_load_state()
    page.get_by_label("Note for colleagues").press("u")  # a letter typed in a field is a letter
    expect(page).to_have_url(re.compile(f"{QUEUE}{requests[0]}/change/"))
    page.get_by_label("Note for colleagues").blur()
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile(f"{QUEUE}$"))
