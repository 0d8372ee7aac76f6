"""What the design promises of its style sheets and scripts: small, one place for raw values, nothing inline."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
TEMPLATES = settings.BASE_DIR / "templates"
TOKENS = STATIC / "css" / "tokens.css"
#: The shop's own. The desk's sheet stands on the scale of the admin's framework instead.
SHEETS = [STATIC / "css" / name for name in ("base.css", "parts.css", "pages.css")]
RAW = re.compile(r"#[0-9a-f]{3,8}\b|\brgb|\bhsl|\d(?:px|r?em|pt)\b", re.IGNORECASE)
BREAKPOINTS = {"359px", "599px", "600px", "899px", "900px"}


def _without_queries(css: str) -> str:
    return re.sub(r"@(media|container)[^{]*", "", css)


def test_all_hand_written_css_is_smaller_than_41_kb() -> None:
    assert sum(sheet.stat().st_size for sheet in (STATIC / "css").glob("*.css")) < 41 * 1024


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_raw_colors_and_sizes_stand_in_the_tokens_only(sheet: Path) -> None:
    assert RAW.findall(_without_queries(sheet.read_text())) == []
    assert RAW.findall(TOKENS.read_text()) != []


def test_queries_use_the_same_few_widths() -> None:
    css = "".join(sheet.read_text() for sheet in [*SHEETS, TOKENS])
    assert set(re.findall(r"width: (\d+px)\)", css)) == BREAKPOINTS


def test_every_token_is_used_and_every_used_token_is_defined() -> None:
    css = "".join(sheet.read_text() for sheet in [*SHEETS, TOKENS])
    assert set(re.findall(r"(--[\w-]+):", css)) == set(re.findall(r"var\((--[\w-]+)", css))


def _tokens(theme: str) -> dict[str, str]:
    light, dark = TOKENS.read_text().split("@media screen and (prefers-color-scheme: dark)")
    found = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", light))
    return found | dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", dark)) if theme == "dark" else found


def _luminance(color: str) -> float:
    """Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


GROUNDS = ("paper", "surface", "sunken", "tint")
TEXTS = [(text, ground) for text in ("ink", "muted", "accent", "deep") for ground in GROUNDS]
TEXTS += [(state, f"{state}-tint") for state in ("danger", "warning", "success")]
TEXTS += [("ink", f"{state}-tint") for state in ("danger", "warning", "success")]
TEXTS += [("on", "accent"), ("on", "deep"), ("danger", "paper"), ("danger", "surface")]
EDGES = [("edge", ground) for ground in ("paper", "surface", "sunken")] + [("accent", "tint"), ("danger", "surface")]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_a_contrast_of_4_5_and_edges_of_3(theme: str) -> None:
    token = _tokens(theme)
    ratios = {pair: _contrast(token[f"--{pair[0]}"], token[f"--{pair[1]}"]) for pair in TEXTS + EDGES}
    assert {pair for pair in TEXTS if ratios[pair] < 4.5} == set()
    assert {pair for pair in EDGES if ratios[pair] < 3} == set()


def test_scripts_are_small_modules() -> None:
    lengths = {script.name: len(script.read_text().splitlines()) for script in (STATIC / "js").glob("*.js")}
    assert {name for name, length in lengths.items() if length >= 80} == set()
    assert {"drawer.js", "quantity.js", "toast.js"} <= set(lengths)


def test_no_template_has_inline_style_or_script() -> None:
    """The content security policy refuses both; mails know no style sheets, exports lie on disk."""
    inline = re.compile(r"<style|\sstyle=|\son\w+=|<script(?![^>]*(\ssrc=|\stype=.application/json))", re.IGNORECASE)
    pages = [path for path in TEMPLATES.rglob("*.html") if not {"mails", "email", "admin", "exports"} & set(path.parts)]
    assert {str(path.relative_to(TEMPLATES)) for path in pages if inline.search(path.read_text())} == set()
    assert len(pages) > 60
