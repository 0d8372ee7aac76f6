"""The README's promises about itself: every variable is explained, every link leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
READ_BY_SETTINGS = re.compile(r"environment\.\w+\(\s*\"([A-Z_]+)\"")


def test_every_variable_that_the_settings_read_is_in_the_table_and_no_other() -> None:
    read = set(READ_BY_SETTINGS.findall((ROOT / "config/settings.py").read_text(encoding="utf-8")))
    rows = [line.split("|")[1] for line in README.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)} == read


@pytest.mark.parametrize(
    "document", sorted(path.relative_to(ROOT) for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#\s]+)", text) if not re.match(r"[a-z]+:|/", target)]
    assert [target for target in targets if not (ROOT / document.parent / target).exists()] == []
