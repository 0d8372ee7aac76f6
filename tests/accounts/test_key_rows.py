"""The rows of a table of keys."""

import pytest

from accounts.key_cards import KeyCard
from accounts.templatetags.key_rows import key_rows

TEXT = "K7RWP-3XHQ9-TMB4V-E2NYC-8DFJ6"


def card(**changes: object) -> KeyCard:
    whole = {
        "id": "key-7",
        "title": "Sheet & Co",
        "words": "Team, 5 seats, no end",
        "mark": "",
        "state": "open",
        "badge": ("open", "Open"),
        "key": TEXT,
        "note": "",
        "open_url": "",
    }
    return KeyCard(**whole | changes)  # type: ignore[typeddict-item]


def test_an_open_key_stands_there_and_can_be_copied() -> None:
    row = key_rows([card()])
    assert row.startswith('<tr id="key-7"><th scope="row">Sheet &amp; Co<br><span class="small">Team, 5 seats, no end')
    assert f'<span class="mono">{TEXT}</span>' in row
    assert f'data-copy="{TEXT}"' in row
    assert 'class="badge open"' in row


def test_a_sealed_key_has_its_link_and_no_text() -> None:
    row = key_rows([card(state="sealed", badge=("sealed", "Sealed"), key="", open_url="/open/?a=1&b=2")])
    assert "Not shown yet" in row
    assert '<a class="link" href="/open/?a=1&amp;b=2">Show' in row
    assert "data-copy" not in row


@pytest.mark.parametrize("state", ["suspended", "revoked", "sealed"])
def test_nothing_can_be_done_with_a_key_that_is_not_usable(state: str) -> None:
    row = key_rows([card(state=state, badge=("revoked", "Revoked"))])
    assert '<td class="end"></td>' in row


def test_a_key_of_any_form_is_escaped() -> None:
    row = key_rows([card(key='<"&>')])
    assert '<span class="mono">&lt;&quot;&amp;&gt;</span>' in row
    assert 'data-copy="&lt;&quot;&amp;&gt;"' in row


def test_each_card_is_a_row() -> None:
    assert key_rows([card(), card(id="key-8")]).count("<tr") == 2
    assert key_rows([]) == ""
