"""A browser of one person, and everything in it that went wrong without being seen."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, WebError

from privacy import places

# Chromium repeats every answer from 400 on in its console; what matters of those is judged by `_hear_answer`.
ANSWER_IN_CONSOLE = "Failed to load resource"
STORED = "() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]"


class Visitor:
    """Listens to one browser context from its start. `complaints` holds what a page must never cause: errors of
    scripts, refusals by the content security policy, answers that are missing, and faults of the server."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context = context
        self.site = site
        self.complaints: list[str] = []
        context.on("console", self._hear_console)
        context.on("weberror", self._hear_script_error)
        context.on("response", self._hear_answer)

    def open(self, path: str = "/") -> Page:
        """A new tab with this page."""
        page = self.context.new_page()
        page.goto(path)
        return page

    def undeclared_cookies(self) -> set[str]:
        """Names of cookies of the shop that its list of cookies does not name."""
        declared = {cookie.name for cookie in places.all_of(places.Cookie)}
        return {cookie["name"] for cookie in self.context.cookies(self.site)} - declared

    def undeclared_storage(self) -> set[str]:
        """Names of what scripts keep in this browser for the shop and its inventory does not name."""
        declared = {kept.name for kept in places.all_of(places.BrowserStorage)}
        pages = [page for page in self.context.pages if page.url.startswith(self.site)]
        return {name for page in pages for name in page.evaluate(STORED)} - declared

    def _hear_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and ANSWER_IN_CONSOLE not in message.text:
            where = message.page.url if message.page else ""
            self.complaints.append(f"{where}: {message.text}")

    def _hear_script_error(self, error: WebError) -> None:
        self.complaints.append(f"{error.page.url if error.page else ''}: {error.error}")

    def _hear_answer(self, response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.complaints.append(f"{response.status} {response.request.method} {response.url}")
