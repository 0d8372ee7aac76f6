"""The look of the hosted pages: plain forms that work without JavaScript and say that no money moves."""

from collections.abc import Iterable
from html import escape

from sandbox.countries import COUNTRIES
from sandbox.server import Response

BROKEN_GATEWAY = (
    b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
)

STYLE = b"""
:root {
  color-scheme: light dark;
  --line: #767676; --soft: #f1f1f1; --accent: #1d4ed8; --on-accent: #fff; --alarm: #b42318;
}
@media (prefers-color-scheme: dark) {
  :root { --soft: #262626; --accent: #93b4ff; --on-accent: #0b1220; --alarm: #ff9b8f; }
}
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 30rem; padding: 1rem; }
a { color: var(--accent); }
.notice { background: var(--soft); border-left: .25rem solid var(--accent); padding: .5rem .75rem; }
.error { color: var(--alarm); font-weight: 600; }
dl { display: grid; gap: .25rem 1rem; grid-template-columns: auto 1fr; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
label { display: block; margin: .75rem 0 .25rem; }
input, select, button {
  border: 1px solid var(--line); border-radius: .375rem; box-sizing: border-box; font: inherit;
  padding: .5rem .75rem; width: 100%;
}
button { cursor: pointer; margin-top: .75rem; }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
:focus-visible { outline: .1875rem solid var(--accent); outline-offset: .125rem; }
"""


def page(title: str, body: str, *, status: int = 200) -> Response:
    """`title` is plain text, `body` is HTML."""
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="/_sandbox/page.css"></head>'
        f'<body><main><h1>{escape(title)}</h1><p class="notice" data-testid="sandbox">Sandbox: no money moves.</p>'
        f"{body}</main></body></html>"
    )
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'",
        "Cache-Control": "no-store",
    }
    return Response(status, html.encode(), headers)


def facts(rows: Iterable[tuple[str, str, str]]) -> str:
    """A list of test id, name and value; rows without a value are left out."""
    cells = "".join(
        f'<dt>{escape(name)}</dt><dd data-testid="{test_id}">{escape(value)}</dd>'
        for test_id, name, value in rows
        if value
    )
    return f"<dl>{cells}</dl>"


def text_field(name: str, label: str, value: str, *, autocomplete: str) -> str:
    return (
        f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" data-testid="{name}" '
        f'value="{escape(value)}" autocomplete="{autocomplete}" maxlength="200">'
    )


def country_field(chosen: str, *, name: str = "country", label: str = "Billing country", blank: str = "") -> str:
    """A choice of countries; with `blank` also of none, under these words."""
    options = [("", blank), *COUNTRIES] if blank else COUNTRIES
    return _select(name, label, chosen, options, ' autocomplete="country"' if name == "country" else "")


def choice_field(name: str, label: str, chosen: str, choices: Iterable[str]) -> str:
    """A choice of words that mean themselves."""
    return _select(name, label, chosen, [(choice, choice) for choice in choices])


def _select(name: str, label: str, chosen: str, options: Iterable[tuple[str, str]], more: str = "") -> str:
    drawn = "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{escape(words)}</option>'
        for value, words in options
    )
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<select id="{name}" name="{name}" data-testid="{name}"{more}>{drawn}</select>'
    )


def button(value: str, label: str, *, main: bool = False) -> str:
    """A submit button that sends `do=value`; its test id is the value."""
    kind = ' class="main"' if main else ""
    return f'<button name="do" value="{value}" data-testid="{value}"{kind}>{escape(label)}</button>'


def form(content: str, action: str) -> str:
    return f'<form method="post" action="{escape(action)}">{content}</form>'


def closed() -> Response:
    """Shown where the buyer pays and never comes back."""
    return page(
        "You can close this window", '<p data-testid="closed">The payment is done. Nothing leads back to the shop.</p>'
    )
